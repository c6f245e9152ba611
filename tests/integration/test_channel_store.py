"""What channels keep: tokens under compare-and-swap, addresses and bodies sealed, keys renewed."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.channels.contract import Failure
from bot.store import KeyRing, Store
from bot.store.channels.tokens import SealedTokens
from bot.store.rotation import count_by_key, rotate
from bot.store.tables.channels import SEALED_CHANNELS, threads
from bot.store.tables.conversations import metadata
from tests.contracts.steps import together
from tests.integration.channel_steps import NOW, Heard, Office, failed

WORDS = "câu này không ai được đọc"
ADDRESS = "84912345678901"


@dataclass(frozen=True)
class Tokens:
    """The same with its types."""

    version: int
    access: str
    expires_at: datetime
    claimed_until: datetime | None = None
    lost: bool = False


@dataclass(frozen=True)
class State:
    """As channels.zalo.tokens keeps it."""

    version: int
    access: str = field(repr=False)
    expires_at: Any
    claimed_until: Any = None
    lost: bool = False


async def fill(store: Store) -> Office:
    office = Office(store, recogniser=Heard(WORDS))
    office.channel.files["v"] = b"OggS" + bytes(100)
    office.channel.faults = [failed(Failure.GIVE_UP)]
    office.deliver(text=WORDS, address=ADDRESS)
    office.deliver("voice", media=[{"ref": "v"}], address=ADDRESS)
    await office.pump()
    office.receiver.take(WORDS.encode())
    SealedTokens(store, "zalo", State).swap(0, State(1, WORDS, None))
    return office


async def test_neither_words_nor_addresses_nor_tokens_stand_in_any_column(store: Store) -> None:
    await fill(store)
    filled = set()
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            filled |= {table.name} if rows else set()
            for cell in (cell for row in rows for cell in row):
                raw = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                assert WORDS.encode() not in raw
                assert ADDRESS.encode() not in raw
        for table, column in SEALED_CHANNELS:
            assert connection.execute(select(column).where(column.is_not(None))).first(), (
                f"{table.name}.{column.name}"
            )
    assert filled >= {table.name for table, _ in SEALED_CHANNELS}


async def test_the_same_person_is_known_again_and_another_channel_tells_nothing(store: Store) -> None:
    office = await fill(store)
    with store() as unit:
        first = unit.threads.enter("memory", ADDRESS, NOW)
        other = unit.threads.enter("zalo", ADDRESS, NOW)
        unit.commit()
    assert first.id == office.thread(ADDRESS).id != other.id
    with store.engine.connect() as connection:
        hashes = set(connection.execute(select(threads.c.address_hash)).scalars())
    assert len(hashes) == 2
    assert first.address == ADDRESS


async def test_keys_are_renewed_under_everything_that_channels_keep(store: Store) -> None:
    office = await fill(store)
    rotate(store)
    assert set(count_by_key(store)) == {store.keys.current}
    assert office.thread(ADDRESS).pending is not None
    with store() as unit:
        assert len(unit.dead_letters.open()) == 2
    loaded = SealedTokens(store, "zalo", State).load()
    assert loaded is not None
    assert loaded.access == WORDS


def test_tokens_are_swapped_by_one_of_many_at_once(store: Store) -> None:
    tokens = SealedTokens(store, "zalo", State)
    assert tokens.load() is None
    for expected in range(3):

        def swap(job: int, expected: int = expected) -> bool:
            return tokens.swap(expected, State(expected + 1, f"{expected} {job}", None))

        won = together(6, swap)
        assert sorted(map(bool, won)) == [False] * 5 + [True]
        state = tokens.load()
        assert state is not None
        assert (state.version, state.access) == (expected + 1, f"{expected} {won.index(True)}")


def test_tokens_come_back_as_they_were_and_of_their_channel_alone(store: Store, keys: KeyRing) -> None:
    tokens = SealedTokens(store, "zalo", Tokens)
    state = Tokens(1, "a", NOW, NOW + timedelta(seconds=5), True)
    assert tokens.swap(0, state)
    assert tokens.load() == state
    assert not tokens.swap(0, replace(state, version=9))
    assert tokens.swap(1, replace(state, version=2, claimed_until=None))
    assert tokens.load() == replace(state, version=2, claimed_until=None)
    assert SealedTokens(store, "khác", Tokens).load() is None


async def test_figures_tell_how_a_channel_stands(store: Store) -> None:
    office = await fill(store)
    office.deliver(text="chờ", address="bình")
    with store() as unit:
        figures = unit.threads.standing("memory", office.clock.now())
        nothing = unit.threads.standing("zalo", office.clock.now())
    assert (figures["waiting"], figures["dead"], figures["threads"]["open"]) == (1, 2, 2)
    assert figures["last_inbound_at"] == NOW
    assert (nothing["waiting"], nothing["dead"], nothing["last_inbound_at"]) == (0, 0, None)


@pytest.mark.parametrize("found", ["open", "lost"])
def test_a_letter_that_fails_again_after_its_replay_is_seen_again(store: Store, found: str) -> None:
    office = Office(store)
    office.receiver.take(b"{")
    with store() as unit:
        [letter] = unit.dead_letters.open()
        if found == "lost":
            unit.dead_letters.tried(letter.id, NOW, done=True)
        unit.commit()
    office.receiver.take(b"{")
    with store() as unit:
        assert [one.id for one in unit.dead_letters.open()] == [letter.id]
