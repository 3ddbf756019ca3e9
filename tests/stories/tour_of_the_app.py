"""A walk past the screens of the phone app; part of the tour of every page."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.stories.hands import Someone, goes_to, presses
from tests.stories.words import whole

ADDED = """async () => {
  const base = document.querySelector('script[type=module]').src.replace('app.js', '');
  const [keys, store] = await Promise.all(['keys', 'store'].map((name) => import(`${base}${name}.js`)));
  const { approval } = await keys.makeKeys();
  const codeKey = await crypto.subtle.importKey(
    'raw', new Uint8Array(32), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  for (const device of [1, 2]) {
    await store.keep({ device, account: 'ca***@agri.example', name: `Téléphone de service ${device}`, codeKey,
      approvalKey: approval.privateKey });
  }
}"""
"""Two accounts on this telephone, as if they had been added."""
REQUEST = """async () => {
  const base = document.querySelector('script[type=module]').src.replace('app.js', '');
  const { fill, show, text } = await import(`${base}screens.js`);
  fill('request', { account: 'ca***@agri.example', purpose: text('purpose-step-up'), place: '127.0.0.0/24',
    browser: 'Firefox, Linux', time: '21.11.2026, 08:00', environment: text('environment-acceptance') });
  show('request');
}"""
"""A request as it would arrive."""


def pages_of_the_app(who: Someone) -> Iterator[tuple[str, Someone]]:
    """From «Welcome» to a request; offline, since the portal does not know these telephones."""
    goes_to(who, "/app/")
    _is_at(who, "Welcome")
    yield "app-welcome", who
    presses(who, "Initialise")
    yield "app-prepare", who
    who.page.context.set_offline(True)
    who.page.evaluate(ADDED)
    presses(who, "Cancel")
    _is_at(who, "Accounts on this phone")
    yield "app-accounts", who
    presses(who, "Type what the computer shows")
    presses(who, "Continue")
    yield "app-type-refused", who
    who.page.locator("#challenge").fill("abcde-23456")
    presses(who, "Continue")
    _is_at(who, "PIN code")
    yield "app-pin", who
    who.page.locator("#pin").fill("4071")
    presses(who, "Continue")
    _is_at(who, "Your one-time code")
    yield "app-code", who
    who.page.evaluate(REQUEST)
    presses(who, "Accept")
    yield "app-request-refused", who


def _is_at(who: Someone, text: str) -> None:
    expect(who.page.get_by_role("heading", level=2, name=whole(who.says(text)))).to_be_focused()
