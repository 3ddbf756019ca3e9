// One screen at a time, its heading focused; every word comes from the page, which the portal wrote in one language.

const screens = [...document.querySelectorAll("[data-screen]")];
const said = document.getElementById("said");
let leave = null;

export function screen(name) {
  return screens.find((one) => one.dataset.screen === name);
}

export function isShown(name) {
  return !screen(name).hidden;
}

// Show a screen; `onLeave` runs when another one follows.
export function show(name, onLeave = null) {
  leave?.();
  leave = onLeave;
  say("");
  for (const one of screens) one.hidden = one.dataset.screen !== name;
  const form = screen(name).querySelector("form");
  if (form) clearErrors(form);
  if (form) form.reset();
  screen(name).querySelector("h2").focus();
  window.scrollTo(0, 0);
}

// The text with that name, its places filled: «Tries left: {count}».
export function text(name, values = {}) {
  const found = document.getElementById(`text-${name}`) || document.getElementById("text-failure");
  return found.textContent.trim().replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);
}

// Write facts where the screen has a place for them.
export function fill(name, facts) {
  for (const [key, value] of Object.entries(facts)) {
    for (const place of screen(name).querySelectorAll(`[data-fact="${key}"]`)) place.textContent = value;
  }
}

export function say(words) {
  if (said.textContent !== words) said.textContent = words;
}

export function fieldError(field, words) {
  const place = document.getElementById(`${field.id}-error`);
  place.textContent = words;
  place.hidden = false;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

export function clearErrors(form) {
  for (const place of form.querySelectorAll(".error")) place.hidden = true;
  for (const field of form.elements) field.removeAttribute("aria-invalid");
}

// What a person did not ask for, or how something ended; the button leads on.
export function tell(name, values = {}) {
  const [heading, words] = [`${name}-heading`, name];
  const own = document.getElementById(`text-${heading}`);
  fill("message", { heading: own ? own.textContent.trim() : text("refusal-heading"), words: text(words, values) });
  show("message");
}

export function onPress(name, action, act) {
  screen(name).querySelector(`[data-press="${action}"]`).addEventListener("click", act);
}

// A form is sent once at a time, and only with its required fields filled.
export function onSubmit(name, act) {
  const form = screen(name).querySelector("form");
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    clearErrors(form);
    try {
      await act(form);
    } finally {
      busy = false;
    }
  });
}
