"""One conformance suite for channels: subclass the suites in a test module with a fixture `rig` of the channel's.

    class TestReading(ReadingSuite): ...    # every channel
    class TestWhole(WholeSuite): ...        # every channel
    class TestSending(SendingSuite): ...    # where the rig's traits have what SUITES asks for

`rig` is a Rig: the channel with what stands behind it, which writes bodies as people's programs do and tells what
came of them. test_channels.py holds each module to the suites of its rig's traits, so that nothing is skipped unseen.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.channels.contract import Arrival, BadBody, Choice, Failure, Media, MediaRefused, Outgoing, SendFailed
from bot.core.messages import EventKind
from bot.core.replies import Button, Reply
from bot.store import Store
from tests.contracts.channel_pulling import PullSuite, UploadSuite
from tests.contracts.channel_rig import (
    JPEG,
    OGG,
    VIETNAMESE,
    Fault,
    PlatformPlace,
    Pushing,
    Rig,
    Trait,
    spoilt,
)
from tests.integration.channel_steps import GREETING


class ReadingSuite:
    """What a reader of bodies promises."""

    @pytest.mark.parametrize("text", [VIETNAMESE, unicodedata.normalize("NFD", VIETNAMESE), "x", "😀" * 50, "a\n\nb"])
    def test_a_text_is_read_as_it_was_typed(self, rig: Rig, text: str) -> None:
        [arrived] = rig.read(rig.text(rig.person(1), text, 1))
        assert (arrived.channel, arrived.kind, arrived.text) == (rig.name, Arrival.TEXT, text)
        assert arrived.address == rig.person(1)

    def test_a_redelivery_has_the_same_id_and_another_message_another(self, rig: Rig) -> None:
        [first] = rig.read(rig.text(rig.person(1), "a", 1))
        [again] = rig.read(rig.text(rig.person(1), "a", 1))
        [other] = rig.read(rig.text(rig.person(1), "a", 2))
        assert first.platform_id == again.platform_id != other.platform_id

    @pytest.mark.parametrize("token", ["1.0", "999999999999.999"])
    def test_a_button_brings_its_token_back(self, rig: Rig, token: str) -> None:
        [arrived] = rig.read(rig.button(rig.person(1), token, 1))
        assert (arrived.kind, arrived.button, arrived.address) == (Arrival.BUTTON, token, rig.person(1))

    def test_moments_are_utc(self, rig: Rig) -> None:
        [arrived] = rig.read(rig.text(rig.person(1), "a", 1))
        assert arrived.sent_at is None or arrived.sent_at.utcoffset() == datetime.now(UTC).utcoffset()

    def test_any_other_body_is_bad_and_nothing_worse(self, rig: Rig) -> None:
        genuine = json.loads(rig.text(rig.person(1), VIETNAMESE, 1))

        @given(st.one_of(st.binary(max_size=300), spoilt(genuine)))
        @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def read(body: bytes) -> None:
            try:
                arrived = rig.read(body)
            except BadBody:
                return
            for one in arrived:
                assert isinstance(one.text, str)
                assert one.platform_id.isprintable()
                assert one.address.isprintable()

        read()

    def test_truncated_bodies_are_bad(self, rig: Rig) -> None:
        body = rig.text(rig.person(1), VIETNAMESE, 1)
        for end in range(0, len(body) - 1, 7):
            with pytest.raises(BadBody):
                rig.read(body[:end])

    @pytest.mark.timeout(60)
    def test_deep_and_huge_bodies_take_little_time(self, rig: Rig) -> None:
        for body in (b"[" * 100_000, b'{"a":' * 50_000, b'{"x":"' + b"a" * 1_000_000 + b'"}', b"1" * 100_000):
            with pytest.raises(BadBody):
                rig.read(body)


class SendingSuite:
    """What a sender promises."""

    async def test_all_that_fits_the_capabilities_is_taken(self, rig: Pushing) -> None:
        shows, to = rig.channel.capabilities, rig.person(1)
        choices = tuple(Choice(f"999999999999.{n:03}", "Đ" * shows.button_title) for n in range(shows.buttons))
        longest = ("Câu này có dấu. " * shows.text_limit)[: shows.text_limit - 1] + "."
        for key, text, under in (("1.0", longest, ()), ("2.0", "Chọn nhé", choices), ("3.0", "😀", choices[:1])):
            assert await rig.channel.send(to, Outgoing(key, text, under))
        assert [unicodedata.normalize("NFC", text) for text in rig.taken(to)] == [longest, "Chọn nhé", "😀"]

    async def test_what_does_not_fit_is_given_up_at_once(self, rig: Pushing) -> None:
        too_long = "a" * (rig.channel.capabilities.text_limit + 1)
        for text in (too_long, "", "  \n"):
            assert await self._fails(rig, rig.person(1), text) is Failure.GIVE_UP
        assert rig.taken(rig.person(1)) == []

    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            ("before", {Failure.RETRY, Failure.UNKNOWN}),
            ("after", {Failure.UNKNOWN}),
            ("blocked", {Failure.BLOCKED}),
            ("busy", {Failure.WAIT}),
        ],
    )
    async def test_a_failure_says_what_is_to_be_done(
        self, rig: Pushing, fault: Fault, expected: set[Failure]
    ) -> None:
        to = rig.person(1)
        rig.fail_next(fault, to)
        assert await self._fails(rig, to, "một") in expected
        assert rig.taken(to) == (["một"] if fault == "after" else [])

    @pytest.mark.parametrize("address", ["", "x", "-", "không", "anon:", "1" * 60])
    async def test_an_address_that_is_none_is_no_reason_to_fall(self, rig: Pushing, address: str) -> None:
        assert await self._fails(rig, address, "một") in {Failure.GIVE_UP, Failure.BLOCKED, Failure.WINDOW}

    async def test_what_does_not_fit_as_buttons_is_numbered(self, rig: Pushing, store: Store) -> None:
        place, to = PlatformPlace(rig, store), rig.person(1)
        titles = [f"Mục {n}" for n in range(rig.channel.capabilities.buttons + 2)]
        place.answers += [Reply("a", "Chọn nhé", buttons=tuple(Button(title, title) for title in titles))]
        await place.says(to, "hỏi", 1)
        assert f"{len(titles)}. {titles[-1]}" in place.shown(to)[-1]
        await place.picks(to, 3, len(titles), 2)
        assert place.shown(to)[-1] == f"«[{titles[-1]}] {titles[-1]}»"

    async def _fails(self, rig: Pushing, to: str, text: str) -> Failure:
        with pytest.raises(SendFailed) as caught:
            await rig.channel.send(to, Outgoing("1.0", text))
        # Never the platform's words, which may repeat ours.
        assert len(caught.value.code) <= 40
        return caught.value.failure


class MediaSuite:
    """What a fetcher promises."""

    def test_files_and_voices_bring_something_to_fetch(self, rig: Pushing) -> None:
        for body, kind in (
            (rig.file(rig.person(1), JPEG, 1), Arrival.FILE),
            (rig.voice(rig.person(1), OGG, 2), Arrival.VOICE),
        ):
            [arrived] = rig.read(body)
            assert arrived.kind is kind
            assert len(arrived.media) == 1

    async def test_a_file_comes_as_it_is_there(self, rig: Pushing) -> None:
        [arrived] = rig.read(rig.file(rig.person(1), JPEG, 1))
        assert await rig.channel.fetch(arrived.media[0], 10_000) == JPEG

    async def test_a_file_larger_than_wanted_is_refused_whatever_it_claims(self, rig: Pushing) -> None:
        [arrived] = rig.read(rig.file(rig.person(1), JPEG + bytes(20_000), 1))
        with pytest.raises(MediaRefused) as caught:
            await rig.channel.fetch(arrived.media[0], 10_000)
        assert caught.value.reason == "size"

    async def test_a_file_that_is_not_there_is_gone(self, rig: Pushing) -> None:
        with pytest.raises((MediaRefused, SendFailed)):
            await rig.channel.fetch(rig.gone_file(), 10_000)

    @pytest.mark.parametrize(
        "ref",
        ["http://127.0.0.1:1/x", "http://169.254.169.254/latest", "file:///etc/passwd", "../../x", "", "ftp://a"],
    )
    async def test_no_other_place_is_opened(self, rig: Pushing, ref: str) -> None:
        with pytest.raises((MediaRefused, SendFailed)):
            await rig.channel.fetch(Media(ref), 10_000)


class WholeSuite:
    """What a channel and the common core do together, over a real store."""

    async def test_a_dialogue_comes_out_the_same_on_every_channel(self, rig: Rig, store: Store) -> None:
        place, to = rig.place(store), rig.person(1)
        titles = [f"Mục {n}" for n in range(1, 11)]
        place.answers += [
            Reply("a", "Chọn nhé", buttons=tuple(Button(f"b{n}", title) for n, title in enumerate(titles))),
            Reply("b", "Đã chọn"),
        ]
        await place.opens(to, 1)
        await place.says(to, "hỏi", 2)
        await place.picks(to, 3, 10, 3)
        await place.presses(to, 3, 1, 4)
        await place.sends(to, JPEG, 5)
        texts = place.shown(to)
        assert texts[0] == GREETING.text
        assert texts[1].startswith("Chọn nhé")
        assert "Mục 10" in texts[1]
        assert texts[2:4] == ["Đã chọn", "«[b1] Mục 2»"]
        assert texts[4].startswith("«[file:")
        said = [event.body["text"] for event in place.log(to) if event.kind is EventKind.CITIZEN]
        assert said[:3] == ["hỏi", "Mục 10", "Mục 2"]

    async def test_each_is_answered_in_order_whatever_fails(self, rig: Rig, store: Store) -> None:
        place = rig.place(store)
        people = [rig.person(number) for number in range(1, 31)]
        rig.unreliable(0.15)
        for round_ in range(4):
            for number, address in enumerate(people):
                for _ in range(2):
                    place.deliver(address, f"câu {round_}", 1_000 * round_ + number)
            await place.settle()
        rig.unreliable(0)
        await place.settle()
        assert place.troubles() > 0, "nothing failed"
        repeated = 0
        for address in people:
            texts = place.shown(address)
            once = [text for at, text in enumerate(texts) if at == 0 or texts[at - 1] != text]
            assert once == [GREETING.text, *(f"«câu {round_}»" for round_ in range(4))]
            repeated += len(texts) - len(once)
        assert repeated <= place.uncertain()
        assert place.given_up() == 0


class PresenceSuite:
    """What holds where people come and go."""

    def test_coming_and_going_are_told_apart(self, rig: Pushing) -> None:
        assert [a.kind for a in rig.read(rig.opened(rig.person(1), 1))] == [Arrival.OPENED]
        assert [a.kind for a in rig.read(rig.left(rig.person(1), 2))] == [Arrival.LEFT]

    async def test_who_left_and_comes_back_is_not_forgotten(self, rig: Pushing, store: Store) -> None:
        place, to = PlatformPlace(rig, store), rig.person(1)
        await place.says(to, "hỏi", 1)
        await place.take(rig.left(to, 2))
        place.office.say("kết quả", to)
        await place.office.send()
        assert rig.taken(to)[-1] == "«hỏi»"
        await place.says(to, "tôi đây", 3)
        assert rig.taken(to)[-2:] == ["kết quả", "«tôi đây»"]


SUITES: Mapping[type, Trait | None] = {
    ReadingSuite: None,
    WholeSuite: None,
    SendingSuite: Trait.PUSHES,
    PresenceSuite: Trait.LEAVES,
    MediaSuite: Trait.KEEPS_FILES,
    UploadSuite: Trait.TAKES_FILES,
    PullSuite: Trait.PULLS,
}
