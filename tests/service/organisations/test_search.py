"""The three searches: filters, folding, beginnings, pages by key, what can be asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.environments.environment import Environment, using
from portal.organisations import search
from portal.organisations.models import Organisation
from portal.organisations.queries import authorities_above, is_expired, responsible_authorities, scopes_by_id
from portal.organisations.search import (
    AuthoritySearch,
    ControlBodySearch,
    OperatorSearch,
    is_prefix_only,
    search_authorities,
    search_control_bodies,
    search_operators,
)
from portal.organisations.states import OrganisationState
from portal.paging import Place
from portal.vocabulary import AuthorityRole
from tests.makers.organisations import (
    a_control_body,
    a_country,
    a_scope,
    an_activity,
    an_authority,
    an_operator,
)

pytestmark = pytest.mark.usefixtures("production")


def names(country: str = "BE", **filters: str) -> list[str]:
    """Names of the operators found."""
    return [row.name for row in search_operators(OperatorSearch(country, **filters)).rows]


def test_operators_of_the_country_are_listed_by_their_folded_name() -> None:
    for name in ("zwölf", "Éclair", "ABC test 2"):
        an_operator(name)
    an_operator("Elsewhere", country="FR")
    assert names() == ["ABC test 2", "Éclair", "zwölf"]


@pytest.mark.parametrize("typed", ["eclair", "ÉCLAIR", "clai", "eclair sa", "  Éclair  SA "])
def test_accents_capitals_and_blanks_make_no_difference(typed: str) -> None:
    an_operator("Éclair S.A.")
    an_operator("Another")
    expected = [] if "sa" in typed.lower() else ["Éclair S.A."]
    assert names(text=typed) == expected


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ζεύς Τρόφιμα", "zeys"),
        ("Ζεύς Τρόφιμα", "ΤΡΟΦΙΜΑ"),
        ("Българско мляко", "balgarsko"),
        ("Straße", "strasse"),
    ],
)
def test_another_script_is_found_by_its_letters(name: str, typed: str) -> None:
    an_operator(name)
    assert names(text=typed) == [name]


def test_one_or_two_characters_seek_the_beginning_of_names_only() -> None:
    an_operator("Abbey")
    an_operator("The Abbey")
    assert names(text="ab") == ["Abbey"]
    assert names(text="abb") == ["Abbey", "The Abbey"]
    assert [is_prefix_only(typed) for typed in ("", "a", "é!", "abb")] == [False, True, True, False]


def test_every_word_must_be_there_in_any_order() -> None:
    an_operator("Coöperatie De Hoeve")
    an_operator("Hoeve Zonneland")
    assert names(text="hoeve de") == ["Coöperatie De Hoeve"]


def test_code_and_eori_are_found_too() -> None:
    an_operator("By number", code="BE77001", eori="BED479168518")
    assert names(text="479168") == names(text="be77001") == ["By number"]


@pytest.mark.parametrize("typed", ["%%%", "___", "a%b", '"; DROP', "NOT near(", "\0\0\0", "*", "a" * 500])
def test_signs_of_the_database_are_nothing_but_text(typed: str) -> None:
    an_operator("Plain")
    assert names(text=typed) in ([], ["Plain"])


def test_section_and_activity_narrow_the_list_and_ended_ones_do_not_count() -> None:
    importer, both = an_operator("Importer"), an_operator("Both")
    an_activity(both, None, ("FLEGT", "wood"))
    an_activity(importer, None, ("FLEGT", "wood"), "rejected")
    assert names(section="FLEGT") == names(activity="wood") == ["Both"]
    assert names(section="FLEGT", activity="organic_importer") == []
    assert names(activity="organic_importer") == ["Both", "Importer"]


def test_frequent_words_and_activities_give_the_same_rows_as_rare_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(8):
        an_operator(f"Common {number}")
    rare = names(text="common", activity="organic_importer")
    monkeypatch.setattr(search, "RARE", 3)
    assert names(text="common", activity="organic_importer") == rare
    assert len(rare) == 8


@pytest.mark.parametrize(
    "state", [OrganisationState.SUSPENDED, OrganisationState.REJECTED, OrganisationState.DELETED]
)
def test_closed_operators_are_not_offered_and_new_ones_are(state: OrganisationState) -> None:
    an_operator("Closed", state=state)
    an_operator("Fresh", state=OrganisationState.NEW)
    assert names() == ["Fresh"]


def test_another_environment_has_other_operators() -> None:
    with using(Environment.TRAINING):
        an_operator("Only for training")
    assert names() == names(text="training") == []


def test_a_renamed_operator_is_found_by_its_new_name_only() -> None:
    from portal.database import db

    row = an_operator("Former name")
    row.search_text, row.name_sort = " latter name ", "latter name"
    db.session.commit()
    assert names(text="former") == []
    assert names(text="latter") == ["Former name"]


def test_pages_follow_one_another_without_gap_or_repetition() -> None:
    expected = [an_operator("Same name" if number % 3 else f"Name {number:02}").id for number in range(60)]
    wanted = OperatorSearch("BE")
    first = search_operators(wanted)
    second = search_operators(wanted, Place(after=first.next_key or ""))
    third = search_operators(wanted, Place(after=second.next_key or ""))
    back = search_operators(wanted, Place(before=third.previous_key or ""))

    rows = [row.id for page in (first, second, third) for row in page.rows]
    assert sorted(rows) == expected
    assert len(rows) == 60
    assert [len(page.rows) for page in (first, second, third)] == [25, 25, 10]
    assert [row.id for row in back.rows] == [row.id for row in second.rows]
    assert (back.previous_key, back.next_key) == (second.previous_key, second.next_key)
    assert third.next_key is None


@pytest.mark.parametrize("key", ["", "x", "9" * 30 + ".a", "1.\0", "-1.a", ".", "²."])
def test_a_key_that_nobody_gave_out_leads_to_the_beginning(key: str) -> None:
    an_operator("First")
    assert [row.name for row in search_operators(OperatorSearch("BE"), Place(after=key)).rows] == ["First"]


def test_authorities_are_filtered_by_role_and_competence_and_the_commission_is_not_among_them() -> None:
    country = a_country()
    organic = an_authority(
        "Aalst Customs Authority", AuthorityRole.BCP, above=country.central, competences=["ORGANIC"]
    )

    def found(**filters: str) -> list[Organisation]:
        return list(search_authorities(AuthoritySearch(**{"country": "BE"} | filters)).rows)

    assert organic in found(role="BCP")
    assert found(competence="ORGANIC") == found(text="aalst") == [organic]
    assert found(role="CCA") == [country.central]
    assert found(country="EU") == []


def test_one_body_stands_on_several_rows_by_code_and_country() -> None:
    country, body = a_country(), a_control_body("Quality Partner")
    own = a_scope(body, "BE-BIO-03", supervisor=country.central)
    again = a_scope(body, "BE-BIO-168")
    abroad = a_scope(body, "ID-BIO-168", country="ID")
    rows = search_control_bodies(ControlBodySearch("BE", "quality")).rows
    assert {row.id for row in rows} == {own.id, again.id, abroad.id}
    assert {row.organisation.name for row in rows} == {"Quality Partner"}
    assert [row.code for row in search_control_bodies(ControlBodySearch("ID", "id-bio")).rows] == [
        "ID-BIO-168"
    ]


def test_expired_rows_are_shown_and_marked() -> None:
    today = clock.now().date()
    body = a_control_body()
    over = a_scope(body, valid_until=today - timedelta(days=1))
    last_day = a_scope(body, valid_until=today)
    for_ever = a_scope(body)
    rows = {row.id: row for row in search_control_bodies(ControlBodySearch("BE")).rows}
    assert {number: is_expired(row) for number, row in rows.items()} == {
        over.id: True, last_day.id: False, for_ever.id: False
    }  # fmt: skip
    assert set(scopes_by_id(rows)) == set(rows)


def test_authorities_above_come_nearest_first() -> None:
    country = a_country()
    assert [row.id for row in authorities_above(country.local.id)] == [
        country.regional.id, country.central.id, country.commission.id
    ]  # fmt: skip


def test_those_responsible_for_an_operator_are_named_once_each() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    an_activity(operator, country.local, ("A", "a"))
    an_activity(operator, country.customs, ("B", "b"))
    assert {row.id for row in responsible_authorities(operator.id)} == {country.local.id, country.customs.id}
