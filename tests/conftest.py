"""Fixtures shared by all tests."""

from collections.abc import Iterator

import pytest

from tests.stack import RunningStack

pytest_plugins = ["tests.databases"]


@pytest.fixture(scope="session")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The real service and the real Rasa, started once for all tests that only talk to them."""
    stack = RunningStack(tmp_path_factory.mktemp("stack"))
    stack.start()
    yield stack
    stack.stop()
