"""The panel «Chapter or activity» (S3), on the page of a new operator and on that of a further activity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from wtforms import SubmitField
from wtforms.validators import Optional

from portal.organisations.registering import NewActivity
from portal.reference.queries import Choice
from portal.web import labels
from portal.web.forms import ChoiceField, PortalForm, QuickSelect, required


class GroupedSelect(QuickSelect):
    """A list in groups, with an empty choice before the first of them."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        """The list as the library draws it, and the empty choice."""
        start, _sign, rest = str(super().__call__(field, **attributes)).partition(">")
        blank = escape(_("Choose an activity."))
        return Markup(f'{start}><option value="">{blank}</option>{rest}')  # noqa: S704 - both parts are escaped


class ActivityForm(PortalForm):
    """«Chapter or activity», and who is responsible for it."""

    activity = ChoiceField(
        _l("Chapter or activity"), [required(_l("Choose an activity."))], widget=GroupedSelect()
    )
    responsible = ChoiceField(_l("Responsible authority"), [Optional()], default="")
    update = SubmitField(_l("Show the responsible authorities"))

    def offer(self, activities: Mapping[str, Iterable[Choice]]) -> None:
        """The activities of the country, by chapter."""
        self.activity.choices = {
            chapter: [(choice.code, choice.name) for choice in choices]
            for chapter, choices in activities.items()
        }

    def offer_authorities(self, offered: Iterable[Any]) -> None:
        """Who can be named for the activity that was chosen."""
        rows = [(str(one.id), f"{one.name} ({one.code})" if one.code else one.name) for one in offered]
        self.responsible.choices = [("", _("Choose the authority.")), *rows]
        if self.responsible.data not in dict(rows):
            self.responsible.data = ""

    @property
    def section(self) -> str:
        """The section of the activity that was chosen, empty for none."""
        return (self.activity.data or "").partition("|")[0]

    def to_activity(self, address_id: int | None = None) -> NewActivity:
        """The activity as the service takes it."""
        section, _bar, activity = (self.activity.data or "").partition("|")
        number = int(self.responsible.data) if self.responsible.data else None
        return NewActivity(section, activity, number, address_id)

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put the words for each reason at its field."""
        for name, word in problems.items():
            if name in self._fields:
                self._fields[name].errors = [str(labels.OPERATOR_PROBLEMS[word])]
            else:
                self.form_errors.append(str(labels.OPERATOR_PROBLEMS[word]))
