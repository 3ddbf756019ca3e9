// The phone app: starts, lists the accounts of this telephone, and hands over to what the person chose.
import { wireEnrolment } from "./enrol.js";
import { wirePin } from "./pin.js";
import { wireRequests } from "./requests.js";
import { fill, onPress, onSubmit, screen, show, tell, text } from "./screens.js";
import { wireSignIn } from "./sign_in.js";
import { accounts, forget } from "./store.js";

const LANGUAGE = "traces-phone-app-language";
let removing = null;

async function home() {
  const list = await accounts();
  if (!list.length) return show("welcome");
  screen("accounts").querySelector("ul").replaceChildren(...list.map(entry));
  return show("accounts");
}

function entry(account) {
  const line = document.getElementById("entry").content.cloneNode(true).firstElementChild;
  line.dataset.device = account.device;
  line.querySelector(".name").textContent = account.account;
  line.querySelector(".device").textContent = account.name;
  const button = line.querySelector("button");
  button.setAttribute("aria-label", text("remove-label", { account: account.account }));
  button.addEventListener("click", () => {
    removing = account;
    fill("remove", account);
    show("remove");
  });
  return line;
}

async function remove() {
  await forget(removing.device);
  removing = null;
  await home();
}

function tellTheNetwork(isReached) {
  for (const place of document.querySelectorAll("[data-when]")) {
    place.hidden = (place.dataset.when === "online") !== isReached;
  }
}

function hintForTheHomeScreen() {
  const looksLikeMac = navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1; // so an iPad says
  const isApple = /iPhone|iPad/.test(navigator.userAgent) || looksLikeMac;
  document.getElementById("home-screen").hidden = !isApple || navigator.standalone === true;
}

// The language chosen on this telephone stays: the page of that language is opened the next time.
function rightLanguage() {
  const { lang, dataset } = document.documentElement;
  if (dataset.chosen) localStorage.setItem(LANGUAGE, lang);
  const kept = localStorage.getItem(LANGUAGE);
  const link = kept && kept !== lang && document.querySelector(`a[hreflang="${kept}"]`);
  if (link) window.location.replace(link.href);
  return !link;
}

function works() {
  return Boolean(window.isSecureContext && window.crypto?.subtle && window.indexedDB);
}

// Without a worker the app needs the network to open; everything else works.
function keepOnThePhone() {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.register("/app/worker.js", { scope: "/app/" }).catch(() => undefined);
  navigator.serviceWorker.ready.then(() => {
    document.documentElement.dataset.ready = "yes";
  });
}

async function start() {
  if (!works()) return tell("too-old");
  if (!rightLanguage()) return undefined;
  keepOnThePhone();
  for (const event of ["online", "offline"]) window.addEventListener(event, () => tellTheNetwork(navigator.onLine));
  window.addEventListener("reach", (event) => tellTheNetwork(event.detail));
  tellTheNetwork(navigator.onLine);
  hintForTheHomeScreen();
  wirePin((error) => tell(error.word || "failure"));
  wireEnrolment(home);
  wireSignIn(home);
  onPress("message", "home", home);
  onPress("remove", "cancel", home);
  onSubmit("remove", remove);
  await home();
  return wireRequests();
}

start();
