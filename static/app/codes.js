// What stands in the portal's QR codes; anything else is no code of ours.

const MARK = "TRACES-APP";
const CHALLENGE = /^[2-9A-HJKMNP-Z]{10}$/;

// {kind: "enrol", token, key}, {kind: "sign-in", challenge, account}, or {kind: "foreign" | "other-host"}.
export function read(text) {
  const parts = text.split(":");
  const [mark, version] = parts;
  const [first, second] = parts.slice(-2);
  if (mark !== MARK || parts.length < 5) return { kind: "foreign" };
  if (parts.slice(2, -2).join(":") !== window.location.host) return { kind: "other-host" };
  if (version === "E1") return { kind: "enrol", token: first, key: second };
  if (version === "C1" && CHALLENGE.test(first)) return { kind: "sign-in", challenge: first, account: second };
  return { kind: "foreign" };
}

// What was typed, put right; null when it cannot be a challenge.
export function typedChallenge(text) {
  const letters = text.toUpperCase().replace(/[\s-]/g, "");
  return CHALLENGE.test(letters) ? letters : null;
}
