"""Forms of authorities: filters of the tree, one record, its new superior; shape and words, never a query."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import Optional

from portal.access.rules_registers import fits_under
from portal.organisations.authorities import AuthorityText
from portal.organisations.posts import DESIGNATED
from portal.reference.queries import Choice
from portal.vocabulary import AuthorityRole
from portal.web import labels
from portal.web.forms import ChoiceField, CountryField, PortalForm, required
from portal.web.record_form import RecordForm, Several


class TreeForm(PortalForm):
    """The country whose tree is shown; it travels in the address."""

    class Meta(PortalForm.Meta):
        """Reading changes nothing: no token in the address."""

        csrf = False

    country = CountryField(validators=[Optional()])


class AuthorityForm(RecordForm):
    """One authority: the record, its role, competences and, for posts, designations."""

    role = ChoiceField(_l("Role"), [required(_l("Choose a role."))])
    country = CountryField(validators=[required(_l("Choose a country."))])
    fixed_country = ""
    competences = Several(_l("Competences"), [Optional()])
    designations = Several(_l("Designations"), [Optional()])

    def offer(
        self, superior_role: str | None, competences: Iterable[Choice], designations: Iterable[Choice]
    ) -> None:
        """Roles that fit under the superior, and the words of both lists."""
        roles = [role for role in AuthorityRole if fits_under(role, superior_role)] or [
            AuthorityRole.COMMISSION
        ]
        self.role.choices = [(role.value, str(labels.AUTHORITY_ROLES[role])) for role in roles]
        self.competences.offer(competences)
        self.designations.offer(designations)

    def fix_country(self, country: str) -> None:
        """The country is that of the superior, or of the record, and is not asked."""
        del self.country
        self.fixed_country = country

    def to_authority(self) -> AuthorityText:
        """The authority as the service takes it."""
        role = AuthorityRole(self.role.data)
        designations = self.designations.data if role in DESIGNATED else ()
        return AuthorityText(
            self.to_record(), role, self.fixed_country or self["country"].data, tuple(self.competences.data or ()),
            tuple(designations or ()),
        )  # fmt: skip

    def show(self, competences: Collection[str], designations: Collection[str]) -> None:
        """What is ticked when the page opens."""
        if not self.is_submitted():
            self.competences.data, self.designations.data = list(competences), list(designations)

    def refuse_place(self) -> None:
        """That role cannot hang there."""
        self.role.errors = [_("An authority of this role cannot hang there, or not in that country.")]


class MoveForm(PortalForm):
    """Under which authority it shall hang."""

    version = HiddenField()
    superior = ChoiceField(_l("New superior authority"), [required(_l("Choose the authority."))])

    def offer(self, rows: Iterable[Any], version: int) -> None:
        """The authorities under which it may hang."""
        named = [(str(row.id), f"{row.name} ({row.code})" if row.code else row.name) for row in rows]
        self.superior.choices = [("", _("Choose the authority.")), *named]
        if not self.is_submitted():
            self.version.data = str(version)

    def seen(self) -> int:
        """The version the person saw."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0
