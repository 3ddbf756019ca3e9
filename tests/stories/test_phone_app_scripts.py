"""The scripts of the phone app in a browser: the test vectors of docs/phone-app.md, its keys, codes and language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, goes_to
from tests.stories.people import Meet, somebody
from tests.stories.phone import Phone, opens_the_app, shows, switched_on
from tests.stories.site import Site

pytestmark = pytest.mark.browser
MODULES = """const base = document.querySelector('script[type=module]').src.replace('app.js', '');
    const [keys, ocra, codes, store] = await Promise.all(
      ['keys', 'ocra', 'codes', 'store'].map((name) => import(`${base}${name}.js`)));"""
TOKEN = "AAECAwQFBgcICQoLDA0ODw"
PORTAL = "BA3MdkjHijEY8mEoZv6D7xn0AwT2IzmeEhGhDys9HAXPMOgCdne8uRKUPpn_cRQOqbwkcTvht1wx_0BUckxPnQA"
PHONE = "BKYvBI82c1mAnC1GwgSdfXvyaMPAc8RydTyxiiSorSCxysz4EEtmZ5XH812sncREs8LGGXgZjEmFmVW5mVbaXts"


@pytest.fixture
def somebody_at_the_app(meet: Meet) -> Someone:
    """The page of the app, open."""
    who = meet("fr")
    goes_to(who, "/app/")
    return who


def computed(who: Someone, script: str, *given: Any) -> Any:
    """What the app's own modules compute."""
    return who.page.evaluate(f"async (given) => {{ {MODULES} {script} }}", list(given))


def test_a_challenge_is_answered_as_the_portal_answers_it(somebody_at_the_app: Someone) -> None:
    script = """const key = await crypto.subtle.importKey('raw', Uint8Array.from({length: 32}, (_, i) => i),
      {name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
      return ocra.answer(key, 'ABCDE23456', '4071');"""
    assert computed(somebody_at_the_app, script) == "15187324"


def test_the_code_key_is_the_one_the_portal_agrees_on(somebody_at_the_app: Someone) -> None:
    script = """const [token, portal, phone, number] = given;
      const bytes = Uint8Array.from(atob(phone.replaceAll('-', '+').replaceAll('_', '/') + '='),
        (letter) => letter.charCodeAt(0));
      const text = (part) => btoa(String.fromCharCode(...part))
        .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      const d = new Uint8Array(32); d[30] = number >> 8; d[31] = number & 255;
      const jwk = {kty: 'EC', crv: 'P-256', x: text(bytes.slice(1, 33)), y: text(bytes.slice(33)), d: text(d)};
      const privateKey = await crypto.subtle.importKey('jwk', jwk, {name: 'ECDH', namedCurve: 'P-256'}, false,
        ['deriveBits']);
      const key = await keys.codeKey({privateKey}, portal, token);
      return [await ocra.answer(key, 'ABCDE23456', '4071'), key.extractable];"""
    assert computed(somebody_at_the_app, script, TOKEN, PORTAL, PHONE, 0x2222) == ["26610307", False]


def test_the_keys_of_the_telephone_cannot_be_read_out(somebody_at_the_app: Someone) -> None:
    script = """const {agreement, approval} = await keys.makeKeys();
      await store.keep({device: 1, account: 'a', name: 'b', approvalKey: approval.privateKey});
      const [kept] = await store.accounts();
      const refused = await crypto.subtle.exportKey('pkcs8', kept.approvalKey).then(() => false, () => true);
      await store.forget(1);
      return [agreement.privateKey.extractable, kept.approvalKey.extractable, refused];"""
    assert computed(somebody_at_the_app, script) == [False, False, True]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("TRACES-APP:E1:{host}:token:key", "enrol"),
        ("TRACES-APP:C1:{host}:ABCDE23456:ca***@agri.example", "sign-in"),
        ("TRACES-APP:C1:{host}:ABCDE2345O:ca***@agri.example", "foreign"),
        ("TRACES-APP:E1:elsewhere.example:token:key", "other-host"),
        ("TRACES-APP:E2:{host}:token:key", "foreign"),
        ("https://{host}/app/", "foreign"),
        ("", "foreign"),
    ],
)
def test_only_codes_of_this_portal_are_taken(somebody_at_the_app: Someone, text: str, kind: str) -> None:
    host = somebody_at_the_app.site.address.partition("://")[2]
    assert computed(somebody_at_the_app, "return codes.read(given[0]).kind;", text.format(host=host)) == kind


def test_the_language_chosen_on_the_telephone_stays(browser: Browser, site: Site, tmp_path: Path) -> None:
    with switched_on(browser, site, "fr", tmp_path) as phone:
        opens_the_app(phone)
        shows(phone, "Welcome")
        phone.page.locator("a[hreflang=de]").click()
        expect(phone.page.locator("html")).to_have_attribute("lang", "de")
        in_german = Phone(phone.page, site, "de", folder=tmp_path)
        shows(in_german, "Welcome")
        opens_the_app(in_german)
        shows(in_german, "Welcome")
        expect(phone.page.locator("html")).to_have_attribute("lang", "de")


def test_the_app_leaves_the_cookie_of_the_portal_alone(meet: Meet) -> None:
    who = somebody(meet, "fr", "+46701740605")
    signs_in_with_sms(who, "/account/devices")
    before = who.page.context.cookies()
    goes_to(who, "/app/de")
    assert who.page.context.cookies() == before
