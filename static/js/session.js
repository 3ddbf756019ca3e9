// Warns two minutes before the session ends and extends it when asked; without script the server alone decides.
"use strict";

const panel = document.querySelector("[data-session-seconds]");
const clock = panel.querySelector("[data-session-clock]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
const warnSeconds = Number(panel.dataset.sessionWarn);
const full = Number(panel.dataset.sessionSeconds);
let endsAt = 0;

function startAgain(seconds) {
  endsAt = Date.now() + seconds * 1000;
  show();
}

function show() {
  const left = Math.ceil((endsAt - Date.now()) / 1000);
  panel.hidden = left > warnSeconds;
  panel.querySelector("[data-session-warning]").hidden = left <= 0;
  panel.querySelector("[data-session-over]").hidden = left > 0;
  clock.textContent = `${Math.floor(Math.max(left, 0) / 60)}:${String(Math.max(left, 0) % 60).padStart(2, "0")}`;
}

async function extend(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(answer.statusText);
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const seconds = isJson ? (await answer.json()).seconds_left : full;
  startAgain(seconds);
  if (channel) channel.postMessage(seconds);
}

panel.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  extend(event.target).catch(() => event.target.submit());
});

if (channel) {
  channel.addEventListener("message", (event) => startAgain(event.data));
  channel.postMessage(full);
}
startAgain(full);
setInterval(show, 1000);
