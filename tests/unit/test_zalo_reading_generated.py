"""Zalo's webhook under generated bodies: read or refused, never anything else."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.channels.contract import BadBody, Media
from channels.zalo.reading import identity, read
from tests.unit.test_zalo_reading import message

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2000000000000000002"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([
    "user_send_text", "user_send_image", "user_send_file", "user_send_location", "user_send_link", "user_submit_info",
    "follow", "unfollow", "user_click_chatnow", "user_withdraw", "oa_send_text", "anonymous_send_text",
    "oa_send_anonymous_text", "user_send_audio", "user_seen_message", "user_send_group_text", "khac",
])  # fmt: skip
PARTS = st.fixed_dictionaries(
    {"event_name": NAMES | VALUES},
    optional={
        name: VALUES | st.fixed_dictionaries({}, optional={
            "id": VALUES, "admin_id": VALUES, "msg_id": VALUES, "text": VALUES, "phone": VALUES,
            "conversation_id": VALUES, "attachments": VALUES | st.lists(
                st.fixed_dictionaries({"payload": st.dictionaries(
                    st.sampled_from(["url", "coordinates", "name", "size"]), VALUES, max_size=4)}), max_size=3),
        })
        for name in ("sender", "recipient", "message", "info", "follower", "timestamp", "user_id", "oa_id")
    },
)  # fmt: skip


def check(raw: bytes) -> None:
    """Whatever comes: arrivals that can be stored, or BadBody; and the same id each time."""
    try:
        arrived = read(raw)
    except BadBody:
        arrived = ()
    assert identity(raw) == identity(raw)
    identity(raw).encode("ascii")
    for part in arrived:
        assert part.platform_id == identity(raw)
        assert part.address.isascii()
        part.text.encode("utf-8")
        assert all(isinstance(media, Media) and media.ref for media in part.media)


@settings(max_examples=300, deadline=None)
@given(PARTS)
def test_any_event_is_read_or_refused(event: dict[str, Any]) -> None:
    check(json.dumps(event).encode())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    check(raw)


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=0, max_value=255))
def test_a_truncated_or_changed_body_is_read_or_refused(place: int, byte: int) -> None:
    raw = message("user_send_file", {"url": "https://x.zdn.vn/a", "name": "đơn.pdf", "size": "9"}, text="a")
    place %= len(raw)
    check(raw[:place])
    check(raw[:place] + bytes([byte]) + raw[place + 1 :])
