"""A tool made to break into databases finds no way in through any parameter of the lists (I-01)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.long.place import Place
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request

pytestmark = pytest.mark.long
SQLMAP = Path(sys.executable).with_name("sqlmap")
LISTS = (
    "/production/role-requests/new/operator?country=BE&section=&activity=organic_exporter&text=frit",
    "/production/role-requests/new/authority?country=BE&role=LAU&competence=&text=loc",
    "/production/role-requests/new/control-body?country=BE&text=kon",
    "/production/validation?kind=operator&country=BE&text=frit&after=1.x",
    "/production/administration/members?which=all&after=1.x",
    "/production/profile?status=none",
)
WORDS = "all tested parameters do not appear to be injectable"


@pytest.mark.parametrize("address", LISTS)
def test_sqlmap_finds_no_parameter_it_can_use(place: Place, tmp_path: Path, address: str) -> None:
    with place.inside():
        country = a_country()
        a_request(an_operator("Frites Exemple", responsible=country.local))
        browser = place.browser_of(a_member(country.commission, administrator=True))
    assert browser.get(address).status == 200
    parameters = ",".join(name for name, _value in parse_qsl(urlsplit(address).query))
    told = subprocess.run(
        [SQLMAP, "-u", f"http://localhost:{place.server.port}{address}", "-p", parameters, "--cookie",
         browser.cookie, "--batch", "--level=1", "--risk=2", "--technique=BEU", "--ignore-code=400,422,429,503",
         "--disable-coloring", "--output-dir", str(tmp_path), "--drop-set-cookie"],
        capture_output=True, text=True, check=False, timeout=600,
    ).stdout  # fmt: skip
    assert WORDS in told, told[-3000:]
    assert browser.get(address).status == 200
