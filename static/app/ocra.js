// The answer to a challenge: OCRA (RFC 6287), suite of question and PIN; docs/phone-app.md has its test vector.
import { ascii } from "./bytes.js";

const SUITE = "OCRA-1:HOTP-SHA256-8:QA10-PSHA256";
const QUESTION_BYTES = 128;
const DIGITS = 8;

export async function answer(key, challenge, pin) {
  const suite = ascii(SUITE);
  const hashedPin = new Uint8Array(await crypto.subtle.digest("SHA-256", ascii(pin)));
  const message = new Uint8Array(suite.length + 1 + QUESTION_BYTES + hashedPin.length);
  message.set(suite);
  message.set(ascii(challenge), suite.length + 1);
  message.set(hashedPin, suite.length + 1 + QUESTION_BYTES);
  return digits(await crypto.subtle.sign("HMAC", key, message));
}

function digits(mac) {
  const view = new DataView(mac);
  const offset = view.getUint8(mac.byteLength - 1) & 0x0f;
  const number = view.getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}
