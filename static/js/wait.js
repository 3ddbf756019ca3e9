// Asks every two seconds whether the telephone has answered; without script the page refreshes itself.
"use strict";

const waiting = document.querySelector("[data-wait-url]");
const STEP_MILLISECONDS = 2000;

async function ask() {
  let answer;
  try {
    answer = await fetch(waiting.dataset.waitUrl, { headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    return askAgain(); // no network for a moment
  }
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const state = isJson ? (await answer.json()).state : "";
  if (state === waiting.dataset.waitState) return askAgain();
  if (state && state === waiting.dataset.waitSubmit) return waiting.querySelector("form").submit();
  return window.location.assign(window.location.href);
}

function askAgain() {
  setTimeout(ask, STEP_MILLISECONDS);
}

ask();
