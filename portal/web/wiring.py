"""The site map on one screen: every journey and where it hangs."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from werkzeug.routing import (
    BaseConverter,
    IntegerConverter,
    Map,
    PathConverter,
    UnicodeConverter,
    ValidationError,
)

from portal import config
from portal.environments import environment
from portal.environments.environment import Environment
from portal.paging import LAST_ROW
from portal.web.account.routes import blueprint as account
from portal.web.acting.routes import blueprint as acting
from portal.web.administration.routes import blueprint as administration
from portal.web.audit_trail.routes import blueprint as audit_trail
from portal.web.authenticators.routes import blueprint as authenticators
from portal.web.authorities.routes import blueprint as authorities
from portal.web.batches.routes import blueprint as batches
from portal.web.blanks.routes import blueprint as blanks
from portal.web.certificate_boxes.routes import blueprint as certificate_boxes
from portal.web.certificate_decisions.routes import blueprint as certificate_decisions
from portal.web.certificate_impact.routes import blueprint as certificate_impact
from portal.web.certificate_models.routes import blueprint as certificate_models
from portal.web.certificates.routes import blueprint as certificates
from portal.web.control_bodies.routes import blueprint as control_bodies
from portal.web.deputies.routes import blueprint as deputies
from portal.web.devices.routes import blueprint as devices
from portal.web.directory.routes import blueprint as directory
from portal.web.document_rights.routes import blueprint as document_rights
from portal.web.duty_phones.routes import blueprint as duty_phones
from portal.web.eid_sign_in.routes import blueprint as eid_sign_in
from portal.web.eids.routes import blueprint as eids
from portal.web.exchange.routes import blueprint as exchange
from portal.web.figures.routes import blueprint as figures
from portal.web.key_sign_in.routes import blueprint as key_sign_in
from portal.web.members.routes import blueprint as members
from portal.web.news.routes import blueprint as news
from portal.web.notices.routes import blueprint as notices
from portal.web.operator_activities.routes import blueprint as operator_activities
from portal.web.operator_addresses.routes import blueprint as operator_addresses
from portal.web.operators.routes import blueprint as operators
from portal.web.own_rights.routes import blueprint as own_rights
from portal.web.pages.routes import blueprint as pages
from portal.web.personal_data.routes import blueprint as personal_data
from portal.web.phone_app.routes import blueprint as phone_app
from portal.web.recovery.routes import blueprint as recovery
from portal.web.registration.routes import blueprint as registration
from portal.web.role_requests.routes import blueprint as role_requests
from portal.web.second_factor.routes import blueprint as second_factor
from portal.web.security_keys.routes import blueprint as security_keys
from portal.web.sign_in.routes import blueprint as sign_in
from portal.web.signing.routes import blueprint as signing
from portal.web.switches.routes import blueprint as switches
from portal.web.validation.routes import blueprint as validation
from portal.web.verification.routes import blueprint as verification
from portal.web.work.routes import blueprint as work

IDENTITY = (
    (pages, ""),
    (registration, ""),
    (sign_in, ""),
    (second_factor, ""),
    (account, "/account"),
    (personal_data, "/account"),
    (devices, "/account/devices"),
    (authenticators, "/account/devices/authenticators"),
    (security_keys, "/account/keys"),
    (key_sign_in, ""),
    (eids, "/account/eids"),
    (eid_sign_in, ""),
    (recovery, ""),
    (phone_app, "/app"),
)
PUBLIC = ((verification, ""), (blanks, ""))
"""The addresses of the check name the environment themselves: the short ones are those of Production."""
APPLICATION = (
    (role_requests, ""),
    (directory, "/role-requests/new"),
    (operators, "/operators"),
    (operator_addresses, "/operators"),
    (operator_activities, "/operators"),
    (validation, "/validation"),
    (batches, "/validation/batch"),
    (deputies, "/deputies"),
    (administration, "/administration"),
    (members, "/administration/members"),
    (acting, "/acting-as"),
    (duty_phones, "/duty-phones"),
    (own_rights, "/profile/rights"),
    (authorities, "/registers/authorities"),
    (control_bodies, "/registers/control-bodies"),
    (document_rights, "/registers/document-rights"),
    (certificate_models, "/models"),
    (certificates, "/certificates"),
    (certificate_impact, "/certificates/impact"),
    (certificate_boxes, "/certificates"),
    (certificate_decisions, "/certificates"),
    (signing, "/certificates"),
    (work, "/work"),
    (audit_trail, "/audit-trail"),
    (figures, "/figures"),
    (exchange, "/exchange"),
    (notices, ""),
    (news, "/news"),
    (switches, "/switches"),
)


class EnvironmentConverter(BaseConverter):
    """`<environment:environment>`: one of the served environments; any other word is a 404."""

    regex = "|".join(member.value for member in Environment)

    def to_python(self, value: str) -> Environment:
        """The member, if it is served here."""
        if value not in config.current().environments:
            raise ValidationError
        return Environment(value)

    def to_url(self, value: Any) -> str:
        """Its word in the address."""
        return Environment(value).value


class RowConverter(IntegerConverter):
    """`<int:…>`: the number of a row; one that no row can have is a 404 and never reaches the database."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LAST_ROW)


class WordConverter(UnicodeConverter):
    """A word of an address; one with U+0000, which PostgreSQL cannot even compare, is a 404."""

    def __init__(self, url_map: Map, **bounds: Any) -> None:
        super().__init__(url_map, **bounds)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


class WordsConverter(PathConverter):
    """`<path:…>`: the same with strokes in it."""

    regex = r"[^/\x00][^\x00]*?"


CONVERTERS: dict[str, type[BaseConverter]] = {
    "environment": EnvironmentConverter, "int": RowConverter, "default": WordConverter, "string": WordConverter,
    "path": WordsConverter,
}  # fmt: skip


def wire(app: Flask) -> None:
    """Register every journey; those of the application under their environment."""
    app.url_map.converters |= CONVERTERS
    for blueprint, prefix in (*IDENTITY, *PUBLIC):
        app.register_blueprint(blueprint, url_prefix=prefix or None)
    for blueprint, prefix in APPLICATION:
        app.register_blueprint(blueprint, url_prefix=f"/<environment:environment>{prefix}")
    app.url_value_preprocessor(_take_environment)
    app.url_defaults(_put_environment)


def _take_environment(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    environment.enter(values.pop("environment", None) if values else None)


def _put_environment(endpoint: str, values: dict[str, Any]) -> None:
    here = environment.current_or_none()
    if here and "environment" not in values and g and request:
        from flask import current_app

        if current_app.url_map.is_endpoint_expecting(endpoint, "environment"):
            values["environment"] = here
