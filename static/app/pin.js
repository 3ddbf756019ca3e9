// The screen that asks the PIN; it is handed on and never kept.
import { clearErrors, fieldError, fill, onPress, onSubmit, show, text } from "./screens.js";

const PIN = /^[0-9]{4}$/;
let asking = null;

// `act(pin)` is called with each PIN typed; where it throws a wrong PIN, the screen stays.
export function askPin(facts, act, cancel) {
  asking = { act, cancel };
  fill("pin", facts);
  show("pin", forgetPin);
}

export function isPin(field) {
  if (PIN.test(field.value)) return true;
  fieldError(field, text("pin-form"));
  return false;
}

// Whether the refusal was about the PIN, and is shown at its field now.
export function wrongPin(field, error) {
  if (error.word !== "pin") return false;
  field.value = "";
  fieldError(field, text("pin", { count: error.facts.tries_left ?? "?" }));
  return true;
}

function forgetPin() {
  const form = document.getElementById("pin").form;
  form.reset();
  clearErrors(form);
}

export function wirePin(failed) {
  const field = document.getElementById("pin");
  onSubmit("pin", async () => {
    if (!isPin(field)) return;
    try {
      await asking.act(field.value);
    } catch (error) {
      if (!wrongPin(field, error)) failed(error);
    }
  });
  onPress("pin", "cancel", () => asking.cancel());
}
