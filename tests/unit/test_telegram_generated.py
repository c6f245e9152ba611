"""Generated bodies for the reader: valid ones lose nothing, hostile ones raise BadBody and nothing else."""

import contextlib
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.channels.contract import Arrival, BadBody, Incoming
from bot.core.channels.editing import changed
from channels.telegram.errands import errand_of
from channels.telegram.reading import read_update
from tests.fakes import telegram_updates as made

# Generating takes longer than reading, and the machine may be busy.
CALM = settings(deadline=None, max_examples=200)
IDS = st.integers(1, 2**52 - 1)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=4096)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=24)
FILES = st.builds(made.file_of, st.text(max_size=30), st.none() | st.integers(0, 2**40), width=IDS, height=IDS)
SIZES = st.lists(FILES, min_size=1, max_size=4)
KNOWN = (
    *("chat", "from", "text", "date", "photo", "voice", "contact", "location", "data", "message", "sticker", "id"),
    *("old_chat_member", "new_chat_member", "caption"),
)
VALID = st.one_of(
    st.builds(made.written, IDS, TEXTS),
    st.builds(made.edited, IDS, TEXTS),
    st.builds(made.pressed, IDS, TOKENS),
    st.builds(made.shared_phone, IDS, st.text(max_size=20)),
    st.builds(
        made.membership, IDS, st.sampled_from(["member", "kicked"]), st.sampled_from(["member", "kicked", "left"])
    ),
    st.builds(lambda who, file: made.update("message", made.message(who, document=file)), IDS, FILES),
    st.builds(lambda who, sizes: made.update("message", made.message(who, photo=sizes)), IDS, SIZES),
)  # fmt: skip

NOISE = (b"null", b"{", b"]", b'"', b"-1e999", b"\\ud800", b"\x00", b",", b"true")


def read_or_refuse(body: bytes) -> tuple[Incoming, ...] | None:
    """Read with every reader; any exception but BadBody fails the test."""
    with contextlib.suppress(BadBody):
        errand_of(body)
    try:
        arrived = read_update(body)
    except BadBody:
        return None
    for incoming in arrived:
        json.dumps(
            [incoming.text, incoming.address, [media.name for media in incoming.media]], ensure_ascii=False
        ).encode()
        assert incoming.platform_id.isdigit()
        assert int(incoming.address) > 0
        assert incoming.ref.lstrip("-").isdigit() or not incoming.ref
        assert not changed(incoming, [incoming])
        assert incoming.button is None or len(incoming.button.encode("ascii")) <= 24
    return arrived


@CALM
@given(IDS, TEXTS)
def test_no_text_is_lost_or_changed(who: int, text: str) -> None:
    (arrived,) = read_update(made.body(made.written(who, text)))
    if not text.startswith("/"):
        assert (arrived.address, arrived.kind, arrived.text) == (str(who), Arrival.TEXT, text)


@CALM
@given(VALID)
def test_valid_updates_say_one_thing(update: dict[str, Any]) -> None:
    arrived = read_or_refuse(made.body(update))
    assert arrived is not None
    assert [incoming.platform_id for incoming in arrived] == [str(update["update_id"])]


@CALM
@given(VALID, st.floats(0, 1), st.binary(max_size=3))
def test_truncated_and_garbled_bodies_are_read_or_refused(update: dict[str, Any], at: float, noise: bytes) -> None:
    body = made.body(update)
    cut = int(at * len(body))
    if cut < len(body):
        assert read_or_refuse(body[:cut]) is None
    read_or_refuse(body[:cut] + noise + body[cut:])
    read_or_refuse(body[:cut] + noise + body[cut + len(noise) :])


@CALM
@given(VALID, st.data())
def test_wrong_types_anywhere_are_read_or_refused(update: dict[str, Any], data: st.DataObject) -> None:
    path, holder = [], update
    while True:
        key = data.draw(st.sampled_from(sorted(holder)))
        path.append(key)
        if not isinstance(holder[key], dict) or not holder[key] or data.draw(st.booleans()):
            break
        holder = holder[key]
    changed = json.loads(json.dumps(update))
    target = changed
    for key in path[:-1]:
        target = target[key]
    if data.draw(st.booleans()):
        target[path[-1]] = data.draw(ANYTHING)
    else:
        del target[path[-1]]
    read_or_refuse(json.dumps(changed).encode())


@CALM
@given(st.binary(max_size=200) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_is_read_or_refused(body: bytes) -> None:
    read_or_refuse(body)


@CALM
@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]),
    st.dictionaries(
        st.sampled_from(KNOWN),
        ANYTHING | st.fixed_dictionaries({"id": IDS, "type": st.sampled_from(["private", "group", "channel"])}),
    ),
)
def test_known_fields_with_any_content_are_read_or_refused(kind: str, content: dict[str, Any]) -> None:
    read_or_refuse(json.dumps({"update_id": 1, kind: content}).encode())


@pytest.mark.timeout(60)
def test_huge_bodies_take_time_in_proportion() -> None:
    bodies = [
        made.body(made.written(5, "/start " + " " * 900_000 + "x")),
        made.body(made.written(5, "/" * 1_000_000)),
        json.dumps(made.written(5, "\ud800" * 150_000)).encode(),
        made.body(made.shared_phone(5, " .-" * 330_000)),
        made.body(
            made.update("message", made.message(5, photo=[{"file_id": "a", "width": 1, "height": 1}] * 20_000))
        ),
        b'{"update_id":' + b"[" * 1_000_000,
        b'{"a":1,' * 100_000,
    ]
    for body in bodies:
        read_or_refuse(body)


def test_ten_thousand_garbled_deliveries_are_read_or_refused() -> None:
    chance = random.Random(20261126)
    examples = [
        made.written(900_001, "Đăng ký khai sinh cần giấy tờ gì?"),
        made.edited(900_001, "Sửa lại"),
        made.pressed(900_001, "17.2"),
        made.shared_phone(900_001),
        made.membership(900_001, "member", "kicked"),
        made.membership(-100_200, "left", "member"),
        made.update("message", made.message(900_001, voice=made.file_of("V1", 21_000, duration=9))),
    ]
    outcomes = [0, 0]
    for number in range(10_000):
        body = bytearray(made.body(examples[number % len(examples)]))
        for _ in range(chance.randint(0, 3)):
            at = chance.randrange(len(body))
            match chance.randrange(3):
                case 0:
                    body[at] = chance.randrange(256)
                case 1:
                    del body[at : at + chance.randint(1, 30)]
                case _:
                    body[at:at] = chance.choice(NOISE)
            if not body:
                break
        outcomes[read_or_refuse(bytes(body)) is None] += 1
    assert min(outcomes) > 1_000
