"""The page of the phone app, its manifest, its worker and its files: what a telephone is given to keep."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from portal.config import ROOT, SettingError, load_settings
from portal.web import language
from portal.web.phone_app import routes
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.page import PageClient

KEPT = re.compile(r"const FILES = (\[.*?\]);")


def kept_by_the_worker(visitor: PageClient) -> list[str]:
    """The addresses that the worker puts by."""
    found = KEPT.search(visitor.get("/app/worker.js").response.text)
    assert found
    return list(json.loads(found[1]))


def spoken(visitor: PageClient, path: str, wanted: str = "") -> str:
    """The language of the page at that address."""
    visitor.headers["Accept-Language"] = wanted or visitor.language
    return str(visitor.get(path).tree.get("lang"))


def test_the_app_is_written_in_the_language_of_the_address_or_of_the_browser(visitor: PageClient) -> None:
    assert spoken(visitor, "/app/fr") == "fr"
    assert spoken(visitor, "/app/", "de-AT, de;q=0.9") == "de"
    assert spoken(visitor, "/app/", "ja") == "en"
    assert visitor.get("/app/xx").status == 404


@pytest.mark.parametrize("path", ["/app/", "/app/fr", "/app/manifest.webmanifest", "/app/worker.js"])
def test_the_app_neither_sets_nor_shows_what_the_cookie_holds(visitor: PageClient, path: str) -> None:
    account = a_user_with_telephone()
    sign_in_browser(visitor, account)
    visitor.set_cookie({"language": "es"})
    answer = visitor.get(path).response
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert account.last_name not in answer.text
    assert 'lang="es"' not in answer.text.partition("<body")[0]


def test_the_camera_is_for_the_app_alone_and_no_script_may_stand_in_a_page(visitor: PageClient) -> None:
    app, home = visitor.get("/app/").response.headers, visitor.get("/").response.headers
    assert "camera=(self)" in app["Permissions-Policy"]
    assert "camera=()" in home["Permissions-Policy"]
    assert "worker-src 'self'" in app["Content-Security-Policy"]
    for headers in (app, home):
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_the_worker_keeps_every_file_and_the_page_in_every_language(visitor: PageClient) -> None:
    kept = kept_by_the_worker(visitor)
    assert {"/app/", *(f"/app/{code}" for code in language.served())} < set(kept)
    assert not [path for path in kept if visitor.http.get(path).status_code != 200]
    page = visitor.get("/app/")
    needed = page.tree.xpath("//script/@src | //link/@href")
    assert len(needed) > 4
    assert set(needed) <= set(kept)


def test_modules_name_only_modules_that_are_there(visitor: PageClient) -> None:
    names = {path.rpartition("/")[2] for path in kept_by_the_worker(visitor)}
    for module in (ROOT / "static" / "app").glob("*.js"):
        imported = re.findall(r'from "\./(.+?)"', module.read_text())
        assert set(imported) <= names, module.name


def test_files_are_stored_for_good_because_a_new_version_has_new_addresses(visitor: PageClient) -> None:
    file = next(path for path in kept_by_the_worker(visitor) if path.endswith("/app.js"))
    answer = visitor.http.get(file)
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert visitor.http.get("/app/").headers["Cache-Control"] == "no-store"
    version = file.split("/")[3]
    for wrong in (file.replace(version, "0" * 16), f"/app/files/{version}/../worker.js", "/app/files/x/y"):
        assert visitor.http.get(wrong).status_code == 404


def test_the_app_works_without_the_second_reader_of_qr_codes(
    visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = tuple(name for name in routes._files() if name != routes.READER)
    monkeypatch.setattr(routes, "_files", lambda: without)
    page = visitor.get("/app/")
    assert page.status == 200
    assert not page.tree.xpath("//script[contains(@src, 'jsQR')]")
    assert not [path for path in kept_by_the_worker(visitor) if "jsQR" in path]


def test_the_manifest_makes_it_an_app_of_its_own(visitor: PageClient) -> None:
    answer = visitor.http.get("/app/manifest.webmanifest")
    manifest: dict[str, Any] = json.loads(answer.text)
    assert answer.mimetype == "application/manifest+json"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/app/", "/app/", "standalone")
    assert all(visitor.http.get(icon["src"]).mimetype == "image/png" for icon in manifest["icons"])


def test_every_text_that_the_scripts_say_stands_in_the_page(visitor: PageClient) -> None:
    texts = {node.get("id") for node in visitor.get("/app/").tree.xpath("//*[starts-with(@id, 'text-')]")}
    scripts = "".join(path.read_text() for path in (ROOT / "static" / "app").glob("*.js"))
    said = set(re.findall(r'\b(?:text|tell)\("([a-z-]+)"', scripts))
    assert len(said) > 12
    assert {f"text-{name}" for name in said} <= texts
    refusals = {"malformed", "refused", "same-browser", "pin", "dropped", "stopped", "number", "over", "wait"}
    assert {f"text-{word}" for word in refusals} <= texts


def test_a_host_of_its_own_is_taken_and_trusted() -> None:
    given = {"PORTAL_MODE": "demo", "PORTAL_APP_URL": "http://127.0.0.1:5999"}
    assert load_settings(given).app_host == "127.0.0.1"
    assert load_settings({"PORTAL_MODE": "demo"}).app_url == "http://localhost:5000"
    with pytest.raises(SettingError, match="PORTAL_APP_URL"):
        load_settings({"PORTAL_MODE": "demo", "PORTAL_APP_URL": "https://app.portal.example"})
