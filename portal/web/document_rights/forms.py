"""Forms of the rights on documents: the rights of one profile, and which profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError
from wtforms.validators import Optional

from portal.organisations.document_rights import DOCUMENTS, WORDS, Profile
from portal.reference.queries import Choice
from portal.vocabulary import AuthorityRole, OrganisationKind
from portal.web import labels, register_words
from portal.web.forms import ChoiceField, PortalForm, required

AUTHORITIES = [role for role in AuthorityRole if role is not AuthorityRole.COMMISSION]


class RightsForm(PortalForm):
    """One right for each document; `version` says since when the person looks at them."""

    version = HiddenField()

    def rights(self) -> dict[str, str]:
        """What was chosen, by document."""
        return {document: self[f"right_{place}"].data for place, document in enumerate(DOCUMENTS)}

    def fields_of_rights(self) -> list[Any]:
        """The fields in the order of the documents."""
        return [self[f"right_{place}"] for place in range(len(DOCUMENTS))]

    def offer_rights(self, rights: Mapping[str, str], version: int) -> None:
        """The three words for each document; what holds now is chosen when the page opens."""
        for place, document in enumerate(DOCUMENTS):
            field = self[f"right_{place}"]
            field.choices = [(word, f"{word} – {register_words.RIGHTS[word]}") for word in reversed(WORDS)]
            if not self.is_submitted():
                field.data = rights.get(document, WORDS[0])
        if not self.is_submitted():
            self.version.data = str(version)

    def seen(self) -> int:
        """The version the person saw; one that nobody gave out fits nothing."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    def meet(self, version: int) -> None:
        """Two changed them at once: what the person chose stays, and fits what stands now."""
        self.version.data = str(version)


for _place, _document in enumerate(DOCUMENTS):
    setattr(RightsForm, f"right_{_place}", ChoiceField(register_words.DOCUMENTS[_document]))


class ProfileForm(PortalForm):
    """Whose rights: a role with a competence, an operator's activity, or control bodies."""

    holder = ChoiceField(_l("Profile"), [required(_l("Choose whose rights these are."))])
    competence = ChoiceField(_l("Competence"), [Optional()], default="")
    activity = ChoiceField(_l("Activity Type"), default="")

    class Meta(PortalForm.Meta):
        """Choosing changes nothing: no token in the address."""

        csrf = False

    def offer(self, competences: Iterable[Choice], activities: Iterable[Choice]) -> None:
        """The words of the three lists."""
        roles = [(role.value, str(labels.AUTHORITY_ROLES[role])) for role in AUTHORITIES]
        others = [(kind, str(word)) for kind, word in register_words.HOLDERS.items()]
        self.holder.choices = [("", _("Choose whose rights these are.")), *roles, *others]
        self.competence.choices = [("", _("Any")), *((one.code, one.name) for one in competences)]
        self.activity.choices = [("", _("Any")), *((one.code, one.name) for one in activities)]

    def validate_activity(self, field: Any) -> None:
        """Operators are told apart by their activities, authorities by their competences."""
        operator = self.holder.data == OrganisationKind.OPERATOR
        if operator != bool(field.data):
            raise ValidationError(
                _("Choose the activity of the operators.")
                if operator
                else _("Only operators have activities.")
            )

    def to_profile(self) -> Profile:
        """The profile as the service takes it; only authorities have competences."""
        has_competence = self.holder.data in AUTHORITIES
        return Profile(
            self.holder.data, self.competence.data or "" if has_competence else "", self.activity.data or ""
        )
