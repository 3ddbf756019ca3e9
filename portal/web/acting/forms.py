"""The choice of the profile one acts as."""

from __future__ import annotations

from wtforms import HiddenField

from portal.web.forms import PortalForm

ID_LENGTH = 9


class ProfileForm(PortalForm):
    """One of the own organisations, by its number."""

    organisation = HiddenField()

    def chosen(self) -> int:
        """The number; none that an organisation has where somebody changed it."""
        text = self.organisation.data or ""
        return int(text) if text.isdecimal() and len(text) <= ID_LENGTH else 0
