"""A foreign time-stamp authority is asked whether it was withdrawn before a file gets its long-term level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.x509 import ReasonFlags
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from portal import clock
from portal.config import Settings
from portal.seals import pades, validating, withdrawals
from portal.seals.stamping import NoStamp
from tests.makers.seals import a_key, a_pdf, a_sealed
from tests.makers.stamp_services import LIST, SERVICE, Foreign, a_foreign_service

# What is in a file does not depend on the database: one is enough, since each seal and verdict costs a second.
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
Use = Callable[[Foreign], Foreign]


@pytest.fixture
def use(settings: Callable[..., Settings], tmp_path: Path) -> Use:
    """Make that authority the one of this installation, which has a folder of keys of its own."""

    def change(foreign: Foreign) -> Foreign:
        settings(
            tsa_url=f"{foreign.address}/",
            tsa_root=foreign.write_root(tmp_path),
            seal_folder=str(tmp_path / "seal"),
        )
        return foreign

    return change


def outcome(pdf: bytes, **more: tuple[str, ...]) -> tuple[str, str]:
    found = validating.verdict(pdf, None if more else "training", **more)
    return found.outcome, found.reason


def kept_in(pdf: bytes) -> tuple[int, int]:
    """How many lists and how many answers of services stand in the file."""
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(pdf)))
    return len(store.crls), len(store.ocsps)


@pytest.mark.parametrize(("says", "path", "more"), [("list", LIST, (1, 0)), ("ocsp", SERVICE, (0, 1))])
def test_what_the_authority_says_stands_in_the_file_which_is_then_checked_without_it(
    says: str, path: str, more: tuple[int, int], use: Use
) -> None:
    with a_foreign_service(says) as foreign:
        use(foreign)
        first = a_sealed()
        assert path not in foreign.asked
        done = pades.extend(first.pdf, a_key())
        assert path in foreign.asked
    assert (first.level, done.level) == ("B-T", "B-LTA")
    assert kept_in(done.pdf) == (kept_in(first.pdf)[0] + more[0], more[1])
    assert outcome(done.pdf) == ("passed", "passed")
    assert outcome(done.pdf, roots=(a_key().root,)) == ("passed", "passed")


@pytest.mark.parametrize("says", ["list", "ocsp"])
@pytest.mark.parametrize("reason", [ReasonFlags.key_compromise, None])
def test_an_authority_that_was_withdrawn_gives_no_level_and_its_stamps_pass_no_more(
    says: str, reason: ReasonFlags | None, use: Use
) -> None:
    with a_foreign_service(says) as foreign:
        use(foreign)
        first = a_sealed()
        assert outcome(first.pdf) == ("passed", "passed")
        foreign.revoked = clock.now() - timedelta(days=30), reason
        with pytest.raises(NoStamp, match="withdrawn"):
            pades.extend(first.pdf, a_key())
        assert outcome(first.pdf) == ("indeterminate", "stamp-withdrawn")
        assert pades.seal(a_pdf(), a_key(), "Test").stamp == "pending"


def test_a_stamp_of_before_an_authority_ended_in_peace_stays_good(use: Use, tmp_path: Path) -> None:
    with a_foreign_service() as foreign:
        use(foreign)
        first = a_sealed()
        done = pades.extend(first.pdf, a_key())
        clock.advance(timedelta(minutes=10))
        foreign.revoked = clock.now() - timedelta(minutes=2), ReasonFlags.superseded
        with pytest.raises(NoStamp):
            pades.extend(done.pdf, a_key())
        assert withdrawals.known()
        for pdf in (first.pdf, done.pdf):
            assert outcome(pdf) == ("passed", "passed")
        with a_foreign_service() as other:
            both = "".join(pades.pem_of(each.root) for each in (foreign, other))
            Path(use(other).write_root(tmp_path)).write_text(both)
            later = pades.extend(done.pdf, a_key())
    assert outcome(later.pdf) == ("passed", "passed")


def test_where_nobody_answers_there_is_no_level_yet_and_later_there_is(use: Use) -> None:
    with a_foreign_service() as foreign:
        use(foreign)
        first = a_sealed()
        foreign.is_away = True
        with pytest.raises(NoStamp, match="nobody says"):
            pades.extend(first.pdf, a_key())
        assert outcome(first.pdf) == ("passed", "passed")
        assert not withdrawals.known()
        foreign.is_away = False
        assert outcome(pades.extend(first.pdf, a_key()).pdf) == ("passed", "passed")


def test_an_authority_that_names_neither_list_nor_service_is_taken_as_it_is(use: Use) -> None:
    with a_foreign_service("") as foreign:
        use(foreign)
        done = pades.extend(a_sealed().pdf, a_key())
        assert set(foreign.asked) == {"/"}
    assert outcome(done.pdf) == ("passed", "passed")


@pytest.mark.parametrize(
    "place", ["ldap://127.0.0.1/list", "file:///etc/passwd", "http://192.0.2.1/list.crl"]
)
def test_a_list_that_is_elsewhere_than_allowed_is_not_fetched(place: str, use: Use) -> None:
    with a_foreign_service(elsewhere=place) as foreign:
        use(foreign)
        with pytest.raises(NoStamp):
            pades.extend(a_sealed().pdf, a_key())


def test_a_list_that_another_one_signed_says_nothing(use: Use) -> None:
    with a_foreign_service() as foreign, a_foreign_service() as other:
        use(foreign)
        first = a_sealed()
        other.revoked = clock.now(), ReasonFlags.key_compromise
        other.own = foreign.own
        foreign.revocation_list = other.revocation_list  # type: ignore[method-assign]
        with pytest.raises(NoStamp, match="nobody says"):
            pades.extend(first.pdf, a_key())
        assert not withdrawals.known()


def test_an_authority_that_changed_its_certificate_is_asked_anew(use: Use) -> None:
    with a_foreign_service() as foreign:
        use(foreign)
        first = a_sealed()
        foreign.renew()
        # How long a stamp is was learnt from the old certificate, and that is the one that was asked about.
        with pytest.raises(NoStamp, match="another certificate"):
            pades.extend(first.pdf, a_key())
        done = pades.extend(first.pdf, a_key())
    assert outcome(done.pdf) == ("passed", "passed")
