"""Fixtures of the integration tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store import Store
from tests.databases import sqlite_store
from tests.integration.web_client import Web


@pytest.fixture(scope="module")
def web_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One SQLite database for the module: every test opens its own sessions."""
    folder = tmp_path_factory.mktemp("web")
    store = sqlite_store(folder)
    yield store
    store.close()


@pytest.fixture
async def web(web_store: Store) -> AsyncIterator[Web]:
    web = Web(web_store)
    async with web.client:
        yield web
