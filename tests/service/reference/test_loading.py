"""Loading the reference tables, again and after the files changed."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.database import db
from portal.reference import files, loading
from portal.reference.loading import load_reference
from portal.reference.models import (
    ActivityType,
    AuthorityRoleWord,
    Chapter,
    DataStamp,
    Section,
    SectionActivity,
)


def test_everything_of_the_files_is_loaded(app: Flask) -> None:
    load_reference()
    loaded = db.session.scalars(select(func.count()).select_from(ActivityType)).one()
    assert loaded == len(files.rows_of("activity_types"))
    importer = db.session.get_one(Section, "ORGANIC IMPORTER")
    assert (importer.chapter_code, importer.active) == ("organic", True)
    assert importer.source.startswith("TRACES NT reference-data web service")
    assert importer.as_of == "2026-05-05"


def test_the_second_run_changes_nothing(app: Flask) -> None:
    load_reference()
    again = load_reference()
    assert all(count.unchanged for count in again.values())
    assert not any(count.added or count.changed or count.ended for count in again.values())


def test_a_changed_name_is_brought_back(app: Flask) -> None:
    load_reference()
    db.session.get_one(Chapter, "organic").name_fr = "autre chose"
    db.session.commit()
    assert load_reference()["chapters"].changed == 1
    assert db.session.get_one(Chapter, "organic").name_fr == "Biologique"


def test_a_row_that_left_the_files_is_no_longer_active(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    load_reference()
    kept = [row for row in files.rows_of("section_activities") if row["section"] != "FLEGT"]
    monkeypatch.setattr(
        loading, "rows_of", lambda name: kept if name == "section_activities" else files.rows_of(name)
    )
    assert load_reference()["section_activities"].ended == 1
    assert not db.session.get_one(SectionActivity, ("FLEGT", "timber_importer")).active
    monkeypatch.undo()
    assert load_reference()["section_activities"].changed == 1
    assert db.session.get_one(SectionActivity, ("FLEGT", "timber_importer")).active


def test_other_names_of_a_role_are_kept_but_not_active(app: Flask) -> None:
    load_reference()
    assert db.session.get_one(AuthorityRoleWord, "BCP").active
    assert not db.session.get_one(AuthorityRoleWord, "PCF").active


def test_the_database_knows_when_it_was_loaded(app: Flask) -> None:
    load_reference()
    assert db.session.get_one(DataStamp, "reference-loaded-at").value.endswith("+00:00")
