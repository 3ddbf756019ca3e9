// Asks the browser for a security key or passkey: options from the form's first address, the answer to its second one.
"use strict";

const form = document.querySelector("form[data-key-options]");
const said = form.querySelector("[data-key-said]");
const isNew = form.dataset.keyKind === "new";
const canUse = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;
let waiting = null;

function say(words, isRefusal = true) {
  said.className = isRefusal ? "field-error" : "hint";
  said.textContent = words;
  said.hidden = !words;
}

async function send(address, answer, signal) {
  const body = new FormData(form);
  if (answer) body.set("answer", JSON.stringify(answer));
  const reply = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, signal });
  if (reply.redirected) {
    window.location.assign(reply.url);
    return null;
  }
  const isJson = (reply.headers.get("Content-Type") || "").includes("json");
  const found = isJson ? await reply.json() : {};
  if (!reply.ok) throw new Error(found.error || form.dataset.keyFailed);
  return found;
}

async function credential(options, more) {
  if (isNew) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey, ...more });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey, ...more });
}

async function ceremony(more) {
  const options = await send(form.dataset.keyOptions, null, more.signal);
  if (!options) return;
  const answer = await credential(options, more);
  const done = await send(form.dataset.keyFinish, answer.toJSON());
  if (done) window.location.assign(done.next);
}

function failed(error) {
  if (error.name === "AbortError") return;
  if (error.name === "InvalidStateError") say(form.dataset.keyKnown);
  else if (error instanceof DOMException) say(form.dataset.keyFailed);
  else say(error.message);
}

async function press(event) {
  event.preventDefault();
  if (waiting) waiting.abort();
  waiting = null;
  say(form.dataset.keyAsking, false);
  try {
    await ceremony({});
  } catch (error) {
    failed(error);
  }
}

// The sign-in page offers passkeys in the list under the name, without a question, where the browser can.
async function offer() {
  if (!form.hasAttribute("data-key-offer")) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  waiting = new AbortController();
  // A late answer would overwrite the cookie in which the name that is sent now is kept.
  document.addEventListener("submit", () => waiting?.abort(), { capture: true });
  ceremony({ mediation: "conditional", signal: waiting.signal }).catch(failed);
}

if (canUse) {
  form.hidden = false;
  form.addEventListener("submit", press);
  offer();
} else if (form.dataset.keyMissing) {
  form.hidden = false;
  form.querySelector("button").hidden = true;
  say(form.dataset.keyMissing);
}
