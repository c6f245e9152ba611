"""Complaints told in the chat, through the real service and the real Rasa: filed, followed and kept quiet."""

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.webclient import WebClient
from tests.conversations.test_conversations import NOW, talk
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

STORY = (
    "Sáng hôm qua lúc 9h tôi ra một cửa phường Cầu Giấy nộp hồ sơ, chị ngồi quầy số 3, tóc ngắn đeo kính, quát tôi"
    " trước mặt bao nhiêu người là đồ không biết chữ rồi ném tập giấy trả lại."
)
SLOTS = {"unit": "HN-00166", "event_date": "2026-11-24", "event_time": "09:00", "desk": "one_stop"}
SEND = ("Gửi", "k:send")
ANONYMOUS = ("Ẩn danh", "k:anonymous:anonymous")
CODES = re.compile(r"(PA-\d{4}-\d{4}), mã bí mật là ([A-Z\d]{4}-[A-Z\d]{4})")

Turns = Sequence[str | tuple[str, str]]


def codes_in(reply: dict[str, Any]) -> tuple[str, str]:
    """Return the number and the secret that a reply gives."""
    found = CODES.search(reply["text"])
    assert found, reply["text"]
    return found[1], found[2]


def file_case(stack: RunningStack, story: str = STORY) -> tuple[str, str]:
    """File a complaint in a conversation of its own and return its number and secret."""
    *_, (filed, state) = talk(stack, [story, ANONYMOUS, SEND])
    assert state["outcome"] == "complaint_filed", filed["text"]
    return codes_in(filed)


def case_count(stack: RunningStack) -> int:
    with sqlite3.connect(stack.settings.data_dir / "tiepdan.db") as connection:
        return int(connection.execute("SELECT count(*) FROM cases").fetchone()[0])


def wrong_secret(secret: str) -> str:
    """Return a well-formed secret that is not this one."""
    return ("C" if secret[0] != "C" else "D") + secret[1:]


def test_whole_story_is_filed_in_one_sitting(running_stack: RunningStack) -> None:
    before = case_count(running_stack)
    (asked, first), (review, second), (filed, third), (status, last) = talk(
        running_stack, [STORY, ANONYMOUS, SEND, "den dau roi"]
    )
    assert {name: first[name] for name in SLOTS} == SLOTS
    assert "TD-XUCPHAM" in first["behaviour"]
    assert asked["act"] == "case_anonymous"  # all else was told
    assert (review["act"], second["outcome"]) == ("case_review", "complaint_step")
    rows = "\n".join(review["blocks"][0]["items"])
    for told in ("Phường Cầu Giấy", "Quầy một cửa", "09:00 ngày 24/11/2026", "Ẩn danh"):
        assert told in rows
    assert review["buttons"][0]["id"] == "k:send"
    number, _secret = codes_in(filed)
    assert (third["outcome"], filed["data"]["case_number"]) == ("complaint_filed", number)
    assert case_count(running_stack) == before + 1
    assert (status["act"], last["outcome"], status["data"]["case_number"]) == ("status", "status", number)


def test_sending_twice_files_once(running_stack: RunningStack) -> None:
    before = case_count(running_stack)
    talk(running_stack, [STORY, ANONYMOUS, SEND, SEND, "gửi"])
    assert case_count(running_stack) == before + 1


def test_procedure_question_in_the_middle_keeps_the_draft(running_stack: RunningStack) -> None:
    _, (aside, during), (review, after) = talk(
        running_stack, [STORY, "mà cho hỏi cái này trước: lập hội ở xã cần giấy tờ gì", ANONYMOUS]
    )
    assert (during["outcome"], during["procedure"], during["facet"]) == ("answered", "NV025", "documents")
    assert {name: during[name] for name in SLOTS} == SLOTS
    assert any(b["id"].startswith("k:anonymous:") for b in aside["buttons"])
    assert (review["act"], {name: after[name] for name in SLOTS}) == ("case_review", SLOTS)
    assert "lập hội" not in str(after["narrative"])


def test_cancelling_leaves_no_case(running_stack: RunningStack) -> None:
    before = case_count(running_stack)
    *_, (cancelled, state), (asked, _) = talk(
        running_stack, [STORY, ANONYMOUS, "thôi không gửi nữa", "phản ánh của tôi đến đâu rồi"]
    )
    assert (cancelled["act"], state["cancelled"]) == ("case_cancelled", True)
    assert not state["unit"]
    assert asked["act"] == "status_ask_number"
    assert case_count(running_stack) == before


@pytest.mark.parametrize(
    "text",
    [
        "công an phường Cầu Giấy đánh tôi hôm qua lúc 9h sáng",
        "cong an phuong Cau Giay hom qua bat toi cho 3 tieng roi quat toi la do luoi, toi muon phan anh",
    ],
)
def test_police_are_named_and_nothing_is_opened(running_stack: RunningStack, text: str) -> None:
    before = case_count(running_stack)
    (reply, state), _ = talk(running_stack, [text, "gửi"])
    assert (state["agency"], state["reason"]) == ("cong_an", "other_agency")
    assert "công an" in reply["text"]
    assert reply["blocks"][-1]["text"] == text  # their own words, to be copied
    assert not state["unit"]
    assert not any(b["id"].startswith("k:") for b in reply["buttons"])
    assert case_count(running_stack) == before


def test_number_and_secret_open_the_state_from_another_conversation(running_stack: RunningStack) -> None:
    number, secret = file_case(running_stack)
    ((shown, state),) = talk(running_stack, [f"phiếu {number} mã bí mật {secret} đến đâu rồi"])
    assert (shown["act"], state["outcome"], shown["data"]["case_number"]) == ("status", "status", number)
    (asked, _), (later, _) = talk(running_stack, [f"phieu {number.lower()} den dau roi", secret.lower()])
    assert (asked["act"], later["act"]) == ("status_ask_secret", "status")


def test_wrong_secret_opens_nothing_and_five_lock_the_case(running_stack: RunningStack) -> None:
    number, secret = file_case(running_stack)
    wrong = f"phiếu {number} mã bí mật {wrong_secret(secret)} đến đâu rồi"
    right = f"phiếu {number} mã bí mật {secret} đến đâu rồi"
    (refused, state), (opened, _) = talk(running_stack, [wrong, right])
    assert (refused["act"], state["outcome"]) == ("status_wrong", "clarification")
    assert "ghi nhận" not in refused["text"]
    assert opened["act"] == "status"
    heard = talk(running_stack, [wrong] * 5)
    assert {reply["act"] for reply, _ in heard} == {"status_wrong"}
    ((locked, _),) = talk(running_stack, [right])
    assert locked["act"] == "status_wrong"


def test_filed_case_is_added_to_and_withdrawn(running_stack: RunningStack) -> None:
    *_, (filed, _), (_, _), (added, _), (_, _), (withdrawn, _), (status, _) = talk(
        running_stack,
        [
            STORY,
            ANONYMOUS,
            SEND,
            ("Bổ sung", "s:add"),
            "có bác bảo vệ đứng ngay đó chứng kiến",
            "rút phiếu",
            ("Rút phiếu", "s:withdraw:yes"),
            ("Xem phiếu", "s:status"),
        ],
    )
    number, _secret = codes_in(filed)
    assert [added["act"], withdrawn["act"]] == ["follow_added", "follow_withdrawn"]
    assert number in withdrawn["text"]
    assert (status["act"], status["data"]["case_status"]) == ("status", "withdrawn")


def test_a_telephone_number_opens_nobody_elses_case(running_stack: RunningStack) -> None:
    """Whoever types a citizen's number elsewhere learns nothing of the citizen's case, and gets one of their own."""
    hidden = ("Giấu tên với nơi bị nêu", "k:anonymous:hidden")
    turns = [STORY, hidden, ("Đồng ý", "k:consent:yes"), "0912345678", SEND]
    (first, _), (second, _) = (talk(running_stack, turns)[-1] for _ in range(2))
    assert codes_in(first)[0] != codes_in(second)[0]
    assert codes_in(first)[0] not in second["text"]


def test_withdrawal_that_is_not_meant_changes_nothing(running_stack: RunningStack) -> None:
    *_, (kept, _), (status, _) = talk(
        running_stack, [STORY, ANONYMOUS, SEND, "rút phiếu", ("Không", "s:withdraw:no"), ("Xem phiếu", "s:status")]
    )
    assert (kept["act"], status["data"]["case_status"]) == ("follow_kept", "received")


@pytest.mark.parametrize(
    "turns", [["cán bộ phường đang dọa đánh tôi ở quầy, cứu tôi với"], [STORY, "nó đang cầm dao dọa giết tôi"]]
)
def test_danger_is_answered_first(running_stack: RunningStack, turns: list[str]) -> None:
    *_, (reply, state) = talk(running_stack, turns)
    assert state["route"] == "emergency"
    assert re.search(r"\b113\b", reply["text"].split(".")[0])
    if len(turns) > 1:  # what was told is still there
        assert {name: state[name] for name in SLOTS} == SLOTS


def test_out_of_hours_is_said_and_a_sign_of_safety_is_heard(running_stack: RunningStack) -> None:
    (alarm, _), (calm, state) = talk(
        running_stack, ["tôi chán quá, muốn chết quách cho xong", "tôi không sao, chỉ bực thôi"]
    )
    assert "115" in alarm["text"]
    assert "113" not in alarm["text"]
    assert ("ngoài giờ" in alarm["text"]) is (NOW.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).hour not in range(8, 17))
    assert (calm["act"], state["route"]) == ("emergency_calm", "emergency")


@pytest.mark.parametrize(
    "text",
    [
        "nếu cán bộ đòi tiền thì tôi phải làm gì",
        "quá 90 ngày thì còn khiếu nại được nữa không ạ",
        "chú tôi bị phạt lâu rồi, tôi chưa định làm gì, cho hỏi nay còn khiếu nại được không",
    ],
)
def test_questions_about_complaints_open_nothing(running_stack: RunningStack, text: str) -> None:
    ((reply, state),) = talk(running_stack, [text])
    assert state["no_case"] is True
    assert state["outcome"] == "answered", reply["text"]


def test_passing_over_the_official_leaves_them_unnamed(running_stack: RunningStack) -> None:
    told = "hôm qua lúc 9h cán bộ một cửa phường Cầu Giấy quát tôi trước bao nhiêu người. Tôi ẩn danh"
    (asked, _), (review, state) = talk(running_stack, [told, "bỏ qua"])
    assert (asked["act"], review["act"]) == ("case_staff", "case_review")
    assert not state["staff"]


def test_ward_with_capitals_and_no_accents_is_not_the_official(running_stack: RunningStack) -> None:
    ((_, state),) = talk(running_stack, ["hom qua luc 9h chi ngoi quay so 3 quat toi o mot cua phuong Cau Giay"])
    assert state["unit"] == SLOTS["unit"]
    assert "Giay" not in str(state["staff"])


@pytest.mark.parametrize(
    "text", ["tôi gửi ảnh căn cước công dân của tôi lên đây nhé", "de toi chup anh CCCD mat truoc mat sau gui cho"]
)
def test_announced_photo_of_an_identity_paper_is_refused(running_stack: RunningStack, text: str) -> None:
    (alone, state), (amid, _) = talk(running_stack, [text, STORY])[0], talk(running_stack, [STORY, text])[1]
    assert (alone["act"], state["outcome"], state["reason"]) == ("case_no_id_photo", "refused", "no_id_photo")
    assert amid["act"] == "case_no_id_photo"
    assert amid["blocks"], "the open question is asked again"


PLANTED = (
    "Sáng hôm qua lúc 9h ở một cửa phường Cầu Giấy, chị Lê Thị Ngọc Bích Trâm quầy số 3 quát tôi"
    " là đồ Cua Bể Rang Me, bắt tôi nộp 500 nghìn, tôi tên là Đoàn Văn Hổ Phách Tím, gọi tôi số 0987 612 346"
)
NEEDLES = ("Bích Trâm", "Cua Bể Rang", "Hổ Phách Tím", "bich tram", "cua be rang", "ho phach tim", "0987612346")
LATER = ("bổ sung: hôm đó có ông Tôn Thất Sáo Sậu chứng kiến hết từ đầu đến cuối", "ông ấy dùng số 0912 765 433")
NEEDLES_LATER = ("Sáo Sậu", "sao sau chung kien", "0912765433")


def found_in(raw: bytes, needles: Sequence[str] = (*NEEDLES, *NEEDLES_LATER)) -> list[str]:
    """Return the needles in raw bytes: as UTF-8, escaped, and (numbers) with any spacing."""
    texts = [raw.decode("utf-8", "ignore").lower(), raw.decode("unicode_escape", "ignore").lower()]
    texts.append(re.sub(r"(?<=\d)[ .-](?=\d)", "", texts[0]))
    return [n for n in needles if any(n.lower() in text for text in texts)]


@pytest.fixture(scope="module")
def told(running_stack: RunningStack) -> tuple[str, str]:
    """File the planted complaint with a contact, add to it, and return its number and secret."""

    async def run() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=30) as http:
            client = WebClient(http, running_stack.evaluation_token)
            session, heard = await client.open(), []
            turns: Turns = (
                PLANTED,
                ("Giấu tên", "k:anonymous:hidden"),
                ("Đồng ý", "k:consent:yes"),
                "0987 612 346",
                SEND,
                *LATER,
            )
            for turn in turns:
                text, button = (turn, None) if isinstance(turn, str) else turn
                sequence = await client.post(session, text, button, now=NOW)
                heard.append((await client.reply(session, sequence))["body"])
            return heard

    heard = running_stack.run(run())
    filed = next((reply for reply in heard if reply["act"].startswith("case_filed")), None)
    assert filed, [reply["act"] for reply in heard]
    return codes_in(filed)


def test_search_finds_what_it_looks_for() -> None:
    assert found_in("… Bích Trâm … 0987 612.346".encode()) == ["Bích Trâm", "0987612346"]
    assert found_in("S\u00e1o S\u1eadu".encode("unicode_escape")) == ["Sáo Sậu"]


def test_logs_hold_no_words_of_a_complaint(running_stack: RunningStack, told: tuple[str, str]) -> None:
    logs = {p.name: p for p in running_stack.settings.logs_dir.rglob("*") if p.is_file()}
    assert set(logs) >= {"service.log", "rasa.log"}
    assert sum(p.stat().st_size for p in logs.values()) > 0
    needles = (*NEEDLES, *NEEDLES_LATER, told[1])
    assert {name: hits for name, p in logs.items() if (hits := found_in(p.read_bytes(), needles))} == {}


def test_database_holds_no_open_words_of_a_complaint(running_stack: RunningStack, told: tuple[str, str]) -> None:
    files = list(Path(running_stack.settings.data_dir).glob("tiepdan.db*"))
    content = b"".join(p.read_bytes() for p in files)
    assert told[0].encode() in content  # the case is there, and it was written to these files
    needles = (*NEEDLES, *NEEDLES_LATER, told[1])
    assert {p.name: hits for p in files if (hits := found_in(p.read_bytes(), needles))} == {}
