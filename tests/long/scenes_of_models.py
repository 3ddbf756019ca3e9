"""The Commission about to bring a model file, and to let it count."""

from __future__ import annotations

from collections.abc import Callable

from portal.certificates import loading
from portal.certificates.models import CertificateDefinition, CertificateModel
from portal.certificates.shapes import hash_of, text_of
from portal.certificates.shipped import read
from tests.long.place import Place
from tests.long.scene import Scene, rows
from tests.makers.announcements import a_commissioner
from tests.makers.models import SOURCE, a_model_file
from tests.makers.roles import acting

MODELS = "/production/models"


def upload(place: Place) -> Scene:
    """The same file sent by every window is kept once."""
    content = a_model_file("SENT-INTRA")
    sha256 = hash_of(text_of(read(content)))
    kept = CertificateDefinition.sha256 == sha256
    return Scene(
        place.browser_of(a_commissioner()),
        f"{MODELS}/load",
        lambda: rows(CertificateDefinition, kept),
        {"file": content},
    )


def confirm(place: Place) -> Scene:
    """A model looked at in every window is loaded once."""
    chief = a_commissioner()
    sha256 = loading.prepare(a_model_file("LOADED-INTRA"), acting(chief))
    fields = {"version": "0", "source": SOURCE, "sure": "y"}
    own = CertificateModel.loaded_by == chief.id
    return Scene(
        place.browser_of(chief), f"{MODELS}/load/{sha256}", lambda: rows(CertificateModel, own), fields
    )


MODEL_SCENES: dict[str, Callable[[Place], Scene]] = {
    "certificate_models.upload": upload,
    "certificate_models.confirm": confirm,
}
