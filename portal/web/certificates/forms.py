"""Forms of the list of certificates and of the page that begins one."""

from __future__ import annotations

from typing import Any

from babel.core import get_global
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField
from wtforms.validators import Optional, ValidationError

from portal.certificates.drafting import OUTAGE_AT_MOST, CertificateWish
from portal.certificates.numbers import TYPED_AT_MOST
from portal.certificates.queries import CertificateFilter
from portal.certificates.states import Document
from portal.web import certificate_words, language
from portal.web.forms import ChoiceField, CountryField, PortalForm, country_choices, required, text_field
from portal.web.shell import language_labels

LISTED = ("draft", "submitted", "in_progress", "valid", "rejected", "replaced", "cancelled")


class FilterForm(PortalForm):
    """What the list is narrowed to."""

    class Meta(PortalForm.Meta):
        """A search changes nothing."""

        csrf = False

    state = ChoiceField(_l("State"), validate_choice=False)
    document = ChoiceField(_l("Document"), validate_choice=False)
    origin = CountryField(_l("Country of origin"), validate_choice=False)
    destination = CountryField(_l("Country of destination"), validate_choice=False)
    text = text_field(_l("Number"), length=TYPED_AT_MOST, needed=False)
    only = ChoiceField(_l("Which ones"), validate_choice=False)

    def offer(self, *, is_authority: bool) -> FilterForm:
        """The states and documents, and what an authority may see beside its own."""
        every = [("", _("All"))]
        self.state.choices = every + [(one, str(certificate_words.STATES[one])) for one in LISTED]
        self.document.choices = every + [(one.value, one.value) for one in Document]
        self.origin.choices = self.destination.choices = every + country_choices()
        self.only.choices = [
            *every,
            ("mine", _("Drafted by us")),
            ("outage", _("Issued on paper during an outage")),
        ]
        if is_authority:
            self.only.choices.append(("refused", _("Refused by any authority")))
        return self

    def to_filter(self) -> CertificateFilter:
        """The filter; a value that nobody offered, or that an address leaves out, narrows nothing."""
        text = (self.text.data or "") if self.validate() else ""
        state, document, origin, destination, only = (
            _offered(field) for field in (self.state, self.document, self.origin, self.destination, self.only)
        )
        return CertificateFilter(
            state, document, origin, destination, text,
            mine=only == "mine", refused=only == "refused", outage=only == "outage",
        )  # fmt: skip


def _offered(field: Any) -> str:
    return next((str(choice.value) for choice in field.iter_choices() if choice.value == field.data), "")


class NewForm(PortalForm):
    """A certificate about to be begun."""

    model = RadioField(_l("Model of the certificate"), [required(_l("Choose a model."))])
    origin = CountryField(_l("Country of origin"), validators=[Optional()])
    destination = CountryField(_l("Country of destination"), validators=[Optional()])
    first = ChoiceField(_l("Language of the paper"), [Optional()])
    second = ChoiceField(_l("Second language of the paper"), [Optional()])
    outage = BooleanField(_l("It was issued on paper while this portal did not answer"))
    reference = text_field(_l("Number of that paper"), length=OUTAGE_AT_MOST, needed=False)

    def offer(self, models: list[tuple[str, str]], country: str) -> NewForm:
        """The models of a document or group, and the languages; the journey begins in the person's country."""
        self.model.choices = models
        if len(models) == 1 and not self.is_submitted():
            self.model.data = models[0][0]
        spoken = language.served()
        names = [(code, label) for code, label in language_labels() if code in spoken]
        self.first.choices = [("", _("Language of the country of origin")), *names]
        self.second.choices = [("", _("Language of the country of destination")), ("-", _("None")), *names]
        if not self.is_submitted():
            self.origin.data = country
        return self

    def validate_outage(self, field: Field) -> None:
        """The tick and the number of the paper go together: neither is left out silently."""
        if field.data and not self.reference.data:
            raise ValidationError(_("Type the number of that paper."))
        if self.reference.data and not field.data:
            raise ValidationError(_("Tick this box, or leave the number of the paper empty."))

    def to_wish(self, document: str) -> CertificateWish:
        """The wish, with the languages of the journey where none was chosen."""
        origin, destination = self.origin.data or "", self.destination.data or ""
        first = self.first.data or language_of(origin) or "en"
        second = "" if self.second.data == "-" else self.second.data or language_of(destination)
        both = first if second in ("", first) else f"{first},{second}"
        outage = (self.reference.data or "") if self.outage.data else ""
        return CertificateWish(document, self.model.data, None, both, origin, destination, outage)

    def refuse(self, field: str) -> None:
        """The field of a wish that cannot be granted."""
        fields: dict[str, Any] = {
            "model_code": self.model, "languages": self.second, "outage_reference": self.reference,
            "origin_country": self.origin, "destination_country": self.destination,
        }  # fmt: skip
        fields[field].errors = [*fields[field].errors, _("This cannot be chosen. Choose again.")]


def language_of(country: str) -> str:
    """The language most people of a country read, where the portal speaks it."""
    likely = str(get_global("likely_subtags").get(f"und_{country}", "")) if country else ""
    code = likely.partition("_")[0]
    return code if code in language.served() else ""
