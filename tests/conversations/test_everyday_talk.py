"""What people say beside a procedure and beside a complaint, through the real service and the real Rasa."""

import pytest

from tests.conversations.test_conversations import talk
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


def test_the_office_is_asked_about(running_stack: RunningStack) -> None:
    (hours, _), (phone, state), (address, _) = talk(
        running_stack, ["cho hỏi mấy giờ làm việc ạ", "số điện thoại", "địa chỉ ở đâu"]
    )
    assert [hours["act"], phone["act"], address["act"]] == ["office_hours", "office_phone", "office_address"]
    assert "024.1022" in phone["text"]
    assert state["no_case"] is True


def test_an_address_after_a_procedure_is_where_it_is_handed_in(running_stack: RunningStack) -> None:
    (_, first), (_, second) = talk(running_stack, ["hưởng trợ cấp thất nghiệp cần giấy tờ gì", "địa chỉ ở đâu"])
    assert (second["procedure"], second["facet"]) == (first["procedure"], "where")


def test_the_bereaved_hear_a_word_of_sympathy_once(running_stack: RunningStack) -> None:
    (first, state), (second, _) = talk(
        running_stack,
        ["bố tôi vừa mất hôm qua, ông là thương binh 61%, giờ làm thủ tục gì", "mẹ tôi cũng vừa mất, cần giấy tờ gì"],
    )
    assert first["text"].startswith("Tôi xin chia buồn cùng gia đình anh/chị.")
    assert state["outcome"] in {"answered", "clarification"}
    assert "chia buồn" not in second["text"]


@pytest.mark.parametrize(
    ("first", "then", "facet"),
    [
        ("lập quỹ từ thiện ở xã", "toi la nguoi nuoc ngoai co lap duoc khong", "conditions"),
        ("thành lập hội ở xã thì nộp ở đâu", "ai ký", "authority"),
    ],
)
def test_a_short_question_goes_on_with_the_procedure(
    running_stack: RunningStack, first: str, then: str, facet: str
) -> None:
    (_, before), (_, after) = talk(running_stack, [first, then])
    assert (after["procedure"], after["facet"]) == (before["procedure"], facet)


@pytest.mark.parametrize("text", ["một cửa phường Láng làm việc tốt lắm", "can bo phuong Bach Mai nhiet tinh qua"])
def test_praise_opens_no_complaint(running_stack: RunningStack, text: str) -> None:
    ((_, state),) = talk(running_stack, [text])
    assert state["no_case"] is True
    assert state["route"] in {"survey", "thanks_bye"}


@pytest.mark.parametrize(
    "text", ["cho em rút phản ánh hôm qua với ạ", "toi xin huy yeu cau phan anh, da nhan duoc giay"]
)
def test_an_earlier_report_is_looked_up(running_stack: RunningStack, text: str) -> None:
    ((_, state),) = talk(running_stack, [text])
    assert (state["no_case"], state["route"]) == (True, "track_case")


def test_a_question_without_an_official_is_not_told_how_to_complain(running_stack: RunningStack) -> None:
    ((reply, state),) = talk(running_stack, ["thế chính sách tinh giản biên chế là gì"])
    assert reply["act"] != "case_hypothetical"
    assert state["no_case"] is True


@pytest.mark.parametrize(
    "text",
    [
        "hôm qua cán bộ phường Láng lấy số điện thoại trong hồ sơ của tôi nhắn tin tán tỉnh",
        "Sáng nay cán bộ phường Láng mà tôi khiếu nại hôm trước trả đũa, không nhận hồ sơ của tôi",
        "can bo phuong Kim Lien khong huong dan cu the, toi di lai 4 lan roi",
    ],
)
def test_what_an_official_did_is_taken_up_whatever_else_is_named(running_stack: RunningStack, text: str) -> None:
    ((reply, state),) = talk(running_stack, [text])
    assert state["no_case"] is False or reply["act"] == "case_doubt", reply["text"]
