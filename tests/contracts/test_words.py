"""What may stand in no file: leftovers, forbidden names, addresses of registries and of machines, people."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.contracts.sources import PORTAL, ROOT, module_name, project_files, python_files, text_of

pytestmark = pytest.mark.static
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "manager"}
DOT = "."
REGISTRIES = [
    DOT.join(parts)
    for parts in (
        ("pypi", "org"), ("python" + "hosted", "org"), ("registry", "npm" + "js"), ("npm" + "js", "org"),
        ("npm" + "js", "com"), ("yarn" + "pkg", "com"), ("deb", "debian", "org"), ("security", "debian", "org"),
        ("archive", "ubuntu", "com"), ("playwright", "azureedge", "net"), ("cdn", "playwright", "dev"),
        ("un" + "pkg", "com"), ("js" + "delivr", "net"), ("cdn" + "js", "cloudflare", "com"),
        ("fonts", "google" + "apis", "com"),
    )
]  # fmt: skip
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work" + r"|home|root|Users|mnt|tmp/[a-z])/[\w.-]+")
ADDRESS = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
LEFTOVERS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
LOCKED = re.compile(r"requirements/.*(\.txt|package-lock\.json)$")


def own_files() -> list[Path]:
    """Files somebody wrote."""
    return [path for path in project_files() if not LOCKED.search(str(path))]


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Where the pattern stands."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {match.group(0)}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (match := pattern.search(line))
    ]


def test_no_file_names_a_registry_not_even_a_lock() -> None:
    pattern = re.compile("|".join(re.escape(host) for host in REGISTRIES), re.IGNORECASE)
    assert not found(pattern, list(project_files()))


def test_no_file_names_a_place_of_one_machine() -> None:
    assert not found(MACHINE_PATHS, own_files())


def test_nothing_is_left_for_later() -> None:
    assert not found(LEFTOVERS, own_files())


def test_every_mail_address_is_invented() -> None:
    real = []
    for path in own_files():
        for match in ADDRESS.finditer(text_of(path)):
            domain = match.group(1).lower()
            invented = domain.split(".")[-1] in ("example", "test", "invalid", "localhost")
            if path.suffix in (".po", ".pot") and match.group(0).startswith("LL@"):
                continue  # what gettext writes into the head of every new catalogue
            if not invented and domain not in ("example.com", "example.org", "example.net"):
                real.append(f"{path.relative_to(ROOT)}: {match.group(0)}")
    assert not real


def test_no_module_is_named_after_nothing() -> None:
    names = {module_name(path): set(module_name(path).split(".")) for path in python_files(ROOT / "portal")}
    assert not {name for name, parts in names.items() if parts & FORBIDDEN_NAMES}


def test_nothing_prints_but_the_command_line() -> None:
    printing = []
    for path in python_files(PORTAL):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "pprint", "breakpoint"):
                printing.append(f"{module_name(path)}:{node.lineno}")
    allowed = {"portal.serving"}
    assert not [place for place in printing if place.split(":")[0] not in allowed]


def test_only_the_clock_reads_the_time() -> None:
    pattern = re.compile(r"datetime\.(?:now|utcnow|today)\(|date\.today\(|time\.time\(")
    places = found(pattern, [path for path in python_files(PORTAL) if path.name != "clock.py"])
    assert not places


def test_no_template_turns_escaping_off() -> None:
    pattern = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    assert not found(
        pattern, [p for p in project_files() if p.suffix in (".html", ".txt") and "templates" in p.parts]
    )


def test_no_key_and_no_local_data_is_in_the_repository() -> None:
    pattern = re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")
    assert not found(pattern, list(project_files()))
    assert not [path for path in project_files() if path.suffix in (".sqlite3", ".db", ".pem", ".key", ".mo")]
    assert not [path for path in project_files() if "instance" in path.relative_to(ROOT).parts]
