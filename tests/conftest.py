"""Fixtures shared by all tests, and how tests are dealt out to several processes."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.scheduling import ByFile, in_order
from tests.stack import RunningStack

pytest_plugins = ["tests.databases"]
# A busy machine is no fault of the code: nothing is judged by how long an example takes.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """Deal out by file with one running stack for all; other ways of `--dist` are pytest-xdist's own."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_order(items)


@pytest.fixture(scope="session")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The real service and the real Rasa, started once for all tests that only talk to them."""
    stack = RunningStack(tmp_path_factory.mktemp("stack"))
    stack.start()
    yield stack
    stack.stop()
