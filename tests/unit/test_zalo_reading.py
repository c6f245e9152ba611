"""Reading Zalo's webhook: every documented event, and nothing but BadBody for what is none."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.channels.contract import Arrival, BadBody, Incoming
from channels.zalo.parsing import MAX_BODY_BYTES
from channels.zalo.reading import ReadingRules, identity, read

CITIZEN, ACCOUNT, OFFICER = "2000000000000000002", "3000000000000000003", "5000000000000000005"


def body(name: str, **fields: Any) -> bytes:
    base = {
        "app_id": "1000000000000000001",
        "event_name": name,
        "sender": {"id": CITIZEN},
        "recipient": {"id": ACCOUNT},
        "user_id_by_app": "4000000000000000004",
        "timestamp": "1790000000500",
    }
    event = {key: value for key, value in (base | fields).items() if value is not ...}
    return json.dumps(event, ensure_ascii=False).encode()


def message(name: str, payload: dict[str, Any] | None = None, **fields: Any) -> bytes:
    attachments = {"attachments": [{"type": "x", "payload": payload}]} if payload is not None else {}
    return body(name, message={"msg_id": "m1", **attachments, **fields})


def one(raw: bytes, rules: ReadingRules | None = None) -> Incoming:
    (arrived,) = read(raw, rules or ReadingRules())
    assert arrived.platform_id == identity(raw)
    assert arrived.channel == "zalo"
    return arrived


def test_a_text_keeps_its_ids_as_text_and_its_words_as_typed() -> None:
    arrived = one(message("user_send_text", text="  Thủ tục cấp đổi CCCD\n"))
    assert (arrived.kind, arrived.address, arrived.platform_id) == (Arrival.TEXT, CITIZEN, "m1")
    assert arrived.text == "  Thủ tục cấp đổi CCCD\n"
    assert arrived.sent_at == datetime.fromtimestamp(1790000000.5, UTC)


def test_an_id_that_came_as_a_number_is_not_rounded() -> None:
    assert one(body("user_send_text", sender={"id": 2**53 + 1}, message={"msg_id": "m", "text": "a"})).address == str(
        2**53 + 1
    )


@pytest.mark.parametrize("text", ["#chon:12.3", " #chon:12.3 ", "#chon:Az-9._"])
def test_a_pressed_button_is_a_button(text: str) -> None:
    arrived = one(message("user_send_text", text=text))
    assert (arrived.kind, arrived.button, arrived.text) == (Arrival.BUTTON, text.strip().removeprefix("#chon:"), "")


@pytest.mark.parametrize(
    "text", ["12.3", "#chon:", "#chon: 12.3", "#chon:" + "1" * 25, "#chon:điểm", "#hoso 12", "bấm #chon:12.3"]
)
def test_what_only_looks_like_a_button_is_text(text: str) -> None:
    arrived = one(message("user_send_text", text=text))
    assert (arrived.kind, arrived.text, arrived.button) == (Arrival.TEXT, text, None)


@pytest.mark.parametrize("name", ["user_send_image", "user_send_gif", "user_send_video", "user_send_file"])
def test_files_wait_at_the_platform(name: str) -> None:
    url = "https://f.example.zdn.vn/x"
    payload = {"url": url, "name": "don.pdf", "size": "20480", "type": "pdf", "checksum": "d41d8"}
    arrived = one(message(name, payload, text="đơn của tôi"))
    assert (arrived.kind, arrived.text) == (Arrival.FILE, "đơn của tôi")
    assert (arrived.media[0].ref, arrived.media[0].size) == (url, 20480)


def test_several_pictures_are_one_arrival() -> None:
    parts = [{"type": "image", "payload": {"url": f"https://x.zdn.vn/{n}", "thumbnail": "t"}} for n in range(3)]
    arrived = one(body("user_send_image", message={"msg_id": "m", "attachments": parts}))
    assert [media.ref[-1] for media in arrived.media] == ["0", "1", "2"]


def test_a_recording_is_a_voice_message_also_when_it_comes_as_a_file() -> None:
    assert one(message("user_send_audio", {"url": "https://x.zdn.vn/a"})).kind is Arrival.VOICE
    recorded = message("user_send_file", {"url": "https://x.zdn.vn/a", "name": "ghi.M4A", "type": "m4a"})
    assert one(recorded).kind is Arrival.VOICE
    assert one(recorded).media[0].mime == "audio/mp4"
    assert one(recorded, ReadingRules(audio_endings=frozenset())).kind is Arrival.FILE
    document = message("user_send_file", {"url": "https://x.zdn.vn/a", "name": "amr.pdf", "type": "pdf"})
    assert one(document).kind is Arrival.FILE


def test_a_link_is_text_and_is_not_repeated() -> None:
    payload = {"url": "https://vidu.example.vn/a", "description": "Bài báo", "thumbnail": "https://x"}
    assert one(message("user_send_link", payload)).text == "Bài báo\nhttps://vidu.example.vn/a"
    said = one(message("user_send_link", payload, text="Xem https://vidu.example.vn/a"))
    assert said.text == "Xem https://vidu.example.vn/a\nBài báo"
    assert said.media == ()


def test_a_location_is_its_coordinates() -> None:
    for latitude, longitude in (("10.77", "106.70"), (10.77, 106.7)):
        payload = {"coordinates": {"latitude": latitude, "longitude": longitude}}
        arrived = one(message("user_send_location", payload, text=""))
        assert (arrived.kind, arrived.text) == (Arrival.LOCATION, f"{latitude},{longitude}")


@pytest.mark.parametrize(
    "point",
    [{}, {"latitude": "10"}, {"latitude": "91", "longitude": "0"}, {"latitude": "nan", "longitude": "0"},
     {"latitude": "1e999", "longitude": "0"}, {"latitude": 1e308, "longitude": 1}, {"latitude": True, "longitude": 1},
     {"latitude": "1" * 5_000, "longitude": "1"}, {"latitude": [], "longitude": {}}],
)  # fmt: skip
def test_a_location_that_is_none_is_refused(point: dict[str, Any]) -> None:
    with pytest.raises(BadBody):
        read(message("user_send_location", {"coordinates": point}))


@pytest.mark.parametrize("name", ["user_send_sticker", "user_send_business_card", "user_send_hologram"])
def test_what_has_no_words_still_gets_an_answer(name: str) -> None:
    assert one(message(name, {"url": "https://x.zdn.vn/s", "id": "7"})).kind is Arrival.STICKER


def test_the_number_on_a_card_is_not_taken_for_the_citizens() -> None:
    assert one(message("user_send_business_card", {"description": '{"phone":"84900000000"}'})).phone is None


def test_a_new_kind_of_message_with_words_is_text() -> None:
    assert one(message("user_send_hologram", text="xin chào")).kind is Arrival.TEXT


@pytest.mark.parametrize(
    ("said", "phone"),
    [("84900000000", "0900000000"), ("+84 900 000 000", "0900000000"), ("0900000000", "0900000000"),
     (84900000000, "0900000000"), ("900000000", "0900000000"), ("842438253536", "02438253536"), ("", None),
     ("0900", None), ("không có", None), (None, None), ("9" * 9_999, None)],
)  # fmt: skip
def test_the_form_gives_the_telephone_number_alone(said: Any, phone: str | None) -> None:
    info = {"name": "Nguyễn Thị Thử", "phone": said, "full_address": {"user_city": "…"}, "user_dob": "1/1/1990"}
    arrived = one(body("user_submit_info", info=info))
    assert (arrived.kind, arrived.phone, arrived.text) == (Arrival.CONTACT, phone, "")


def test_following_opens_and_leaving_closes() -> None:
    fields: dict[str, Any] = {"sender": ..., "recipient": ..., "oa_id": ACCOUNT, "follower": {"id": CITIZEN}}
    opened, left = one(body("follow", **fields)), one(body("unfollow", **fields))
    assert [(opened.kind, opened.address), (left.kind, left.address)] == [
        (Arrival.OPENED, CITIZEN),
        (Arrival.LEFT, CITIZEN),
    ]
    again = body("follow", **fields | {"timestamp": "1790000000999"})
    assert identity(again) != opened.platform_id
    assert CITIZEN not in opened.platform_id


def test_chat_now_greets_unless_only_followers_may_be_written_to() -> None:
    raw = body("user_click_chatnow", sender=..., recipient=..., oa_id=ACCOUNT, user_id=CITIZEN)
    assert (one(raw).kind, one(raw).address) == (Arrival.OPENED, CITIZEN)
    assert read(raw, ReadingRules(followers_only=True)) == ()


def test_a_withdrawal_erases() -> None:
    arrived = one(body("user_withdraw", sender=..., recipient=..., user_id=CITIZEN))
    assert (arrived.kind, arrived.address) == (Arrival.ERASE, CITIZEN)


def test_somebody_without_an_account_is_answered_in_their_conversation() -> None:
    raw = body("anonymous_send_text", message={"msg_id": "m9", "text": "chào", "conversation_id": "c7"})
    assert one(raw).address == f"anon:{CITIZEN}:c7"
    with pytest.raises(BadBody):
        read(body("anonymous_send_text", message={"msg_id": "m9", "text": "chào"}))


def echo(name: str = "oa_send_text", **sender: Any) -> bytes:
    roles = {"sender": {"id": ACCOUNT, **sender}, "recipient": {"id": CITIZEN}}
    return body(name, **roles, message={"msg_id": "m4", "text": "Cán bộ trả lời…", "conversation_id": "c7"})


def test_an_officer_in_zalos_own_console_is_told_from_our_own_echo() -> None:
    arrived = one(echo(admin_id=OFFICER))
    assert (arrived.kind, arrived.address, arrived.text) == (Arrival.OFFICER, CITIZEN, "Cán bộ trả lời…")
    assert arrived.platform_id != "m4"
    for nobody in ({}, {"admin_id": None}, {"admin_id": ""}, {"admin_id": "0"}):
        assert read(echo(**nobody)) == ()
    assert read(echo(admin_id=OFFICER), ReadingRules(own_admin_ids=frozenset({OFFICER}))) == ()


@pytest.mark.parametrize("name", ["oa_send_image", "oa_send_file", "oa_send_list", "oa_send_sticker", "oa_send_gif"])
def test_an_officers_picture_or_file_counts_too(name: str) -> None:
    assert one(echo(name, admin_id=OFFICER)).kind is Arrival.OFFICER


def test_an_officer_who_answers_somebody_without_an_account() -> None:
    assert one(echo("oa_send_anonymous_text", admin_id=OFFICER)).address == f"anon:{CITIZEN}:c7"


@pytest.mark.parametrize(
    "name",
    ["user_seen_message", "user_received_message", "user_reacted_message", "oa_reacted_message", "oa_send_consent",
     "user_reply_consent", "user_call_oa", "oa_call_user", "user_send_group_text", "oa_send_group_text",
     "create_group", "user_join_group", "add_user_to_tag", "change_oa_daily_quota", "widget_interaction_accepted"],
)  # fmt: skip
def test_marks_calls_and_groups_are_of_no_consequence(name: str) -> None:
    raw = message(name, text="a")
    assert read(raw) == ()
    assert identity(raw) != identity(message("user_send_text", text="a"))


def test_saving_the_address_says_nothing() -> None:
    assert read(b"{}") == ()


def test_another_account_is_refused_where_ours_is_known() -> None:
    rules = ReadingRules(oa_id="9000000000000000009")
    for raw in (message("user_send_text", text="a"), echo(admin_id=OFFICER)):
        with pytest.raises(BadBody):
            read(raw, rules)
    assert read(message("user_send_text", text="a"), ReadingRules(oa_id=ACCOUNT))


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b'"a"', b"{", b"\xff\xfe", b'{"a":NaN}', b"[" * 100_000, b'{"a":' * 60_000,
     b'{"event_name":1}', b'{"event_name":"follow"}', b'{"event_name":"no_such_event"}',
     b'{"event_name":"user_send_text"}', b'{"n":' + b"9" * 5_000 + b"}", b"x" * (MAX_BODY_BYTES + 1)],
)  # fmt: skip
def test_what_is_no_event_is_refused(raw: bytes) -> None:
    with pytest.raises(BadBody):
        read(raw)
    assert identity(raw) == identity(raw)


@pytest.mark.parametrize(
    "fields",
    [{"sender": "a"}, {"sender": {}}, {"sender": {"id": "a:b"}}, {"sender": {"id": True}}, {"message": []},
     {"message": {"text": "a"}}, {"message": {"msg_id": "m", "text": 1}}, {"timestamp": {}}, {"timestamp": "hôm nay"},
     {"message": {"msg_id": "m\n", "text": "a"}}, {"message": {"msg_id": "x" * 101, "text": "a"}}],
)  # fmt: skip
def test_wrong_types_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadBody):
        read(body("user_send_text", **{"message": {"msg_id": "m", "text": "a"}} | fields))


@pytest.mark.parametrize("name", ["user_send_image", "user_send_file", "user_send_audio"])
@pytest.mark.parametrize("payload", [{}, {"url": 1}, {"url": "https://x/" + "a" * 9_000}, {"url": ["a"]}])
def test_a_file_without_an_address_is_refused(name: str, payload: dict[str, Any]) -> None:
    with pytest.raises(BadBody):
        read(message(name, payload))


def test_a_clock_that_cannot_be_is_no_clock() -> None:
    for stamp in ("179000000050", "0", 99999999999999, None):
        assert one(body("user_send_text", timestamp=stamp, message={"msg_id": "m", "text": "a"})).sent_at is None


def test_half_characters_do_not_get_through() -> None:
    raw = rb'{"event_name":"user_send_text","sender":{"id":"1"},"message":{"msg_id":"m","text":"a\ud83d\u0000b"}}'
    one(raw).text.encode("utf-8")
