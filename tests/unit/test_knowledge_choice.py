"""Choosing among offered procedures by place or by words of a title."""

import pytest

from knowledge.choice import choose

OFFERED = {
    "NV119": "Cấp giấy phép lao động đối với người lao động nước ngoài",
    "NV120": "Cấp lại giấy phép lao động đối với người lao động nước ngoài",
    "NV121": "Gia hạn giấy phép lao động đối với người lao động nước ngoài",
}
FUNDS = {"a": "Thành lập hội (cấp xã)", "b": "Thành lập hội (cấp tỉnh)"}


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("cái thứ hai", "NV120"),
        ("cai thu hai", "NV120"),
        ("số 2", "NV120"),
        ("so 3", "NV121"),
        ("2", "NV120"),
        ("cái đầu tiên", "NV119"),
        ("cái cuối", "NV121"),
        ("cai cuoi cung a", "NV121"),
        ("cái ở giữa", "NV120"),
        ("thủ tục thứ ba ạ", "NV121"),
        ("gia hạn", "NV121"),
        ("gia han nhe", "NV121"),
        ("em muốn gia hạn cơ", "NV121"),
        ("cấp lại", "NV120"),
        ("cap lai", "NV120"),
        ("số 5", None),
        ("giấy phép lao động", None),
        ("ờ", None),
        ("", None),
        ("con mèo nhà tôi", None),
    ],
)
def test_an_answer_names_an_option(answer: str, key: str | None) -> None:
    assert choose(answer, OFFERED) == key


@pytest.mark.parametrize(("answer", "key"), [("ở xã", "a"), ("cấp tỉnh", "b"), ("o tinh a", "b"), ("hội", None)])
def test_the_level_tells_twins_apart(answer: str, key: str | None) -> None:
    assert choose(answer, FUNDS) == key


def test_nothing_is_chosen_when_nothing_is_offered() -> None:
    assert choose("cái thứ hai", {}) is None
