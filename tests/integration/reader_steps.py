"""Steps of the tests of the trained reader of behaviours: the taxonomy, and where the prepared reader lies."""

from pathlib import Path

import pytest

from bot.core.taxonomy import Taxonomy
from bot.settings import load
from knowledge.complaints.training import ensure_model


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


@pytest.fixture(scope="module")
def folder(taxonomy: Taxonomy) -> Path:
    """Where the prepared reader lies; it is trained first where it is missing or stale."""
    return ensure_model(load().complaints_dir, taxonomy.codes, print).parent
