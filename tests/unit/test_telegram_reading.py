"""Updates of Telegram as what arrived: what each kind means, and what is none of ours."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.channels.contract import Arrival, BadBody, Incoming, Media
from bot.core.channels.editing import changed
from channels.telegram.reading import HELP, MAX_FILE, read_update
from tests.fakes import telegram_updates as made

SENT_AT = datetime.fromtimestamp(made.DATE, UTC)
WHO = 900_001


def read(update: dict[str, Any]) -> Incoming:
    (arrived,) = read_update(made.body(update))
    return arrived


def content(**fields: Any) -> Incoming:
    return read(made.update("message", made.message(WHO, **fields)))


def test_a_text_keeps_its_characters_its_update_number_and_its_time() -> None:
    text = unicodedata.normalize("NFD", "Đăng ký  khai sinh\ncần giấy tờ gì? 🙏")
    arrived = read(made.update("message", made.message(WHO, text=text), 700_000_001))
    assert arrived == Incoming(
        "telegram", "700000001", "900001", Arrival.TEXT, text=text, sent_at=SENT_AT, ref="11", order=700000001
    )


def test_a_redelivered_update_reads_the_same() -> None:
    body = made.body(made.written(WHO, "Cho tôi hỏi"))
    assert read_update(body) == read_update(body)


@pytest.mark.parametrize(
    ("text", "kind", "read_as"),
    [
        ("/start", Arrival.OPENED, ""),
        ("/start ", Arrival.OPENED, ""),
        ("/start NV025", Arrival.OPENED, "NV025"),
        ("/start@fake_bot qr_phuong-12", Arrival.OPENED, "qr_phuong-12"),
        ("/start tôi muốn hỏi về hộ tịch", Arrival.TEXT, "tôi muốn hỏi về hộ tịch"),
        ("/start " + "a" * 65, Arrival.TEXT, "a" * 65),
        ("/help", Arrival.TEXT, HELP),
        ("/help@fake_bot", Arrival.TEXT, HELP),
        ("/help giúp tôi với", Arrival.TEXT, "giúp tôi với"),
        ("/started", Arrival.TEXT, "/started"),
        ("/huy", Arrival.TEXT, "/huy"),
        ("bấm /start là gì", Arrival.TEXT, "bấm /start là gì"),
        ("/start\nhỏi giấy tờ", Arrival.TEXT, "hỏi giấy tờ"),
    ],
)
def test_commands_open_or_ask_and_no_words_after_them_are_lost(text: str, kind: Arrival, read_as: str) -> None:
    arrived = read(made.written(WHO, text))
    assert (arrived.kind, arrived.text) == (kind, read_as)


def test_a_button_brings_its_token_back_and_no_time() -> None:
    arrived = read(made.pressed(WHO, "17.2"))
    assert (arrived.kind, arrived.button, arrived.address, arrived.sent_at) == (
        Arrival.BUTTON,
        "17.2",
        "900001",
        None,
    )


@pytest.mark.parametrize("data", ["", "tệp:1", "a" * 25, "a b", "17.2\n"])
def test_data_that_is_no_token_of_ours_presses_nothing(data: str) -> None:
    arrived = read(made.pressed(WHO, data))
    assert (arrived.kind, arrived.button) == (Arrival.IGNORED, None)


def test_a_button_of_a_message_too_old_to_be_shown_is_still_a_button() -> None:
    update = made.pressed(WHO, "17.2")
    update["callback_query"]["message"] = {"chat": made.chat(WHO), "message_id": 12, "date": 0}
    assert read(update).kind is Arrival.BUTTON


def test_their_own_number_is_a_contact_in_international_form() -> None:
    for phone in ("84900000000", "+84900000000", "+84 90 000-00.00"):
        arrived = read(made.shared_phone(WHO, phone))
        assert (arrived.kind, arrived.phone, arrived.text) == (Arrival.CONTACT, "+84900000000", "")
    assert read(made.shared_phone(WHO, "0900000000")).phone == "0900000000"


@pytest.mark.parametrize("owner", [0, 900_002])
def test_a_card_of_somebody_else_is_a_typed_number_and_not_theirs(owner: int) -> None:
    arrived = read(made.shared_phone(WHO, owner=owner))
    assert (arrived.kind, arrived.phone, arrived.text) == (Arrival.TEXT, None, "+84900000000")


@pytest.mark.parametrize("phone", ["", "123", "9" * 40, "chín không không", "84９0000000"])
def test_a_card_without_a_number_gives_none(phone: str) -> None:
    arrived = read(made.shared_phone(WHO, phone))
    assert (arrived.kind, arrived.phone) == (Arrival.CONTACT, None)


def test_a_place_is_degrees_and_a_venue_is_a_place() -> None:
    place = {"latitude": 21.028511, "longitude": 105.804817}
    assert (content(location=place).kind, content(location=place).text) == (Arrival.LOCATION, "21.02851,105.80482")
    assert content(venue={"location": place, "title": "UBND"}, location=place).kind is Arrival.LOCATION


@pytest.mark.parametrize("latitude", [91, -90.1, True, "21", None, 10**400])
def test_a_place_off_the_globe_is_a_bad_body(latitude: object) -> None:
    with pytest.raises(BadBody):
        content(location={"latitude": latitude, "longitude": 105.8})


def test_of_a_photo_the_largest_size_that_can_be_fetched_is_taken_with_its_caption() -> None:
    sizes = [
        made.file_of("small", 1_000, width=90, height=60),
        made.file_of("huge", MAX_FILE + 1, width=9000, height=6000),
        made.file_of("large", 150_000, width=1280, height=960),
    ]
    arrived = content(photo=sizes, caption="Ảnh bảng giá")
    assert (arrived.kind, arrived.text) == (Arrival.FILE, "Ảnh bảng giá")
    assert arrived.media == (Media("large", mime="image/jpeg", size=150_000),)


def test_a_document_a_recording_and_a_film_say_what_they_claim_to_be() -> None:
    document = content(document=made.file_of("D1", 5_000, file_name="đơn.pdf", mime_type="application/pdf"))
    assert (document.kind, document.media) == (Arrival.FILE, (Media("D1", "đơn.pdf", "application/pdf", 5_000),))
    voice = content(voice=made.file_of("V1", 21_000, duration=9, mime_type="audio/ogg"))
    assert (voice.kind, voice.media) == (Arrival.VOICE, (Media("V1", "", "audio/ogg", 21_000, 9),))
    film = content(video_note=made.file_of("N1", duration=5, length=240))
    assert (film.kind, film.media[0].mime) == (Arrival.FILE, "video/mp4")


def test_stickers_dice_and_polls_are_shown_and_not_said() -> None:
    sticker = content(sticker=made.file_of("S1", emoji="🙏", width=1, height=1))
    assert (sticker.kind, sticker.text, sticker.media) == (Arrival.STICKER, "🙏", ())
    assert content(dice={"emoji": "🎲", "value": 6}).kind is Arrival.STICKER
    assert content(poll={"id": "1"}).kind is Arrival.STICKER


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("member", "kicked", Arrival.LEFT),
        ("kicked", "member", Arrival.OPENED),
        ("member", "member", Arrival.IGNORED),
        ("kicked", "something_new", Arrival.IGNORED),
    ],
)
def test_blocking_and_letting_in_again(old: str, new: str, kind: Arrival) -> None:
    assert read(made.membership(WHO, old, new)).kind is kind


def test_an_edit_names_its_message_and_has_its_words_and_its_moment() -> None:
    arrived = read(made.edited(WHO, "Sửa lại: cấp lại giấy khai sinh"))
    assert (arrived.kind, arrived.text) == (Arrival.EDITED, "Sửa lại: cấp lại giấy khai sinh")
    assert arrived.ref == read(made.written(WHO, "Cấp lại")).ref == "11"
    assert arrived.sent_at is not None
    assert (arrived.sent_at - SENT_AT).seconds == 5


def test_an_edit_of_a_place_or_of_a_caption_says_nothing() -> None:
    for fields in (
        {"location": {"latitude": 21, "longitude": 105}},
        {"photo": [made.file_of("P", width=1, height=1)]},
    ):
        update = made.update("edited_message", made.message(WHO, edit_date=made.DATE, caption="mới", **fields))
        arrived = read(update)
        assert (arrived.kind, arrived.text, arrived.media) == (Arrival.IGNORED, "", ())


def test_an_edit_changes_a_message_if_its_words_are_others() -> None:
    original, edit = read(made.written(WHO, "Hỏi khai sinh")), read(made.edited(WHO, "Hỏi khai tử"))
    assert changed(edit, [original])
    assert edit.platform_id != original.platform_id
    again = read(made.edited(WHO, "Hỏi kết hôn"))
    assert changed(again, [edit, original])
    assert changed(read(made.edited(WHO, "Hỏi khai sinh")), [edit, original]), "taken back"


@pytest.mark.parametrize(
    ("edit", "earlier"),
    [
        (made.edited(WHO, unicodedata.normalize("NFD", "Hoà  bình ")), [made.written(WHO, "Hoà bình")]),
        (made.edited(WHO, "Hỏi khai tử"), [made.edited(WHO, "Hỏi khai tử"), made.written(WHO, "Hỏi khai sinh")]),
        (made.edited(WHO, "Hỏi khai tử"), []),
        (made.edited(WHO, " "), [made.written(WHO, "Hỏi khai sinh")]),
        (made.edited(WHO, "/start"), [made.written(WHO, "Hỏi khai sinh")]),
    ],
)
def test_an_edit_without_other_words_changes_nothing(edit: Any, earlier: list[Any]) -> None:
    assert not changed(read(edit), list(map(read, earlier)))


def test_an_edit_that_was_overtaken_by_a_later_one_changes_nothing() -> None:
    edit, later = read(made.edited(WHO, "Hỏi khai tử")), read(made.edited(WHO, "Hỏi kết hôn"))
    assert edit.sent_at is not None
    later = replace(later, sent_at=edit.sent_at + timedelta(seconds=1))
    assert not changed(edit, [later, read(made.written(WHO, "Hỏi khai sinh"))])


@pytest.mark.parametrize(
    "update",
    [
        made.written(-100_200, "Chào cả nhóm"),
        made.pressed(-100_200, "1.2"),
        made.membership(-100_200, "left", "member"),
        made.update("message", made.message(-100_200, migrate_to_chat_id=-100_300)),
        made.update("message", made.message(WHO, pinned_message={})),
        made.update("message", made.message(WHO, text="tôi là máy") | {"from": {"id": 5, "is_bot": True}}),
        made.update("channel_post", {"chat": {"id": -100_9, "type": "channel"}, "text": "tin"}),
        made.update("inline_query", {"id": "1"}),
        made.update("a_kind_to_come", {"x": 1}),
        made.update("message", made.message(WHO, text="x") | {"chat": {"id": 5, "type": "a_type_to_come"}}),
        {"update_id": 5},
    ],
)
def test_groups_channels_other_bots_and_other_kinds_say_nothing(update: dict[str, Any]) -> None:
    assert read_update(made.body(update)) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe{}",
        b'{"update_id": NaN}',
        b'{"update_id": true}',
        b'{"update_id": "5"}',
        b'{"update_id": -1}',
        b'{"update_id": 1.0}',
        b'{"update_id": 1' + b"0" * 5000 + b"}",
        b'{"message": {}}',
        b'{"update_id": 1, "message": null}',
        b'{"update_id": 1, "message": {}, "callback_query": {}}',
        b"[" * 100_000,
        b'{"update_id":1,"message":' + b'{"a":' * 50_000,
        b" " * 1_048_577,
    ],
)
def test_what_is_no_update_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        read_update(body)


@pytest.mark.parametrize(
    "change",
    [
        {"text": None}, {"text": 5}, {"text": ["a"]}, {"date": 0}, {"date": 10**12}, {"date": "1790000000"},
        {"date": True}, {"chat": None}, {"chat": {"id": -5, "type": "private"}},
        {"chat": {"id": 2**60, "type": "private"}},
        {"chat": {"id": 5, "type": 7}}, {"from": []},
    ],
)  # fmt: skip
def test_fields_of_a_wrong_type_are_a_bad_body(change: dict[str, Any]) -> None:
    with pytest.raises(BadBody):
        read(made.update("message", made.message(WHO, text="Chào") | change))


def test_what_a_bad_body_says_is_not_repeated() -> None:
    with pytest.raises(BadBody) as caught:
        content(text={"Nguyễn Văn Bí Mật": "0912345678"})
    assert str(caught.value) == "text is not a text"


def test_half_characters_and_nul_do_not_reach_the_store() -> None:
    body = json.dumps(made.written(WHO, "a\ud800b\0c🙏")).encode()
    (arrived,) = read_update(body)
    assert arrived.text == "a�bc🙏"
    arrived.text.encode()
