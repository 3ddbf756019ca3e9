"""The portal without a database, for contracts that only look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal import config, create_app
from portal.environments import environment

VARIABLES = {"PORTAL_MODE": "demo"}


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The portal as its demo starts it, on an empty folder."""
    return create_app(
        config.load_settings({**VARIABLES, "PORTAL_INSTANCE": str(tmp_path_factory.mktemp("bare"))})
    )


@pytest.fixture
def portal(bare: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Inside its context, with its settings."""
    folder = str(tmp_path_factory.mktemp("portal"))
    before = config._current
    config.activate(config.load_settings({**VARIABLES, "PORTAL_INSTANCE": folder}))
    with bare.app_context(), bare.test_request_context("/"):
        yield bare
    environment._current.set(None)
    config._current = before
