"""Forms of opening an account and choosing a password: shape and words, never a query."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, PasswordField, SelectField, StringField, SubmitField, ValidationError

from portal.identity import addresses
from portal.identity.registration import RegistrationWish
from portal.web.forms import EmailAddress, PortalForm, blocked_domain_of, name_field, required, trimmed
from portal.web.shell import language_labels


def language_choices() -> list[tuple[str, str]]:
    """The served languages as the choice at the top right names them: «français (fr)»."""
    return list(language_labels())


class RegisterForm(PortalForm):
    """«Create an account», in the order of S3; the code is judged by the view, which knows the cookie."""

    first_name = name_field(_l("First name"))
    last_name = name_field(_l("Last name"))
    email = StringField(_l("E-mail"), [required(), EmailAddress()], filters=[trimmed])
    email_again = StringField(_l("Confirm e-mail"), [required()], filters=[trimmed])
    language = SelectField(_l("E-mail language"), choices=language_choices)
    code = StringField(_l("Enter the code"), [required()])
    privacy = BooleanField(
        _l("By checking this box, you acknowledge that you have read and understood the privacy statement"),
        [required(_l("Read the privacy statement and tick this box."))],
    )
    personal = BooleanField(
        _l("I confirm that this is my personal address and that nobody else reads its mail")
    )
    company_fax = StringField(_l("Leave this field empty"))
    another = SubmitField(_l("Show another code"))

    code_is_right = False
    warns_of_mailbox = False

    def validate_email_again(self, field: Field) -> None:
        """Both are the same mailbox, letter for letter but for capitals."""
        if (field.data or "").casefold() != (self.email.data or "").casefold():
            raise ValidationError(_("The two e-mail addresses are not the same."))

    def validate_email(self, field: Field) -> None:
        """People of blocked domains get their accounts from their organisation."""
        checked = getattr(field, "checked", None)
        domain = blocked_domain_of(checked) if checked else ""
        if domain:
            reason = _(
                "People of %(domain)s do not register here: they get their account from it.", domain=domain
            )
            raise ValidationError(reason)

    def validate_code(self, field: Field) -> None:
        """What the view found out about the code."""
        if not self.code_is_right:
            raise ValidationError(
                _("This is not the code that was shown. Type the six digits of the new one.")
            )

    def validate_company_fax(self, field: Field) -> None:
        """Only a program fills in a field that people cannot see."""
        if field.data:
            field.data = ""
            raise ValidationError(
                _("A field that nobody can see was filled in. It is empty now: send the form again.")
            )

    def validate_personal(self, field: Field) -> None:
        """S3 wants a real person: an address that looks like an office's is asked about once."""
        checked = getattr(self.email, "checked", "")
        self.warns_of_mailbox = bool(checked) and addresses.looks_functional(checked)
        if self.warns_of_mailbox and not field.data:
            raise ValidationError(_("Confirm that the address is your own, or give another one."))

    def to_wish(self) -> RegistrationWish:
        """What the service records."""
        return RegistrationWish(
            self.first_name.data or "",
            self.last_name.data or "",
            self.email.checked,  # type: ignore[attr-defined]
            self.language.data,
        )


class LostPasswordForm(PortalForm):
    """Whose mailbox gets a link."""

    email = StringField(_l("E-mail"), [required(), EmailAddress()], filters=[trimmed])


class PasswordForm(PortalForm):
    """A new password, twice; neither comes back to the page."""

    password = PasswordField(_l("New password"), [required()])
    again = PasswordField(_l("New password, again"), [required()])

    def validate_again(self, field: Field) -> None:
        """Typed twice alike."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords are not the same."))
