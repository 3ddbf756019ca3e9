"""What stands on the paper of a certificate: plain data, all of it text, from which the PDF is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.environments.environment import Environment

Texts = Mapping[str, str]
"""One text in several languages, by language code; where one is missing, English stands in for it."""


class Holds(StrEnum):
    """What a box shows beside its values: mostly nothing, one the attestation, one the act (COI 18, INTRA II.sig)."""

    VALUES = "values"
    ATTESTATION = "attestation"
    SIGNATURE = "signature"


class SealWord(StrEnum):
    """Whose seal it is; `qualified` only where a qualified key is configured (design, «who signs what»)."""

    PLATFORM = "platform"
    AUTHORITY = "authority"
    QUALIFIED = "qualified"


class StampWord(StrEnum):
    """What the paper says of the time stamp: none configured, a configured one failed, or one stands in the file.

    The paper is made before the seal: who seals with `stamped` and gets no answer makes the paper anew with `pending`.
    """

    NONE = "none"
    PENDING = "pending"
    STAMPED = "stamped"


@dataclass(frozen=True)
class PaperTable:
    """Rows of a box; each row has as many texts as there are columns, the first names the row."""

    columns: tuple[Texts, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PaperBox:
    """A box of the form: its number («I.11», «13»), its title, and its lines or its table; an empty one gets a dash."""

    box: str
    titles: Texts
    lines: tuple[str, ...] = ()
    table: PaperTable | None = None
    holds: Holds = Holds.VALUES
    has_room: bool = False
    """On a blank form it gets several lines: an address, a list."""
    options: tuple[Texts, ...] = ()
    """On a blank form each is a box to tick."""


@dataclass(frozen=True)
class PaperPart:
    """A part of the form («Part I: description of consignment»), with its boxes in order."""

    titles: Texts
    boxes: tuple[PaperBox, ...]


@dataclass(frozen=True)
class Declaration:
    """The operator's recorded act: for which organisation, when (with zone), by which class of method."""

    organisation: str
    at: str
    method: Texts


@dataclass(frozen=True)
class Signatory:
    """The officer's recorded act, with the names of that moment; `at` carries its zone."""

    name: str
    user_name: str
    office: str
    at: str
    method: Texts


@dataclass(frozen=True)
class Paper:
    """A certificate as it is printed; without a signatory it is a draft (or a blank form) and says so."""

    document: str
    """`COI` or `INTRA`: which form it has."""
    titles: Texts
    number: str
    """The official number, of a draft its draft number."""
    languages: tuple[str, ...]
    """One or two language codes; the first is the language of the file."""
    environment: Environment
    is_demo: bool
    is_specimen: bool
    """Its model is not verified."""
    parts: tuple[PaperPart, ...]
    model_code: str = ""
    model_names: Texts = field(default_factory=dict)
    attestation: Texts | None = None
    declaration: Declaration | None = None
    signatory: Signatory | None = None
    seal: SealWord = SealWord.PLATFORM
    seal_owner: str = ""
    """The name in the certificate of the key."""
    stamp: StampWord = StampWord.NONE
    data_hash: str = ""
    """SHA-256 of the canonical data, hexadecimal."""
    verify_url: str = ""
    """Where the QR code leads."""
    code: str = ""
    """The verification code; it is printed in groups of four."""
    replaces: str = ""
    """The number of the certificate that this one replaces."""
    outage_reference: str = ""
    """Under which number it was issued on paper during an outage (IMSOC Art. 46)."""
    run_by: str = ""
    """Who runs the portal."""
    is_commission_service: bool = False
    is_blank: bool = False
    """A form to fill in when the portal cannot be reached: its boxes are fields, and it has no number yet."""
