// A telephone is added: QR code, PIN, «accept» (scenario D of the portal's specification).
import { accept, enrol, Refused, showPin, waiting } from "./calls.js";
import { read } from "./codes.js";
import { codeKey, makeKeys, publicHalf } from "./keys.js";
import { answer } from "./ocra.js";
import { askPin } from "./pin.js";
import { scan } from "./scan.js";
import { fill, onPress, onSubmit, say, show, tell, text } from "./screens.js";
import { forget, keep } from "./store.js";

let home = null;
let offered = null; // what the person is about to accept

function failed(error) {
  tell(error instanceof Refused ? error.word : "failure");
}

function scanTheCode() {
  fill("scan", { words: text("scan-enrol") });
  let stop = () => undefined;
  show("scan", () => stop());
  stop = scan(document.getElementById("camera"), taken, (reason) => tell(`${reason}-enrol`));
}

function taken(words) {
  const code = read(words);
  if (code.kind === "enrol") begin(code).catch(failed);
  else say(text(code.kind === "other-host" ? "other-host" : "not-this-code"));
  return code.kind === "enrol";
}

async function begin({ token, key }) {
  show("busy");
  const { agreement, approval } = await makeKeys();
  const shared = await codeKey(agreement, key, token);
  const facts = await enrol(token, await publicHalf(agreement), await publicHalf(approval));
  const account = {
    device: facts.device, account: facts.account, name: facts.name, codeKey: shared, approvalKey: approval.privateKey,
  };
  const act = async (pin) => {
    const code = await answer(shared, facts.challenge, pin);
    offer(account, (await showPin(account.device, account.approvalKey, code)).accept);
  };
  askPin({ words: text("pin-enrol"), account: `${facts.account} · ${facts.name}` }, act, home);
}

function offer(account, nonce) {
  offered = { account, nonce };
  fill("accept", account);
  show("accept");
}

// The keys are kept before the portal is told: an answer lost on the way locks nobody out.
async function acceptIt() {
  const { account, nonce } = offered;
  await keep(account);
  try {
    await accept(account.device, account.approvalKey, nonce);
  } catch (error) {
    if (error.word === "network" || error.word === "wait") return say(text(error.word));
    if (!(await isKnown(account))) {
      await forget(account.device);
      return failed(error);
    }
  }
  offered = null;
  await navigator.storage?.persist?.();
  return tell("active", { account: account.account });
}

async function isKnown(account) {
  return waiting(account).then(() => true, () => false);
}

export function wireEnrolment(goHome) {
  home = goHome;
  for (const name of ["welcome", "accounts"]) onPress(name, "initialise", () => show("prepare"));
  onPress("prepare", "continue", scanTheCode);
  onPress("prepare", "cancel", home);
  onSubmit("accept", acceptIt);
  onPress("accept", "cancel", () => {
    offered = null;
    tell("declined");
  });
}
