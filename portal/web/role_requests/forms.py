"""The form of taking a request back: one button."""

from __future__ import annotations

from portal.web.forms import ButtonForm


class WithdrawForm(ButtonForm):
    """Only the POST takes the request back."""
