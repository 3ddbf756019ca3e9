"""Every table belongs to one environment or is shared for a reason, and the schema itself keeps them apart."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import inspect

from portal.database import Base
from portal.environments.scope import EnvironmentScoped
from tests.contracts.sources import PORTAL, module_name, python_files
from tests.makers.rows import a_value, every_model, scoped_models

pytestmark = pytest.mark.static
ONE_PERSON = "one person has one account in all environments"
WORDS = "the same words in all environments"
PROTECTION = "protects accounts and networks, which are the same everywhere"
SHARED = {
    "accounts": ONE_PERSON,
    "registrations": ONE_PERSON,
    "one_time_links": ONE_PERSON,
    "telephones": ONE_PERSON,
    "sign_ins": ONE_PERSON,
    "challenges": ONE_PERSON,
    "factor_challenges": ONE_PERSON,
    "mobile_devices": ONE_PERSON,
    "authenticators": ONE_PERSON,
    "security_keys": ONE_PERSON,
    "eids": ONE_PERSON,
    "recovery_codes": ONE_PERSON,
    "suspensions": "written by the identity half, one row for each environment, which it names",
    "name_changes": ONE_PERSON,
    "email_changes": ONE_PERSON,
    "duty_phones": "numbers are factors of the identity half; each row names its environment",
    "chapters": WORDS,
    "sections": WORDS,
    "activity_types": WORDS,
    "required_identifiers": WORDS,
    "section_activities": WORDS,
    "authority_roles": WORDS,
    "authority_competences": WORDS,
    "organic_product_categories": WORDS,
    "bcp_designations": WORDS,
    "document_right_defaults": WORDS,
    "certificate_definitions": "texts of models by their hash, the same in all environments",
    "counters": PROTECTION,
    "spent_tokens": PROTECTION,
    "audit_events": "events of the identity half belong to no environment; the others name theirs",
    "audit_subjects": "lists of audit events; each names its chain, which is an environment or identity",
    "audit_heads": "one row for each environment and one for identity, named in the row",
    "audit_roots": "each names the environment, or identity, whose day it seals",
    "outgoing_messages": "mails of the identity half belong to no environment; the others name theirs",
    "unwanted_mails": ONE_PERSON,
    "demo_inbox": "what would have left, of all environments; invented people only",
    "data_stamps": "how the whole database was made",
}
MAY_SEE_EVERYTHING = {"portal.cli", "portal.delivery", "portal.demo", "portal.environments", "portal.jobs"}


def test_every_table_is_scoped_or_shared_for_a_reason() -> None:
    scoped = {model.__tablename__ for model in scoped_models()}
    assert scoped | set(SHARED) == set(Base.metadata.tables)
    assert not scoped & set(SHARED)


def test_no_relationship_leads_from_a_shared_to_a_scoped_table() -> None:
    for model in every_model():
        if not issubclass(model, EnvironmentScoped):
            targets = [relation.mapper.class_ for relation in inspect(model).relationships]
            assert not [target for target in targets if issubclass(target, EnvironmentScoped)], model


def test_the_environment_column_knows_no_default_and_no_null() -> None:
    for model in scoped_models():
        column = model.__table__.c.environment
        assert (column.nullable, column.default, column.server_default) == (False, None, None), model


def test_a_link_between_scoped_tables_names_the_environment_too() -> None:
    for model in scoped_models():
        for constraint in model.__table__.foreign_key_constraints:
            if constraint.referred_table.info.get("scoped"):
                assert "environment" in constraint.column_keys, constraint.name


def test_unique_indexes_of_scoped_tables_are_per_environment() -> None:
    for model in scoped_models():
        for index in model.__table__.indexes:
            assert not index.unique or "environment" in index.columns, index.name


def test_the_maker_of_rows_knows_every_table_and_every_type() -> None:
    assert {inspect(model).local_table for model in every_model()} == set(Base.metadata.tables.values())
    for table in Base.metadata.tables.values():
        assert all(a_value(column) is not None for column in table.columns)


def test_the_door_to_every_environment_has_few_keys() -> None:
    for path in python_files(PORTAL):
        if "environments.everywhere" in path.read_text() or "all_environments" in path.read_text():
            name = module_name(path)
            assert any(name == key or name.startswith(f"{key}.") for key in MAY_SEE_EVERYTHING), name


@pytest.mark.parametrize("path", python_files(PORTAL), ids=module_name)
def test_nothing_goes_round_the_session(path: Path) -> None:
    if "migrations" in path.parts or path.name == "migrating.py":
        return
    round_about = {
        "bulk_insert_mappings",
        "bulk_update_mappings",
        "bulk_save_objects",
        "connect",
        "connection",
    }
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr in round_about:
            owner = ast.unparse(node.value)
            assert not owner.endswith(("engine", "session")), f"{path}:{node.lineno} {owner}.{node.attr}"
