// The calls to the portal; every refusal becomes an error with the portal's word for it.
import { sign } from "./keys.js";

const PATIENCE_MILLISECONDS = 15000;
let portalIsAhead = 0; // milliseconds: telephones' clocks are often wrong

export class Refused extends Error {
  constructor(word, facts) {
    super(word);
    this.word = word;
    this.facts = facts;
  }
}

// Whether the portal answers: a telephone may believe to have a network and reach nothing.
function tellReach(isReached) {
  window.dispatchEvent(new CustomEvent("reach", { detail: isReached }));
}

async function call(path, body, credentials = "omit") {
  let response;
  try {
    response = await fetch(`/app/api/${path}`, {
      method: "POST",
      credentials,
      cache: "no-store",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
  } catch {
    tellReach(false);
    throw new Refused("network", {});
  }
  tellReach(true);
  const time = Date.parse(response.headers.get("Date") || "");
  if (time) portalIsAhead = time - Date.now();
  let facts;
  try {
    facts = await response.json();
  } catch {
    throw new Refused("failure", {});
  }
  if (!response.ok) throw new Refused(facts.error || "failure", facts);
  return facts;
}

// The one call with the cookie: the portal refuses the browser that shows the QR code.
export function enrol(token, codeKey, approvalKey) {
  return call("enrol", { token, code_key: codeKey, approval_key: approvalKey }, "same-origin");
}

export async function showPin(device, key, code) {
  const signature = await sign(key, `TRACES-APP pin ${device} ${code}`);
  return call("enrol/pin", { device, code, signature });
}

export async function accept(device, key, nonce) {
  return call("enrol/accept", { device, signature: await sign(key, `TRACES-APP accept ${device} ${nonce}`) });
}

async function waitingOnce({ device, approvalKey }) {
  const at = Math.floor((Date.now() + portalIsAhead) / 1000);
  const signature = await sign(approvalKey, `TRACES-APP requests ${device} ${at}`);
  return (await call("requests", { device, at, signature })).requests;
}

export async function waiting(account) {
  const before = portalIsAhead;
  try {
    return await waitingOnce(account);
  } catch (error) {
    const clockWasWrong = Math.abs(portalIsAhead - before) > 30000;
    if (error.word === "refused" && clockWasWrong) return waitingOnce(account);
    throw error;
  }
}

export async function approve({ device, approvalKey }, request, number, code) {
  const signature = await sign(approvalKey, `TRACES-APP answer ${request.id} approve ${number} ${request.nonce}`);
  return call(`requests/${request.id}/answer`, { device, answer: "approve", number, code, signature });
}

export async function refuse({ device, approvalKey }, request) {
  const signature = await sign(approvalKey, `TRACES-APP answer ${request.id} refuse - ${request.nonce}`);
  return call(`requests/${request.id}/answer`, { device, answer: "refuse", signature });
}
