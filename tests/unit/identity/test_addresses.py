"""E-mail addresses: what is refused, what is the same mailbox, what looks like an office's."""

from __future__ import annotations

import pytest

from portal.identity import addresses


@pytest.mark.parametrize(
    "typed",
    ["", "nobody", "a@b", "a b@agri.example", "a@agri.example\r\nBcc: x@y.example", "a@b.example,c@d.example",
     "a@b.example;c@d.example", "<a@agri.example>", "a@agri.example\u200b", "x" * 250 + "@agri.example"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(typed: str) -> None:
    with pytest.raises(addresses.NotAnAddress):
        addresses.checked(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Camille@Agri.Example", "camille@agri.example"),
        ("ca\u0301mille@agri.example", "c\u00e1mille@agri.example"),
        ("camille@b\u00fccher.example", "camille@xn--bcher-kva.example"),
    ],
)
def test_spellings_of_one_mailbox_have_one_key(one: str, other: str) -> None:
    assert addresses.key_of(addresses.checked(one)) == addresses.key_of(addresses.checked(other))


def test_letters_of_another_script_are_another_mailbox() -> None:
    assert addresses.key_of("camille@agri.example") != addresses.key_of("c\u0430mille@agri.example")
    assert addresses.key_of("bill@agri.example") != addresses.key_of("b\u0131ll@agri.example")


@pytest.mark.parametrize(
    "office", ["info", "poststelle", "bcp.perpignan", "contact2", "Import-Service", "no-reply"]
)
def test_addresses_of_offices_are_recognised(office: str) -> None:
    assert addresses.looks_functional(f"{office}@agri.example")


@pytest.mark.parametrize("person", ["camille.exemple", "infante.robin", "c.contacto", "helpern"])
def test_addresses_of_people_are_not_taken_for_offices(person: str) -> None:
    assert not addresses.looks_functional(f"{person}@agri.example")


def test_a_masked_address_keeps_the_domain_and_two_letters() -> None:
    assert addresses.masked("camille@agri.example") == "ca***@agri.example"
