"""Forms of notices: which mails come, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import Field, RadioField

from portal.messages.groups import CHOSEN_GROUPS, Group, MailChoice
from portal.web import notice_words
from portal.web.forms import PortalForm, required


def _choice(group: Group) -> RadioField:
    choices = [(choice.value, label) for choice, label in notice_words.CHOICES.items()]
    return RadioField(notice_words.GROUPS[group], [required()], choices=choices)


class PreferencesForm(PortalForm):
    """For each group of events: a mail at once, one a day, or none."""

    requests: Field = _choice(Group.REQUESTS)
    roles: Field = _choice(Group.ROLES)
    organisations: Field = _choice(Group.ORGANISATIONS)
    announcements: Field = _choice(Group.ANNOUNCEMENTS)

    def fill(self, choices: Mapping[Group, MailChoice]) -> PreferencesForm:
        """Show what was chosen until now."""
        if not self.is_submitted():
            for group, choice in choices.items():
                self.field_of(group).data = choice.value
        return self

    def to_choices(self) -> dict[Group, MailChoice]:
        """What the service takes."""
        return {group: MailChoice(self.field_of(group).data) for group in CHOSEN_GROUPS}

    def field_of(self, group: Group) -> Any:
        """The field of a group."""
        return self[group.value]
