"""What the kinds of arrivals mean: buttons and what is typed for them, files, voices, contacts."""

import io

import pytest
from PIL import Image

from bot.core.channels.contract import Failure
from bot.core.replies import Reply
from bot.store import Store
from tests.integration.channel_steps import GREETING, PHRASES, Heard, Office, buttons, failed

OGG = b"OggS" + bytes(100)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


async def test_a_button_is_what_it_was_when_it_was_shown(office: Office) -> None:
    office.answers = [Reply("a", "Chọn nhé", buttons=buttons("Lệ phí", "Giấy tờ"))]
    await office.says("hỏi")
    token = office.channel.sent[-1][1].choices[1].token
    await office.says("x")
    office.deliver("button", button=token)
    await office.pump()
    assert office.channel.texts()[-1] == "«[b1] Giấy tờ»"


@pytest.mark.parametrize("token", ["999.0", "1.7", "0.0", "99999999999.1", "không phải", "2.0 "])
async def test_a_button_that_nobody_gave_is_answered_politely(office: Office, token: str) -> None:
    await office.says("hỏi")
    office.deliver("button", button=token)
    await office.pump()
    assert office.channel.texts()[-1] == PHRASES.say("channel_old_button")


async def test_a_number_means_a_button_only_where_they_were_numbered(office: Office) -> None:
    office.answers = [Reply("a", "Chọn", buttons=buttons("A", "B", "C", "D"))]
    assert "4. D" in (await office.says("hỏi"))[-1]
    assert await office.says("4") == ["«[b3] D»"]
    office.answers = [Reply("a", "Mấy người?", buttons=buttons("Một", "Hai"))]
    await office.says("tiếp")
    assert await office.says("2") == ["«2»"]


async def test_a_typed_title_means_its_button_and_other_words_do_not(office: Office) -> None:
    office.answers = [Reply("a", "Chọn", buttons=buttons("Lệ phí", "Giấy tờ"))] * 2
    await office.says("hỏi")
    assert await office.says("giấy tờ.") == ["Chọn"]
    assert await office.says("giấy tờ gì") == ["«giấy tờ gì»"]


async def test_a_file_is_kept_and_goes_to_the_dialogue(office: Office) -> None:
    office.channel.files["f"] = jpeg()
    office.deliver("file", text="ảnh đây", media=[{"ref": "f", "name": "a.jpg"}])
    await office.pump()
    with office.store() as unit:
        [kept] = unit.attachments.of_conversation(office.thread().conversation_id)
    assert office.channel.texts()[-1] == f"«[file:{kept.id}] ảnh đây»"


@pytest.mark.parametrize(
    ("content", "size", "act"),
    [(b"MZ", None, "text"), (b"", None, "empty"), (None, None, "gone"), (b"x", 10**9, "size")],
)
async def test_a_file_that_is_not_taken_is_said_to_be(
    office: Office, content: bytes | None, size: int | None, act: str
) -> None:
    if content is not None:
        office.channel.files["f"] = content
    office.deliver("file", media=[{"ref": "f", "size": size}])
    await office.pump()
    assert office.channel.texts()[-1] == PHRASES.variant("channel_file_refused", act)


async def test_a_file_that_cannot_be_fetched_yet_is_fetched_later_and_what_came_after_waits(office: Office) -> None:
    office.channel.files["f"] = jpeg()
    office.channel.fetch_faults = [failed(Failure.RETRY), failed(Failure.WAIT, 5)]
    office.deliver(text="trước")
    office.deliver("file", media=[{"ref": "f"}])
    office.deliver(text="sau")
    for _ in range(3):
        await office.pump()
        office.clock.advance(10)
    assert [text[:7] for text in office.channel.texts()] == [GREETING.text[:7], "«trước»", "«[file:", "«sau»"]


async def test_a_voice_without_a_model_is_kept_and_answered_honestly(office: Office) -> None:
    office.channel.files["v"] = OGG
    office.deliver("voice", media=[{"ref": "v"}])
    await office.pump()
    assert office.channel.texts()[-1] == PHRASES.say("channel_voice_unheard")
    with office.store() as unit:
        assert [a.media_type for a in unit.attachments.of_conversation(office.thread().conversation_id)] == [
            "audio/ogg"
        ]
    assert await office.says("chữ đây") == ["«chữ đây»"]


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("đúng", ["«tôi muốn hỏi phí»"]),
        ("Không đúng", [PHRASES.say("channel_voice_again")]),
        ("thôi, hỏi giấy tờ", ["«thôi, hỏi giấy tờ»"]),
    ],
)
async def test_what_a_voice_was_heard_to_say_counts_once_it_is_confirmed(
    store: Store, reply: str, answer: list[str]
) -> None:
    office = Office(store, recogniser=Heard("tôi muốn hỏi phí"))
    office.channel.files["v"] = OGG
    office.deliver("voice", media=[{"ref": "v"}])
    await office.pump()
    assert office.channel.texts()[-1] == PHRASES.say("channel_voice_heard", heard="tôi muốn hỏi phí")
    assert office.woken == [], "nothing counts before it is confirmed"
    assert await office.says(reply) == answer
    assert await office.says("đúng") == ["«đúng»"]


async def test_a_contact_is_its_number_and_a_sticker_is_answered(office: Office) -> None:
    office.deliver("contact", phone="0912345678")
    office.deliver("contact")
    office.deliver("sticker")
    await office.pump()
    assert "«0912345678»" in office.channel.texts()
    assert PHRASES.say("channel_contact_empty") in office.channel.texts()
    assert PHRASES.say("channel_sticker") in office.channel.texts()


@pytest.mark.parametrize("place", ["21.02850,105.85420", "21.028501928374,105.85421", "21.0285,105.8542"])
async def test_a_place_is_answered_and_stands_in_the_log_for_people(office: Office, place: str) -> None:
    office.deliver("location", text=place)
    await office.pump()
    assert office.channel.texts()[-1] == PHRASES.say("channel_place_seen")
    assert "Vị trí của tôi: 21.029, 105.854" in office.said()
    assert office.woken == [], "there is nothing that the dialogue could make of a point on the map"
