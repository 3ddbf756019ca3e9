// Requests of the computer: looked for while the page is seen and online; accepted with number and PIN, or refused.
import { approve, refuse, Refused, waiting } from "./calls.js";
import { answer } from "./ocra.js";
import { isPin, wrongPin } from "./pin.js";
import { fieldError, fill, isShown, onPress, onSubmit, say, show, tell, text } from "./screens.js";
import { accounts } from "./store.js";

const EVERY_MILLISECONDS = 2000;
const NUMBER = /^[0-9]{2}$/;
const QUIET = new Set(["network", "failure", "wait"]);
let shown = null; // {account, request} on the screen
let answering = false; // a request that goes away meanwhile went by the own answer

async function look() {
  const mayLook = isShown("accounts") || isShown("request");
  if (mayLook && navigator.onLine && document.visibilityState === "visible") await ask().catch(() => undefined);
  setTimeout(look, EVERY_MILLISECONDS);
}

async function ask() {
  const found = [];
  for (const account of await accounts()) {
    try {
      found.push(...(await waiting(account)).map((request) => ({ account, request })));
      mark(account, "");
    } catch (error) {
      if (!QUIET.has(error.word)) mark(account, text(error.word === "stopped" ? "stopped" : "unknown"));
    }
  }
  if (isShown("accounts") && found.length) open(found[0]);
  else if (isShown("request") && !answering && !found.some(({ request }) => request.id === shown.request.id)) over();
}

function mark({ device }, words) {
  const place = document.querySelector(`[data-device="${device}"] .mark`);
  if (place && place.textContent !== words) place.textContent = words;
}

function open({ account, request }) {
  shown = { account, request };
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  fill("request", {
    account: request.account,
    purpose: text(`purpose-${request.purpose}`),
    place: request.place,
    browser: request.browser,
    time: time.format(new Date(request.time)),
    environment: text(`environment-${request.environment || "none"}`),
  });
  show("request");
}

function over() {
  shown = null;
  tell("over");
}

async function accept(form) {
  const { number, "request-pin": pin } = form.elements;
  if (!NUMBER.test(number.value)) return fieldError(number, text("number-form"));
  if (!isPin(pin)) return undefined;
  const { account, request } = shown;
  answering = true;
  try {
    const code = await answer(account.codeKey, request.nonce, pin.value);
    await approve(account, request, number.value, code);
    tell("approved");
  } catch (error) {
    if (!wrongPin(pin, error)) failed(error);
  } finally {
    answering = false;
  }
  return undefined;
}

async function decline() {
  answering = true;
  try {
    await refuse(shown.account, shown.request);
    tell("declined-request");
  } catch (error) {
    failed(error);
  } finally {
    answering = false;
  }
}

function failed(error) {
  const word = error instanceof Refused ? error.word : "failure";
  if (word === "network" || word === "wait") say(text(word));
  else tell(word);
}

export function wireRequests() {
  onSubmit("request", accept);
  onPress("request", "refuse", decline);
  look();
}
