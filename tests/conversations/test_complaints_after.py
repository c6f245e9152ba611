"""What is said after a complaint was filed, or opened by number and secret: about «it», or about something new."""

import io
import sqlite3
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.webclient import WebClient
from tests.conversations.test_complaints import ANONYMOUS, SEND, STORY, case_count, codes_in, file_case
from tests.conversations.test_conversations import NOW, talk
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

FILED = [STORY, ANONYMOUS, SEND]
Heard = list[tuple[dict[str, Any], dict[str, Any]]]


def after(stack: RunningStack, turns: Sequence[str | tuple[str, str]]) -> Heard:
    """File a complaint, go on in the same conversation, and return what is answered from there on."""
    return talk(stack, [*FILED, *turns])[len(FILED) :]


def acts(heard: Heard) -> list[str]:
    return [reply["act"] for reply, _ in heard]


def answered_case(stack: RunningStack) -> tuple[str, str]:
    """Return the number and secret of a case that has its answer."""
    number, secret = file_case(stack)
    with sqlite3.connect(stack.settings.data_dir / "tiepdan.db", timeout=30) as connection:
        connection.execute("UPDATE cases SET status = 'closed' WHERE number = ?", (number,))
    return number, secret


def looked_up(stack: RunningStack, codes: tuple[str, str], turns: Sequence[str | tuple[str, str]]) -> Heard:
    """Open a case by number and secret, go on, and return what is answered from there on."""
    return talk(stack, [f"phiếu {codes[0]} mã bí mật {codes[1]} đến đâu rồi", *turns])[1:]


def rows(stack: RunningStack, table: str, where: str = "1") -> int:
    with sqlite3.connect(stack.settings.data_dir / "tiepdan.db", timeout=30) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])


@pytest.mark.parametrize(
    "text",
    [
        "cho em bổ sung là bác xe ôm đứng cửa cũng nghe hết",
        "chi ta con xe giay hen cua toi, ghi them gium",
        "luc do co hai nguoi cho phia sau lam chung",
    ],
)
def test_addition_goes_into_the_case_without_asking_for_the_office_again(
    running_stack: RunningStack, text: str
) -> None:
    before = case_count(running_stack)
    heard = after(running_stack, [text])
    assert acts(heard) == ["follow_added"]
    assert case_count(running_stack) == before + 1


def test_story_of_another_office_opens_a_new_case(running_stack: RunningStack) -> None:
    ((_, state),) = after(running_stack, ["chiều nay ra xã Sóc Sơn, anh ở quầy 1 lại bắt tôi đi photo ba lần"])
    assert state["outcome"] == "complaint_step"
    assert state["unit"] not in {None, "HN-00166"}


def test_what_may_be_either_is_asked_once_and_no_word_is_lost(running_stack: RunningStack) -> None:
    told = "chị ấy còn mắng cả mẹ tôi là đồ nhà quê"
    (asked, _), (added, _) = after(running_stack, [told, ("Thêm vào phiếu", "s:which:case")])
    assert (asked["act"], added["act"]) == ("follow_which", "follow_added")
    assert [b["id"] for b in asked["buttons"]] == ["s:which:case", "s:which:new"]
    assert "PA-" in asked["buttons"][0]["title"]
    *_, (opened, state) = after(running_stack, [told, "phản ánh mới"])
    assert state["outcome"] == "complaint_step", opened["text"]
    assert "nhà quê" in state["narrative"]


def test_question_in_between_keeps_the_held_words(running_stack: RunningStack) -> None:
    heard = after(
        running_stack,
        ["bà ấy còn quát cả cụ già đứng sau", "bao giờ có trả lời", ("Phản ánh mới", "s:which:new")],
    )
    assert acts(heard)[:2] == ["follow_which", "follow_due"]
    assert "cụ già" in heard[-1][1]["narrative"]


def test_how_long_is_answered_from_the_deadline_of_the_case(running_stack: RunningStack) -> None:
    *_, (filed, _), (told, state) = talk(running_stack, [*FILED, "chừng nào thì có hồi âm"])
    number, _ = codes_in(filed)
    assert (told["act"], state["outcome"]) == ("follow_due", "status")
    assert number in told["text"]
    assert "09/12/2026" in told["text"]
    assert "09/12/2026" in filed["text"]


def test_state_and_withdrawal_in_a_few_words(running_stack: RunningStack) -> None:
    heard = after(
        running_stack, ["bên mình xem chưa ạ", "thôi em rút nhé", "đừng, không rút nữa", "rut giup em", "có"]
    )
    assert acts(heard) == ["status", "follow_ask_withdraw", "follow_kept", "follow_ask_withdraw", "follow_withdrawn"]


def test_procedures_are_still_answered_with_a_case_at_hand(running_stack: RunningStack) -> None:
    heard = after(
        running_stack, ["lập hội ở xã cần giấy tờ gì", "bao lâu xong", "bao giờ có trả lời phản ánh của tôi"]
    )
    assert [state["outcome"] for _, state in heard] == ["answered", "answered", "status"]
    assert heard[1][1]["procedure"] == "NV025"


def test_withdrawn_case_takes_nothing_more(running_stack: RunningStack) -> None:
    before = rows(running_stack, "ratings")
    withdrawn = ("Rút phiếu", "s:withdraw:yes")
    heard = after(
        running_stack, [withdrawn, "chấm 4 điểm", ("5 điểm", "s:rate:5"), "mở lại giúp em", ("Bổ sung", "s:add")]
    )
    assert acts(heard)[1:] == ["follow_no_rating"] * 2 + ["follow_withdrawn_closed"] * 2
    assert rows(running_stack, "ratings") == before


def test_answered_case_is_reopened_for_a_reason_and_not_rated_by_it(running_stack: RunningStack) -> None:
    heard = looked_up(
        running_stack,
        answered_case(running_stack),
        ["em chưa thấy thỏa đáng, mở lại đi", "vì giấy vẫn ghi sai ngày sinh của em", ("Xem phiếu", "s:status")],
    )
    assert acts(heard) == ["follow_ask_reopen", "follow_reopened", "status"]
    assert heard[-1][0]["data"]["case_status"] == "received"


def test_complaint_about_the_answer_is_asked_about(running_stack: RunningStack) -> None:
    told = "bảo là xong rồi mà lên lấy vẫn sai ngày sinh"
    heard = looked_up(running_stack, answered_case(running_stack), [told, ("Mở lại", "s:which:reopen")])
    assert acts(heard) == ["follow_which_closed", "follow_reopened"]


def test_answered_case_is_rated(running_stack: RunningStack) -> None:
    heard = looked_up(running_stack, answered_case(running_stack), ["tôi chấm 2 điểm, không hài lòng"])
    assert acts(heard) == ["follow_rated"]
    assert heard[0][1]["survey_score"] == 2


def test_wrong_letters_are_a_wrong_secret_and_the_right_one_still_opens(running_stack: RunningStack) -> None:
    number, secret = file_case(running_stack)
    heard = talk(
        running_stack,
        [f"phiếu {number} đến đâu rồi", "mã bí mật là BOIL-0158", "em quên mã rồi", secret, "cho em rút", "thôi"],
    )
    assert acts(heard) == [
        "status_ask_secret",
        "status_wrong",
        "follow_secret_lost",
        "status",
        "follow_ask_withdraw",
        "follow_kept",
    ]
    assert "5 lần" in heard[1][0]["text"]


def test_wrong_letters_count_as_tries_and_tell_nothing_of_other_numbers(running_stack: RunningStack) -> None:
    number, secret = file_case(running_stack)
    heard = talk(running_stack, [f"phiếu {number} đến đâu rồi", *["OOOO-1111"] * 5, secret])
    assert acts(heard)[1:] == ["status_wrong"] * 6
    (_, _), (unknown, _) = talk(running_stack, ["phiếu PA-0000-0000 đến đâu rồi", "OOOO-1111"])
    assert unknown["text"].replace("PA-0000-0000", number) == heard[1][0]["text"]


def test_naming_after_filing_is_added_and_not_promised(running_stack: RunningStack) -> None:
    ((reply, _),) = after(running_stack, ["cứ ghi tên tao vào, sợ đéo gì"])
    assert reply["act"] == "follow_naming_added"


def test_praise_is_kept_in_words_and_gets_no_made_up_stars(running_stack: RunningStack) -> None:
    ratings, tasks = rows(running_stack, "ratings"), rows(running_stack, "tasks", "kind = 'praise'")
    heard = talk(running_stack, ["chú Tư ngồi quầy 4 tận tình lắm, gửi lời khen chú", "ghi nhận giúp chú ấy nhé"])
    assert acts(heard) == ["praise_kept", "praise_stays"]
    assert heard[-1][1]["survey_score"] is None
    assert rows(running_stack, "ratings") == ratings
    assert rows(running_stack, "tasks", "kind = 'praise'") == tasks + 1


def test_announced_praise_is_asked_for_its_words(running_stack: RunningStack) -> None:
    heard = talk(running_stack, ["em muốn gửi lời khen", "cô Sen bàn 3 xã Sóc Sơn chu đáo lắm", "ok"])
    assert acts(heard) == ["praise_ask", "praise_kept", "praise_stays"]


def test_pressure_to_withdraw_is_told_and_withdraws_nothing(running_stack: RunningStack) -> None:
    ((reply, state),) = after(running_stack, ["chị đó gọi điện ép tôi phải rút phiếu"])
    assert reply["act"] != "follow_ask_withdraw"
    assert state["case_status"] == "received"


def test_praise_with_a_score_is_one_rating(running_stack: RunningStack) -> None:
    ratings = rows(running_stack, "ratings")
    heard = talk(running_stack, ["khen cô Mận quầy 2 niềm nở quá", ("4 điểm", "s:praise:4")])
    assert acts(heard) == ["praise_kept", "praise_rated"]
    assert heard[-1][1]["survey_score"] == 4
    assert rows(running_stack, "ratings", "case_id IS NULL") >= 1
    assert rows(running_stack, "ratings") == ratings + 1


def test_score_for_the_assistant_is_not_the_cases(running_stack: RunningStack) -> None:
    before = rows(running_stack, "ratings", "case_id IS NOT NULL")
    ((reply, state),) = after(running_stack, ["cho con bot này 3 điểm"])
    assert (reply["act"], state["survey_score"]) == ("follow_rated_assistant", 3)
    assert rows(running_stack, "ratings", "case_id IS NOT NULL") == before


def test_bare_score_answers_the_question_for_one(running_stack: RunningStack) -> None:
    heard = talk(running_stack, ["tôi muốn đánh giá", "3"])
    assert acts(heard) == ["survey_ask", "survey_rated"]
    assert heard[-1][1]["survey_score"] == 3


def test_neither_choice_is_asked_again_and_no_leaves_all_as_it_was(running_stack: RunningStack) -> None:
    before = case_count(running_stack)
    heard = after(running_stack, ["bà ấy còn quát cả cụ già đứng sau", "ừ", "không", "cảm ơn nhé"])
    assert acts(heard) == ["follow_which", "follow_which", "follow_kept", "thanks"]
    assert case_count(running_stack) == before + 1


def test_danger_comes_before_the_case_and_is_added_to_it(running_stack: RunningStack) -> None:
    ((reply, state),) = after(running_stack, ["ghi thêm: nó đang cầm dao chặn trước cửa nhà tôi"])
    assert state["route"] == "emergency"
    assert "ghi thêm" in reply["blocks"][-1]["text"]


def test_photo_after_filing_goes_into_the_case(running_stack: RunningStack) -> None:
    async def run() -> list[dict[str, Any]]:
        image = io.BytesIO()
        Image.new("RGB", (30, 20), (9, 90, 200)).save(image, "JPEG")
        async with httpx.AsyncClient(base_url=running_stack.base_url, timeout=30) as http:
            client = WebClient(http, running_stack.evaluation_token)
            session, heard = await client.open(), []
            turns: list[str | tuple[str, str]] = [*FILED, "tôi còn tấm ảnh, gửi kiểu gì"]
            for turn in turns:
                text, button = (turn, None) if isinstance(turn, str) else turn
                sequence = await client.post(session, text, button, now=NOW)
                heard.append((await client.reply(session, sequence))["body"])
            url = f"/api/files/{session.id}"
            sent = await http.post(
                url, params={"name": "quay3.jpg"}, content=image.getvalue(), headers=session.headers
            )
            assert sent.status_code == 201, sent.text
            sequence = await client.post(session, "quay3.jpg", f"file:{sent.json()['id']}", now=NOW)
            heard.append((await client.reply(session, sequence))["body"])
            return heard

    *_, how, kept = running_stack.run(run())
    assert how["act"] == "follow_ask_file"
    assert kept["act"] == "follow_file_added", kept["text"]
    assert "quay3.jpg" in kept["text"]
    assert not any(b["id"].startswith("drop:") for b in kept["buttons"])
