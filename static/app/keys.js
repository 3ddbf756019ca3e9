// The keys of this telephone: made here by the browser, never extractable, never sent.
import { ascii, fromBase64url, toBase64url } from "./bytes.js";

const CURVE = "P-256";
const PURPOSE = "traces-portal phone code v1";
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

// Both pairs of one enrolment.
export async function makeKeys() {
  const [agreement, approval] = await Promise.all([
    crypto.subtle.generateKey({ name: "ECDH", namedCurve: CURVE }, false, ["deriveBits"]),
    crypto.subtle.generateKey({ name: "ECDSA", namedCurve: CURVE }, false, ["sign", "verify"]),
  ]);
  return { agreement, approval };
}

export async function publicHalf(pair) {
  return toBase64url(await crypto.subtle.exportKey("raw", pair.publicKey));
}

// The key that answers challenges: agreed with the portal's public key, bound to the one-time token.
export async function codeKey(agreement, portalKey, token) {
  const portal = await crypto.subtle.importKey(
    "raw", fromBase64url(portalKey), { name: "ECDH", namedCurve: CURVE }, false, [],
  );
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: portal }, agreement.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const salt = await crypto.subtle.digest("SHA-256", ascii(token));
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info: ascii(PURPOSE) },
    base,
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign"],
  );
}

export async function sign(key, text) {
  return toBase64url(await crypto.subtle.sign(SIGNING, key, ascii(text)));
}
