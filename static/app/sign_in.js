// A one-time code for the computer: made here without any network from the scanned or typed challenge and the PIN.
import { read, typedChallenge } from "./codes.js";
import { answer } from "./ocra.js";
import { askPin } from "./pin.js";
import { scan } from "./scan.js";
import { fieldError, fill, onPress, onSubmit, say, show, tell, text } from "./screens.js";
import { accounts } from "./store.js";

let home = null;
const field = () => document.getElementById("challenge");
const choice = () => document.getElementById("account");

function scanTheCode() {
  fill("scan", { words: text("scan-sign-in") });
  let stop = () => undefined;
  show("scan", () => stop());
  stop = scan(document.getElementById("camera"), taken, (reason) => tell(`${reason}-sign-in`));
}

function taken(words) {
  const code = read(words);
  if (code.kind === "sign-in") forScanned(code);
  else say(text(code.kind === "other-host" ? "other-host" : "not-this-code"));
  return code.kind === "sign-in";
}

async function forScanned({ challenge, account }) {
  const own = (await accounts()).filter((one) => one.account === account);
  if (own.length === 0) return tell("other-account", { account });
  return own.length === 1 ? ask(own[0], challenge) : type(own, challenge);
}

async function type(own, challenge = "") {
  const list = own || (await accounts());
  choice().replaceChildren(...list.map((one) => new Option(`${one.account} · ${one.name}`, one.device)));
  show("type");
  field().value = challenge;
}

async function typed() {
  const challenge = typedChallenge(field().value);
  if (!challenge) return fieldError(field(), text("challenge-form"));
  const account = (await accounts()).find((one) => String(one.device) === choice().value);
  return ask(account, challenge);
}

function ask(account, challenge) {
  const act = async (pin) => {
    const code = await answer(account.codeKey, challenge, pin);
    fill("code", { code: `${code.slice(0, 4)} ${code.slice(4)}`, account: account.account });
    show("code", () => fill("code", { code: "" }));
  };
  askPin({ words: text("pin-sign-in"), account: `${account.account} · ${account.name}` }, act, home);
}

export function wireSignIn(goHome) {
  home = goHome;
  onPress("accounts", "scan", scanTheCode);
  onPress("accounts", "type", () => type());
  onPress("scan", "cancel", home);
  onPress("type", "cancel", home);
  onPress("code", "home", home);
  onSubmit("type", typed);
}
