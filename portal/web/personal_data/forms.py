"""Forms of what people change of themselves; shape and words, never a query."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, PasswordField, StringField, ValidationError

from portal.identity.personal_data import Options
from portal.web.forms import EmailAddress, PortalForm, blocked_domain_of, name_field, required, trimmed


class NameForm(PortalForm):
    """First and last name, as they stand on what the person signs."""

    first_name = name_field(_l("First name"))
    last_name = name_field(_l("Last name"))


class EmailForm(PortalForm):
    """The new address, twice."""

    email = StringField(_l("New e-mail address"), [required(), EmailAddress()], filters=[trimmed])
    again = StringField(_l("Confirm your e-mail address"), [required()], filters=[trimmed])

    def validate_email(self, field: Field) -> None:
        """People of blocked domains get their accounts from their organisation."""
        domain = blocked_domain_of(self.checked) if self.checked else ""
        if domain:
            raise ValidationError(_("An address of %(domain)s cannot be used here.", domain=domain))

    def validate_again(self, field: Field) -> None:
        """Typed the same way twice."""
        if (field.data or "").casefold() != (self.email.data or "").casefold():
            raise ValidationError(_("The two addresses differ."))

    @property
    def checked(self) -> str:
        """The address in checked form."""
        return str(getattr(self.email, "checked", "") or "")


class PasswordForm(PortalForm):
    """The password until now, and the new one twice."""

    old = PasswordField(_l("Current password"), [required()])
    new = PasswordField(_l("New password"), [required()])
    again = PasswordField(_l("Confirm new password"), [required()])

    def validate_again(self, field: Field) -> None:
        """Typed the same way twice."""
        if field.data != self.new.data:
            raise ValidationError(_("The two passwords differ."))


class OptionsForm(PortalForm):
    """«Configure my account»."""

    always_second_factor = BooleanField(
        _l("Always require two-factor authentication"),
        description=_l(
            "The password alone then opens nothing, not even «My Account». If you lose every second factor and every "
            "recovery code, only PANIC and the people of your organisation help."
        ),
    )
    email_notices = BooleanField(
        _l("I want to receive email notifications"),
        description=_l(
            "Requests, roles and news of all environments, as you choose there. Mails that protect your account come "
            "in any case."
        ),
    )
    sign_in_notices = BooleanField(
        _l("I want to receive an e-mail each time somebody signs in to my account"),
        description=_l(
            "Mails about a new browser or place, and about changes of your account, come in any case."
        ),
    )
    show_details = BooleanField(
        _l("View my account details after signing in"),
        description=_l("Name, e-mail, last sign-in: so that you notice when you are in the wrong account."),
    )

    def to_options(self) -> Options:
        """What the service takes."""
        return Options(
            self.always_second_factor.data,
            self.sign_in_notices.data,
            self.show_details.data,
            self.email_notices.data,
        )
