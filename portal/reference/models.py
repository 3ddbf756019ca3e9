"""Tables of reference data: read-only for people, loaded from the CSV files beside this module."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class ReferenceWord:
    """A coded word with its names; `source` and `as_of` say where it comes from, `active` whether it still counts."""

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    name_en: Mapped[str] = mapped_column(String(300))
    name_fr: Mapped[str] = mapped_column(String(300))
    name_de: Mapped[str] = mapped_column(String(300))
    name_es: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[str] = mapped_column(String(10))
    active: Mapped[bool]

    def name_in(self, language: str) -> str:
        """The name in that language, English where there is none."""
        return getattr(self, f"name_{language}", "") or self.name_en


class Chapter(ReferenceWord, Base):
    """A chapter of the classification: Animal, Food, Organic…"""

    __tablename__ = "chapters"


class Section(ReferenceWord, Base):
    """A section of a chapter; operators are registered in sections. Those `listed` are lists that authorities keep."""

    __tablename__ = "sections"
    chapter_code: Mapped[str] = mapped_column(ForeignKey("chapters.code"), index=True)
    country_scope: Mapped[str] = mapped_column(String(40))
    listed: Mapped[bool]


class ActivityType(ReferenceWord, Base):
    """What an operator can do in a section."""

    __tablename__ = "activity_types"


class SectionActivity(Base):
    """Which activity types a section has."""

    __tablename__ = "section_activities"
    section_code: Mapped[str] = mapped_column(ForeignKey("sections.code"), primary_key=True)
    activity_code: Mapped[str] = mapped_column(
        ForeignKey("activity_types.code"), primary_key=True, index=True
    )
    active: Mapped[bool]


class RequiredIdentifier(Base):
    """A number that operators must have for an activity: `eori` or `vat`."""

    __tablename__ = "required_identifiers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["section_code", "activity_code"],
            ["section_activities.section_code", "section_activities.activity_code"],
        ),
    )
    section_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    activity_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    identifier: Mapped[str] = mapped_column(String(10), primary_key=True)
    active: Mapped[bool]
    source: Mapped[str] = mapped_column(String(300))


class AuthorityRoleWord(ReferenceWord, Base):
    """The names of authority roles: CCA, BCP, customs office…"""

    __tablename__ = "authority_roles"


class Competence(ReferenceWord, Base):
    """The competences of authorities."""

    __tablename__ = "authority_competences"


class ProductCategory(ReferenceWord, Base):
    """Organic product categories A to G; the code is regime and letter, e.g. `834/2007-A`."""

    __tablename__ = "organic_product_categories"


class Designation(ReferenceWord, Base):
    """Codes of what a border control post is designated for."""

    __tablename__ = "bcp_designations"


class DocumentRight(Base):
    """The default right of one profile on one document: `rw`, `r-` or `--`; `source` says who says so."""

    __tablename__ = "document_right_defaults"
    holder: Mapped[str] = mapped_column(String(20), primary_key=True)
    competence: Mapped[str] = mapped_column(String(40), primary_key=True)
    activity: Mapped[str] = mapped_column(String(60), primary_key=True)
    document: Mapped[str] = mapped_column(String(20), primary_key=True)
    rights: Mapped[str] = mapped_column(String(2))
    active: Mapped[bool]
    source: Mapped[str] = mapped_column(String(300))


class DataStamp(Base):
    """How this database was made: its mode (`demo` or `production`) and what was loaded when."""

    __tablename__ = "data_stamps"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
