"""Sending against the fake Zalo: every kind of reply, every fault, limits and windows."""

import unicodedata
from typing import Any

import httpx
import pytest

from bot.core.channels.contract import Channel, Choice, Failure, Outgoing
from channels.zalo.sending import title
from tests.integration.zalo_steps import CITIZEN, Bench, bench, failure

HELLO = Outgoing("k1", "Chào anh/chị")
CHOICES = tuple(Choice(f"12.{n}", f"Lựa chọn {n}") for n in range(5))
PDF = b"%PDF-1.7 mau to khai"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 50
GIF = b"GIF89a\x10\x00\x20\x00" + b"x" * 50
PICTURE = "https://vidu.example.vn/logo.png"


def last(on: Bench) -> dict[str, Any]:
    return on.state.sent[-1].message


async def test_a_text_is_sent_composed_and_answered_with_its_id() -> None:
    with bench() as on:
        channel: Channel = on.channel
        decomposed = unicodedata.normalize("NFD", "Thủ tục cấp đổi")
        assert await channel.send(CITIZEN, Outgoing("k", decomposed)) == on.state.sent[-1].message_id
        assert last(on) == {"text": "Thủ tục cấp đổi"}
        assert on.state.decomposed == 0
        assert on.counters.counts["quota.reply"] == 1


@pytest.mark.parametrize(("letters", "sent"), [(2_000, True), (2_001, False)])
async def test_two_thousand_letters_with_their_marks_are_taken(letters: int, sent: bool) -> None:
    with bench() as on:
        message = Outgoing("k", unicodedata.normalize("NFD", "ế" * letters))
        if sent:
            assert await on.channel.send(CITIZEN, message)
        else:
            assert (await failure(on.channel.send(CITIZEN, message))).failure is Failure.GIVE_UP
            assert on.state.calls["/v3.0/oa/message/cs"] == 0


@pytest.mark.parametrize("text", ["", "  \n", "\x00"])
async def test_nothing_is_not_sent(text: str) -> None:
    with bench() as on:
        assert (await failure(on.channel.send(CITIZEN, Outgoing("k", text)))).failure is Failure.GIVE_UP


async def test_characters_that_cannot_travel_are_left_out() -> None:
    with bench() as on:
        assert await on.channel.send(CITIZEN, Outgoing("k", "a\ud800b\x00c\n🙂"))
        assert last(on)["text"] == "abc\n🙂"


@pytest.mark.parametrize("query", ["hide", "show"])
async def test_buttons_come_back_as_what_was_given(query: str) -> None:
    with bench(button_query=query) as on:
        link = Choice("12.9", "Cổng dịch vụ công", "https://dichvucong.gov.vn/x")
        await on.channel.send(CITIZEN, Outgoing("k", "Chọn", (*CHOICES[:4], link)))
        buttons = last(on)["attachment"]["payload"]["buttons"]
        assert "template_type" not in last(on)["attachment"]["payload"]
        assert buttons[4] == {"title": link.title, "type": "oa.open.url", "payload": {"url": link.url}}
        assert {button["type"] for button in buttons[:4]} == {f"oa.query.{query}"}
        event = {
            "event_name": "user_send_text",
            "sender": {"id": CITIZEN},
            "message": {"msg_id": "m", "text": buttons[2]["payload"]},
        }
        (arrived,) = on.channel.read(httpx.Request("POST", "http://x", json=event).content)
        assert arrived.button == "12.2"


async def test_the_other_form_of_buttons_is_a_setting() -> None:
    with bench(button_template_type="button") as on:
        await on.channel.send(CITIZEN, Outgoing("k", "Chọn", CHOICES))
        assert last(on)["attachment"]["payload"]["template_type"] == "button"


async def test_long_titles_many_buttons_and_bad_links_are_made_to_fit() -> None:
    with bench() as on:
        many = (
            Choice("1.1", "x " * 99),
            Choice("1.2", "Xấu", "javascript:alert(1)"),
            *CHOICES,
            Choice("1.9", "thừa"),
        )
        await on.channel.send(CITIZEN, Outgoing("k", "Chọn", many))
        buttons = last(on)["attachment"]["payload"]["buttons"]
        assert len(buttons) == 5
        assert len(buttons[0]["title"]) <= 100
        assert all(button["title"] != "Xấu" for button in buttons)
    assert title("a\nb") == "a b"


async def test_the_form_for_the_telephone_number_follows_the_text() -> None:
    with bench(form_image_url=PICTURE) as on:
        await on.channel.send(CITIZEN, Outgoing("k", "Xin số điện thoại", CHOICES[:1], asks_phone=True))
        text, form = (sent.message for sent in on.state.sent)
        assert text["text"] == "Xin số điện thoại"
        assert form["attachment"]["payload"]["template_type"] == "request_user_info"
        assert form["attachment"]["payload"]["elements"][0]["image_url"] == PICTURE


async def test_a_form_that_fails_does_not_repeat_the_text() -> None:
    with bench(form_image_url="http://khong-phai-https") as on:
        assert await on.channel.send(CITIZEN, Outgoing("k", "Xin số điện thoại", asks_phone=True))
        assert len(on.state.sent) == 1
        assert on.counters.counts["form.give_up"] == 1


async def test_without_a_picture_the_number_is_typed() -> None:
    with bench() as on:
        assert await on.channel.send(CITIZEN, Outgoing("k", "Xin số điện thoại", asks_phone=True))
        assert len(on.state.sent) == 1


@pytest.mark.parametrize("taken", [True, False])
async def test_a_list_where_zalo_takes_it_else_buttons(taken: bool) -> None:
    with bench(list_template=True) as on:
        on.state.lists = taken
        for _ in range(2):
            await on.channel.send(CITIZEN, Outgoing("k", "Thủ tục nào?\nBấm để chọn", CHOICES[:3]))
        payload = last(on)["attachment"]["payload"]
        assert payload.get("template_type") == ("list" if taken else None)
        assert len(on.state.sent) == 2
        # Refused once, it is not tried again.
        assert on.state.errors[-233] == (0 if taken else 1)


async def test_what_does_not_fit_a_list_has_buttons() -> None:
    with bench(list_template=True) as on:
        on.state.lists = True
        for message in (Outgoing("k", "x" * 101, CHOICES[:2]), Outgoing("k", "Chọn", CHOICES), HELLO):
            await on.channel.send(CITIZEN, message)
            assert last(on)["text"] == message.text


async def test_somebody_without_an_account_gets_the_choices_as_text() -> None:
    with bench(form_image_url=PICTURE) as on:
        on.state.anonymous.add(("77", "c7"))
        await on.channel.send("anon:77:c7", Outgoing("k", "Chọn", CHOICES[:2], asks_phone=True))
        assert last(on) == {"text": "Chọn\n• Lựa chọn 0\n• Lựa chọn 1"}
        assert on.state.calls["/v2.0/oa/message"] == 1
        await on.channel.send("anon:77:c7", Outgoing("k", "x" * 1_999, CHOICES[:2]))
        assert (await failure(on.channel.sender.send_file("anon:77:c7", PDF, "a.pdf"))).failure is Failure.GIVE_UP


async def test_uploads_are_used_again_for_a_week() -> None:
    with bench() as on:
        sender = on.channel.sender
        for _ in range(3):
            assert await sender.send_file(CITIZEN, PDF, "mau.pdf")
            assert await sender.send_image(CITIZEN, PNG, "Ảnh")
            assert await sender.send_image(CITIZEN, GIF)
        assert (on.state.calls["upload.file"], on.state.calls["upload.image"], on.state.calls["upload.gif"]) == (
            1,
            1,
            1,
        )
        assert last(on)["attachment"]["payload"]["elements"][0] | {"attachment_id": ""} == {
            "media_type": "gif", "attachment_id": "", "width": 16, "height": 32,
        }  # fmt: skip
        on.later(days=6, hours=21)
        on.state.interact(CITIZEN)
        assert await sender.send_file(CITIZEN, PDF, "mau.pdf")
        assert on.state.calls["upload.file"] == 2


async def test_an_upload_that_zalo_forgot_is_made_again() -> None:
    with bench() as on:
        await on.channel.sender.send_image(CITIZEN, PNG)
        on.state.uploads.clear()
        assert await on.channel.sender.send_image(CITIZEN, PNG)
        assert on.state.errors[-100] == 1
        assert on.state.calls["upload.image"] == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<html>", "a.pdf"), (PDF, "a.exe"), (b"PK\x03\x04", "a.zip"), (PDF + b"x" * (5 << 20), "a.pdf")],
)
async def test_other_files_are_not_uploaded(content: bytes, name: str) -> None:
    with bench() as on:
        assert (await failure(on.channel.sender.send_file(CITIZEN, content, name))).failure is Failure.GIVE_UP
        big = PNG + b"x" * (1 << 20)
        for picture in (b"<svg>", big):
            assert (await failure(on.channel.sender.send_image(CITIZEN, picture))).failure is Failure.GIVE_UP
        assert on.state.uploads == {}
