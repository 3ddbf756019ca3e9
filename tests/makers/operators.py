"""Makers of what is typed about operators, and of people who keep them."""

from __future__ import annotations

from typing import Any

from portal.access.actor import Actor
from portal.organisations.registering import Details, NewActivity, proof_of_search
from portal.roles.founding_operator import NewOperator
from tests.makers.organisations import Country

ORGANIC = ("ORGANIC IMPORTER", "organic_importer")
CATTLE = ("BOV-EST", "bovine_establishment")
"""A section whose list authorities keep."""
ANIMALS = ("IMP", "animal_importer")
"""One in which operators register themselves, and name the authority."""
TIMBER = ("FLEGT", "timber_importer")
LOAD = ("RFL", "responsible")
EORI = "BED479168518"


def details(**more: Any) -> Details:
    """Complete details of a Belgian company."""
    values = {
        "name": "Fret Exemple SA", "street": "Rue du Test 1", "postcode": "4120", "city": "Neupré",
        "telephone": "+32 4 555 01 02",
    } | more  # fmt: skip
    return Details(**values)


def a_wish(actor: Actor, country: Country, activity: tuple[str, str] = ANIMALS, **more: Any) -> NewOperator:
    """A new operator in Belgium, found nowhere by a search, whose activity the local authority answers for."""
    named = more.pop("responsible_id", country.local.id)
    first = NewActivity(*activity, named)
    proof = more.pop("proof", None) or proof_of_search(actor.account_id, "BE")
    none_of_these = more.pop("none_of_these", ())
    return NewOperator(proof, details(**more), first, none_of_these)
