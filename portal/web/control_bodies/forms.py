"""Forms of control bodies: filters of the list, one record, one scope; shape and words, never a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from portal.organisations.control_bodies import ScopeText
from portal.reference.queries import Choice
from portal.vocabulary import ControlBodyOrigin
from portal.web.forms import ChoiceField, CountryField, PortalForm, required, text_field
from portal.web.record_form import RecordForm, Several

CODE_LENGTH = 40
REGIMES = ("2018/848", "834/2007")
ORIGINS = {
    ControlBodyOrigin.MEMBER_STATE: _l("A Member State's code: its authority validates"),
    ControlBodyOrigin.THIRD_COUNTRY: _l("A third country's code: the Commission validates"),
}


class ListForm(PortalForm):
    """Filters of the list; they travel in the address."""

    class Meta(PortalForm.Meta):
        """Reading changes nothing: no token in the address."""

        csrf = False

    country = CountryField(validators=[Optional()])
    text = text_field(_l("Search"), length=200, needed=False)


class BodyForm(RecordForm):
    """One control body."""

    country = CountryField(validators=[required(_l("Choose a country."))])


class VersionForm(PortalForm):
    """What is done to a scope as the person saw it."""

    version = HiddenField()

    def seen(self) -> int:
        """The version the person saw."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class RenewForm(VersionForm):
    """Until when a scope counts."""

    valid_until = DateField(_l("Valid until"), [Optional()], description=_l("Leave it empty for no end."))


class ScopeForm(RenewForm):
    """What may change of a scope."""

    categories = Several(_l("Product categories"), [Optional()])
    origin = ChoiceField(_l("Whose code"), [required(_l("Choose whose code it is."))])
    supervisor = ChoiceField(_l("Supervising authority"), [Optional()], default="")

    def offer(self, categories: Mapping[str, str], supervisors: Iterable[Any]) -> None:
        """Letters with their names, and the authorities of the country."""
        self.categories.offer(
            Choice(letter, f"{letter} – {categories[letter]}") for letter in sorted(categories)
        )
        self.origin.choices = [(origin.value, str(word)) for origin, word in ORIGINS.items()]
        rows = [(str(row.id), f"{row.name} ({row.code})" if row.code else row.name) for row in supervisors]
        none = _("None: the central authority for organic production decides")
        self.supervisor.choices = [("", none), *rows]

    def show(self, scope: Any) -> None:
        """What is there when the page opens."""
        if not self.is_submitted():
            self.version.data, self.categories.data = str(scope.version), list(scope.categories)
            self.supervisor.data = str(scope.supervisor_id or "")

    def to_scope(self, code: str, country: str, regime: str) -> ScopeText:
        """The scope as the service takes it."""
        supervisor = self.supervisor.data
        return ScopeText(
            code, country, "".join(self.categories.data or ()), regime, ControlBodyOrigin(self.origin.data),
            int(supervisor) if supervisor else None, self.valid_until.data,
        )  # fmt: skip

    def refuse(self, field: str) -> None:
        """Put the words at the field that cannot stand."""
        words = {
            "categories": _("This regulation has no such category."),
            "supervisor": _("Choose a valid authority."),
        }
        self[field].errors = [words[field]]

    def differing(self, scope: Any) -> list[tuple[str, str]]:
        """Label and present value of what somebody else has changed differently meanwhile."""
        names = {value: label for value, label, *_more in self.supervisor.iter_choices()}
        pairs = (
            (self.categories, "".join(self.categories.data or ()), scope.categories, scope.categories),
            (self.origin, self.origin.data, scope.origin, str(ORIGINS[scope.origin])),
            (self.supervisor, self.supervisor.data, str(scope.supervisor_id or ""), ""),
            (self.valid_until, self.valid_until.data, scope.valid_until, str(scope.valid_until or "")),
        )
        return [
            (str(field.label.text), words or names.get(now, "") or "–")
            for field, mine, now, words in pairs
            if mine != now
        ]

    def meet(self, version: int) -> None:
        """Two changed it at once: what the person wrote stays, and fits the scope as it stands now."""
        self.version.data = str(version)


class NewScopeForm(ScopeForm):
    """A code for one more country."""

    code = text_field(_l("Code"), length=CODE_LENGTH)
    country = CountryField(validators=[required(_l("Choose a country."))])
    regime = ChoiceField(
        _l("Regulation"), [required()], choices=[(one, f"(EU) {one}") for one in REGIMES], default=REGIMES[0]
    )

    def text(self) -> ScopeText:
        """The scope as the service takes it."""
        return self.to_scope(self.code.data or "", self.country.data or "", self.regime.data or "")

    def refuse_twice(self) -> None:
        """The body has it already."""
        self.code.errors = [
            _("The control body has this code for this country already. Change or renew that scope.")
        ]
