"""Writes portal/reference/data/*.csv: the rows marked ship=yes of a directory, each with source and date.

Usage: python scripts/make_reference_data.py SHARED_DATA_DIR
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from document_rights import rights
from reference_rows import PROFILE_GUIDE, Names, Row, Sources, read

TARGET = Path(__file__).resolve().parent.parent / "portal" / "reference" / "data"
EVERY_CHAPTER = "other"
"""The chapter of the sections that the source leaves without one (the guide's help calls it Other)."""

ROLE_CODES = {"COM": "COMMISSION", "LCA": "LAU"}
"""Codes of the source that the portal's vocabulary spells differently."""
ROLE_ALIASES = {"PCF": "BCP", "EAO": "BCP", "OPL": "CCA", "LVU": "LAU", "LCP": "LAU"}
"""Other names of a role: kept so that a code met in a list can be explained, never offered as a choice."""
NOT_AUTHORITY_ROLES = {"OCB"}
REQUIRED_IDENTIFIERS = (("ORGANIC IMPORTER", "organic_importer", "eori"),)
PROFILE_COMPETENCES = (("GERMINAL", "Germinal products"), ("ANIMAL_BY_PRODUCTS", "Animal by-products"))
"""Competences that no list gives and that stand in the profile of the guide."""
OLD_REGIME, NEW_REGIME = "834/2007", "2018/848"
GUIDE_ADDRESSES = {
    "BE-BIO-01": ("Av. de l'Escrime 85 Schermlaan", "1150", "Bruxelles (Woluwe-Saint-Pierre)"),
    "BE-BIO-03": ("Rue Hayeneux 62", "4040", "Herstal"),
}
"""Addresses that the registration guide prints beside the two bodies."""


def write(name: str, rows: Iterable[Row]) -> None:
    """One CSV file of the package; its columns are those of its first row."""
    kept = list(rows)
    with (TARGET / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    print(f"{name}: {len(kept)} rows")


class Maker:
    """Turns each researched file into the file of the package."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.sources = Sources()
        self.names = Names()

    def shipped(self, name: str) -> Iterator[Row]:
        """The rows of one file that may be shipped."""
        for row in read(self.directory / f"{name}.csv"):
            if row["ship"] == "yes":
                yield row

    def chapters(self) -> Iterator[Row]:
        """The chapters of the classification, and one for what has none."""
        last: Row = {}
        for last in self.shipped("traces_chapters"):
            yield self.word(last["chapter_code"], last["chapter_name_en"], last)
        yield self.word(EVERY_CHAPTER, "Other", last)

    def word(self, code: str, name: str, row: Row) -> Row:
        """A code with its names."""
        return {"code": code, **self.names.of(name), **self.sources.mark(row)}

    def sections(self) -> Iterator[Row]:
        """The sections; where the source has one code twice, the countries are added to the second."""
        for row in self.shipped("traces_sections"):
            yield {
                "code": self.section_code(row),
                "chapter": row["chapter_code"] or EVERY_CHAPTER,
                "country_scope": row["country_scope"],
                "listed": row["lms"],
                "active": row["active"],
                **self.names.of(row["section_name_en"]),
                **self.sources.mark(row),
            }

    def section_code(self, row: Row) -> str:
        """A code that only this section has: the one for Member States stays as it is in the source."""
        code, scope = row["section_code"], row["country_scope"]
        namesakes = [other for other in self.shipped("traces_sections") if other["section_code"] == code]
        first = min(
            namesakes, key=lambda r: (r["active"] != "true", "EU" not in r["country_scope"].split(";"))
        )
        return code if first["country_scope"] == scope else f"{code}@{scope}"

    def activity_types(self) -> Iterator[Row]:
        """The activity types."""
        for row in self.shipped("traces_activity_types"):
            yield self.word(row["activity_code"], row["activity_name_en"], row)

    def section_activities(self) -> Iterator[Row]:
        """Which activity types a section offers."""
        for row in self.shipped("traces_section_activities"):
            yield {
                "section": self.section_code(row),
                "activity_type": row["activity_code"],
                **self.sources.mark(row),
            }

    def required_identifiers(self) -> Iterator[Row]:
        """The numbers that activities need; the guide names one: «que pour les importateurs […] biologiques»."""
        guide = next(self.shipped("guide_authorities"))
        for section, activity, identifier in REQUIRED_IDENTIFIERS:
            rule = {"section": section, "activity_type": activity, "identifier": identifier}
            yield {**rule, **self.sources.mark(guide)}

    def authority_roles(self) -> Iterator[Row]:
        """The roles of authorities, with the other names under which the sources know them."""
        for row in self.shipped("authority_roles"):
            code = ROLE_CODES.get(row["role"], row["role"])
            offered = code not in ROLE_ALIASES and code not in NOT_AUTHORITY_ROLES
            yield {
                "code": code,
                "source_code": row["role"],
                "alias_of": ROLE_ALIASES.get(code, ""),
                "level": row["level"],
                "offered": "true" if offered else "false",
                **self.names.of(row["name_en"]),
                "note": row["note"],
                **self.sources.mark(row),
            }

    def authority_competences(self) -> Iterator[Row]:
        """What an authority may be competent for."""
        for row in self.shipped("authority_competences"):
            yield self.word(row["code"], row["label_en"], row)
        for code, english in PROFILE_COMPETENCES:
            yield self.word(code, english, {"source": PROFILE_GUIDE, "as_of": ""})

    def document_rights(self) -> Iterator[Row]:
        """What each profile may do with each document, before the Commission says otherwise."""
        for row in rights():
            yield {**row, **self.sources.mark(row)}

    def bcp_designations(self) -> Iterator[Row]:
        """The designation codes of border control posts."""
        for row in self.shipped("bcp_designation_codes"):
            yield {
                "group": row["group"],
                "code": row["code"],
                **self.names.of(row["label_en"]),
                **self.sources.mark(row),
            }

    def border_control_posts(self) -> Iterator[Row]:
        """One row per post and inspection centre; (*) in the source means suspended."""
        for row in self.shipped("border_control_posts"):
            marked = row["name"] + row["inspection_centre"]
            yield {
                "code": row["traces_code"],
                "name": unstarred(row["name"]),
                "country": row["code_prefix"],
                "transport": row["transport_type"],
                "inspection_centre": unstarred(row["inspection_centre"]),
                "product_categories": unstarred(row["product_categories"]),
                "animal_categories": unstarred(row["animal_categories"]),
                "suspended": "true" if "(*)" in marked else "false",
                **self.sources.mark(row),
            }

    def organic_product_categories(self) -> Iterator[Row]:
        """The product categories of organic production, under the old and the new regulation."""
        for row in self.shipped("organic_product_categories"):
            yield {
                "regime": row["regime"],
                "code": row["category"],
                **self.names.of(row["label_en"]),
                **self.sources.mark(row),
            }

    def control_bodies(self) -> Iterator[Row]:
        """Control bodies; those that no source links stay apart, though their names are alike."""
        for row in self.shipped("organic_control_bodies_eu"):
            street, postcode, city = GUIDE_ADDRESSES.get(row["code"], ("", "", ""))
            yield self.body(row, row["code"], row["name"], row["country"], street, postcode, city)
        for row in self.shipped("organic_control_bodies_third_country"):
            key = f"TC-{row['body_number']}"
            yield self.body(
                row, key, row["name"], row["seat_country"], row["address"], website=row["website"]
            )
        for row in self.shipped("organic_control_bodies_recognised_countries"):
            yield self.body(row, row["code"], row["name"], row["country"], website=row["website"])

    def body(
        self, row: Row, key: str, name: str, country: str, street: str = "", postcode: str = "",
        city: str = "", website: str = "",
    ) -> Row:  # fmt: skip
        """One control body."""
        return {
            "key": key, "name": name, "street": street, "postcode": postcode, "city": city,
            "country": country, "website": website, **self.sources.mark(row),
        }  # fmt: skip

    def control_body_scopes(self) -> Iterator[Row]:
        """One row per code, country and categories, with the end of the recognition where it is known."""
        for row in self.shipped("organic_control_bodies_eu"):
            yield self.scope(row, row["code"], row["code"], row["country"], "", NEW_REGIME, "member-state")
        for row in self.shipped("organic_cb_third_country_scopes"):
            recognition = row["recognition"].split()[0]
            regime = NEW_REGIME if recognition == "compliance" else OLD_REGIME
            key, exceptions = f"TC-{row['body_number']}", row["categories_with_equivalence_exception"]
            yield self.scope(row, key, row["code"], row["country"], row["categories"], regime, recognition,
                             row["valid_until"], exceptions)  # fmt: skip
        ends = {
            row["country"]: row["included_until"]
            for row in self.shipped("organic_recognised_third_countries")
        }
        for row in self.shipped("organic_control_bodies_recognised_countries"):
            country = row["country"]
            yield self.scope(row, row["code"], row["code"], country, row["country_categories"], OLD_REGIME,
                             "recognised-country", ends[country])  # fmt: skip

    def scope(
        self, row: Row, body: str, code: str, country: str, categories: str, regime: str, recognition: str,
        valid_until: str = "", exceptions: str = "",
    ) -> Row:  # fmt: skip
        """One scope of a control body."""
        origin = "member-state" if recognition == "member-state" else "third-country"
        return {
            "body": body, "code": code, "country": country, "categories": categories,
            "exceptions": exceptions, "regime": regime, "recognition": recognition, "origin": origin,
            "valid_until": valid_until, **self.sources.mark(row),
        }  # fmt: skip

    def guide_authorities(self) -> Iterator[Row]:
        """The authorities printed in the registration guide."""
        competences = {"Biologique": "ORGANIC", "": ""}
        roles = {"PCF": "BCP", "Bureau de douane": "CUSTOMS"}
        for row in self.shipped("guide_authorities"):
            yield {
                "code": row["code"],
                "name": row["name"],
                "street": row["street"],
                "postcode": row["postcode"],
                "city": row["city"],
                "country": row["country"],
                "role": roles[row["role_label"]],
                "competence": competences[row["competence"]],
                **self.sources.mark(row),
            }


def unstarred(text: str) -> str:
    """Without the mark of suspension, which has its own column."""
    return re.sub(r"\s*\(\*\)", "", text).strip()


FILES = (
    "chapters", "sections", "activity_types", "section_activities", "required_identifiers",
    "authority_roles", "authority_competences", "bcp_designations", "border_control_posts",
    "organic_product_categories",
    "control_bodies", "control_body_scopes", "guide_authorities", "document_rights",
)  # fmt: skip


def main() -> None:
    """Writes every file, then the list of sources."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    TARGET.mkdir(parents=True, exist_ok=True)
    maker = Maker(Path(sys.argv[1]))
    for name in FILES:
        write(name, getattr(maker, name)())
    write("sources", maker.sources.rows())


if __name__ == "__main__":
    main()
