"""The table of rights on documents by profile: one row of the profile guide, and the defaults of this portal."""

from __future__ import annotations

from collections.abc import Iterator

from reference_rows import PROFILE_GUIDE, Row

OURS = "default of this portal"
DOCUMENTS = ("CHED-A", "CHED-P", "DOCOM", "EU EXPORT", "EU IMPORT", "INTRA", "AJL", "COI")
ANIMALS_AND_FOOD = ("VETERINARY", "FOOD", "GERMINAL", "ANIMAL_BY_PRODUCTS")
INTRA_CHAPTERS = ("veterinary", "animal_byproducts", "germinal_products", "semen_and_embryo")
OF_TERRITORY = "rw rw rw rw r- rw rw --"
OF_BORDERS = "rw rw r- r- r- r- r- --"
COI_ALONE = "-- -- -- -- -- -- -- rw"
TABLE = (
    *(("LAU", competence, "", OF_TERRITORY, PROFILE_GUIDE) for competence in ANIMALS_AND_FOOD),
    *(("RCA", competence, "", OF_TERRITORY, OURS) for competence in ANIMALS_AND_FOOD),
    *(("BCP", competence, "", OF_BORDERS, OURS) for competence in ANIMALS_AND_FOOD),
    ("BCP", "ORGANIC", "", COI_ALONE, OURS),
    ("CUSTOMS", "", "", "r- r- -- -- r- -- -- r-", OURS),
    ("CCA", "", "", "rw rw rw rw rw rw rw r-", OURS),
    ("operator", "", "responsible", "rw rw r- -- -- r- -- --", OURS),
    *(("operator", "", f"chapter/{chapter}", "r- r- rw -- -- rw rw --", OURS) for chapter in INTRA_CHAPTERS),
    ("operator", "", "organic_importer", COI_ALONE, OURS),
    ("control-body", "", "", COI_ALONE, OURS),
)
"""Holder, competence, activity, the rights in the order of the documents, and who says so."""


def rights() -> Iterator[Row]:
    """One row per profile and document."""
    for holder, competence, activity, line, source in TABLE:
        for document, word in zip(DOCUMENTS, line.split(), strict=True):
            yield {
                "holder": holder, "competence": competence, "activity": activity, "document": document,
                "rights": word, "source": source, "as_of": "",
            }  # fmt: skip
