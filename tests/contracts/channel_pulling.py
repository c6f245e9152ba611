"""Suites of channels to which people come: they fetch what was said, and bring their files themselves."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.messages import EventKind
from bot.core.replies import Button, Reply
from bot.store import Store
from tests.contracts.channel_rig import JPEG, Rig


class Pulling(Rig, Protocol):
    """A rig of a channel to which people come."""

    def fetched(self, address: str, after: int) -> list[dict[str, object]]:
        """Return the events after a sequence, as the person's program is given them."""
        ...

    def refused(self, address: str, other: str) -> Sequence[int]:
        """Return the statuses by which somebody with another's key is refused: reading, writing, sending a file."""
        ...

    def uploaded(self, address: str, content: bytes) -> tuple[int, bytes]:
        """Send a file, and return the status and what of it is stored."""
        ...


class PullSuite:
    """What holds where people fetch what was said."""

    async def test_all_of_a_long_answer_is_there(self, rig: Pulling, store: Store) -> None:
        place, to = rig.place(store), rig.person(1)
        text = "Câu này có dấu. " * 1_000
        buttons = tuple(Button(f"b{n}", f"Mục {n}") for n in range(30))
        place.answers += [Reply("a", text, buttons=buttons)]
        await place.says(to, "hỏi", 1)
        body = rig.fetched(to, 2)[0]["body"]
        assert isinstance(body, dict)
        assert body["text"] == text
        assert [button["id"] for button in body["buttons"]] == [button.id for button in buttons]

    async def test_what_was_said_is_given_again_from_any_place(self, rig: Pulling, store: Store) -> None:
        place, to = rig.place(store), rig.person(1)
        for serial in range(5):
            await place.says(to, f"câu {serial}", serial)
        whole = rig.fetched(to, 0)
        assert [event["sequence"] for event in whole] == list(range(1, 12))
        assert [event["kind"] for event in whole[1:3]] == [EventKind.CITIZEN, EventKind.ASSISTANT]
        for after in range(12):
            assert rig.fetched(to, after) == whole[after:]
        assert rig.fetched(to, 1_000) == []

    async def test_another_sees_and_says_nothing_here(self, rig: Pulling, store: Store) -> None:
        place = rig.place(store)
        for number in (1, 2):
            await place.says(rig.person(number), f"chuyện {number}", number)
        assert rig.refused(rig.person(1), rig.person(2)) == [401, 401, 401]
        assert len(rig.fetched(rig.person(1), 0)) == 3


class UploadSuite:
    """What holds where files come to us at once."""

    async def test_a_file_is_stored_as_it_was_sent(self, rig: Pulling, store: Store) -> None:
        rig.place(store)
        assert rig.uploaded(rig.person(1), JPEG) == (201, JPEG)
        assert rig.uploaded(rig.person(1), JPEG) == (200, JPEG), "once, however often it is sent"

    async def test_a_file_that_is_too_large_or_none_is_refused(self, rig: Pulling, store: Store) -> None:
        rig.place(store)
        assert rig.uploaded(rig.person(1), JPEG + bytes(200_000)) == (413, b"")
        assert rig.uploaded(rig.person(1), b"") == (415, b"")
        assert rig.uploaded(rig.person(1), b"MZ" + bytes(500)) == (415, b"")
