"""Matters that many procedures are about, and corrections within one, through the real service and the real Rasa."""

import pytest

from tests.conversations.test_conversations import talk
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


@pytest.mark.parametrize("text", ["tôi muốn tìm hiểu về liệt sĩ", "em can hoi ve hoi a", "thương binh"])
def test_a_bare_topic_is_asked_about_and_the_choice_is_answered(running_stack: RunningStack, text: str) -> None:
    (asked, first), (_, second), (_, third) = talk(running_stack, [text, "cái thứ hai", "mất bao lâu"])
    assert asked["act"] == "clarify_topic"
    assert first["outcome"] == "clarification"
    assert len(asked["buttons"]) >= 4
    assert second["outcome"] == "answered"
    assert asked["buttons"][1]["id"].endswith(second["procedure"])
    assert (third["procedure"], third["facet"]) == (second["procedure"], "time")


def test_a_corrected_act_keeps_what_it_is_done_to_and_the_level(running_stack: RunningStack) -> None:
    (_, first), (_, second) = talk(
        running_stack, ["thành lập hội ở xã thì nộp hồ sơ ở đâu", "không phải thành lập, hội tự giải thể cơ"]
    )
    assert (first["procedure"], first["facet"]) == ("NV025", "where")
    assert (second["outcome"], second["procedure"], second["facet"]) == ("answered", "NV029", "where")


def test_what_was_asked_before_the_name_is_answered(running_stack: RunningStack) -> None:
    (_, first), (_, second) = talk(running_stack, ["nộp ở đâu vậy", "hồ sơ hưởng trợ cấp thất nghiệp"])
    assert first["outcome"] == "clarification"
    assert (second["procedure"], second["facet"]) == ("NV144", "where")
