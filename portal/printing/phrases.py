"""What the portal itself says on a paper, in its one or two languages; what a model says comes with the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import force_locale, gettext

from portal.environments.environment import Environment
from portal.printing.paper import Paper, SealWord, StampWord, Texts
from portal.web import labels

PLATFORM_LANGUAGE = "en"
"""Model texts have English at least."""

NUMBER = "\N{INVISIBLE SEPARATOR}"
"""Stands where the printer counts."""

Said = Mapping[str, Texts]


def said(paper: Paper) -> Said:
    """Every phrase of this paper by its key, each in the languages of the paper."""
    spoken = {language: _in_one_language(paper, language) for language in paper.languages}
    keys = next(iter(spoken.values()))
    return {key: {language: spoken[language][key] for language in spoken} for key in keys}


def both(texts: Texts, languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """The text in each language of the paper as (language, text): each text once, English where one is missing."""
    found: dict[str, str] = {}
    for language in languages:
        spoken = language if texts.get(language) else PLATFORM_LANGUAGE
        text = texts.get(spoken, "")
        if text and text not in found:
            found[text] = spoken
    return [(language, text) for text, language in found.items()]


def watermarks(paper: Paper, language: str) -> list[str]:
    """What lies over every page: why this paper has no legal value; nothing on a certificate that has."""
    with force_locale(language):
        return _watermarks(paper)


def _watermarks(paper: Paper) -> list[str]:
    lines = []
    if paper.is_demo:
        lines.append(gettext("DEMONSTRATION – no legal value"))
    if paper.environment != Environment.PRODUCTION:
        name = str(labels.ENVIRONMENTS[paper.environment]).upper()
        lines.append(gettext("%(environment)s – no legal value", environment=name))
    if paper.is_specimen:
        lines.append(gettext("SPECIMEN – model not verified"))
    if paper.signatory is None and not paper.is_blank:
        lines.append(gettext("DRAFT – not signed"))
    return lines


def page_count(language: str) -> tuple[str, str, str]:
    """«Page 2 of 3» in that language, as what stands before, between and after the two numbers."""
    with force_locale(language):
        text = gettext("Page %(page)s of %(pages)s", page=NUMBER, pages=NUMBER)
    before, between, after = text.split(NUMBER)
    return before, between, after


def _in_one_language(paper: Paper, language: str) -> dict[str, str]:
    with force_locale(language):
        return {
            **{key: text() for key, text in ALWAYS.items()},
            "notice": " · ".join(_watermarks(paper)),
            "number": gettext("Draft number") if paper.signatory is None else gettext("Certificate number"),
            "replaces": gettext("Replaces the certificate %(number)s.", number=paper.replaces),
            "outage": gettext(
                "Issued on paper during an outage under the number %(number)s and entered afterwards.",
                number=paper.outage_reference,
            ),
            "seal_text": _seal(paper),
            "stamp_text": _stamp(paper.stamp),
            "run_by": gettext("Run by: %(operator)s", operator=paper.run_by),
        }


def _seal(paper: Paper) -> str:
    owner = paper.seal_owner or "–"
    if paper.seal == SealWord.QUALIFIED:
        return gettext("This file carries a qualified electronic seal: %(name)s.", name=owner)
    if paper.seal == SealWord.AUTHORITY:
        return gettext(
            "This file carries the seal of the issuing authority: %(name)s. It is not a qualified seal.",
            name=owner,
        )
    return gettext("This file carries the platform's seal: %(name)s. It is not a qualified seal.", name=owner)


def _stamp(stamp: StampWord) -> str:
    if stamp == StampWord.STAMPED:
        return gettext("The file carries a time stamp of a time-stamping service.")
    if stamp == StampWord.PENDING:
        return gettext("Time stamp pending: the service did not answer.")
    return gettext("Without a qualified time stamp: no service is configured.")


ALWAYS: dict[str, Callable[[], str]] = {
    "model": lambda: gettext("Model"),
    "acts": lambda: gettext("Recorded acts and seal"),
    "attestation": lambda: gettext("Attestation"),
    "no_attestation": lambda: gettext(
        "No verified attestation of this model is loaded: nothing is attested here."
    ),
    "declaration": lambda: gettext("Declaration of the operator"),
    "signature": lambda: gettext("Act of the certifying officer"),
    "unsigned": lambda: gettext("Not signed."),
    "organisation": lambda: gettext("Organisation"),
    "name": lambda: gettext("Name"),
    "user_name": lambda: gettext("User name"),
    "office": lambda: gettext("Office"),
    "declared_at": lambda: gettext("Declared on"),
    "signed_at": lambda: gettext("Signed on"),
    "method": lambda: gettext("Confirmed with"),
    "seal": lambda: gettext("Seal of the file"),
    "stamp": lambda: gettext("Time stamp"),
    "check": lambda: gettext("Check this certificate"),
    "address": lambda: gettext("Address"),
    "code": lambda: gettext("Verification code"),
    "hash": lambda: gettext("SHA-256 of the data"),
    "qr": lambda: gettext("QR code of the address where this certificate can be checked"),
    "no_service": lambda: gettext("This portal is not a service of the European Commission."),
    "by_hand": lambda: gettext("To be filled in by hand or on screen when the portal cannot be reached."),
    "in_outage": lambda: gettext(
        "Issued on paper during an outage of the portal (Article 46 of Implementing Regulation (EU) 2019/1715). "
        "It is entered there as soon as the portal can be reached again."
    ),
    "by_hand_signature": lambda: gettext("Signature and stamp"),
    "paper_number": lambda: gettext("Number given to this paper"),
}
