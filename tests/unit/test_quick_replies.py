"""Quick replies: the shipped ones, variables, search without accents."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.suggestions.ports import QuickReply, Scope
from bot.core.suggestions.quick_replies import (
    MOST_TEXT,
    MOST_TITLE,
    VARIABLES,
    Values,
    fill,
    merged,
    problems,
    search,
    shipped,
    unknown_variables,
    variables_of,
)
from nlu.text import strip_accents

TODAY = date(2026, 11, 25)
VALUES = Values("Vũ Thị Thơm", "Sở Nội vụ Hà Nội", TODAY, "PA-4829-1372", "bác")
SHIPPED = shipped()


def reply(id: str, title: str, text: str = "x", shortcut: str = "", scope: Scope = Scope.SHARED) -> QuickReply:
    return QuickReply(id, title, text, shortcut, scope, "op" if scope is Scope.PERSONAL else None)


def test_twenty_good_ones_are_shipped() -> None:
    assert len(SHIPPED) >= 20
    assert len({r.id for r in SHIPPED}) == len({r.title for r in SHIPPED}) == len(SHIPPED)
    for each in SHIPPED:
        assert problems(each.title, each.text, each.shortcut) == {}, each.id
        filled = fill(each.text, VALUES)
        assert "{" not in filled, each.id
        assert filled[0].isupper(), filled
        assert all(part[0].isupper() for part in filled.split(". ")), filled
        assert len(filled.split()) <= 60, each.id


def test_variables_are_filled_and_begin_sentences_with_a_capital() -> None:
    told = fill("{xung_ho} ơi. {xung_ho} giữ số {so_phieu} của {xung_ho} ngày {ngay} nhé, {ten_nguoi_truc}", VALUES)
    assert told == "Bác ơi. Bác giữ số PA-4829-1372 của bác ngày 25/11/2026 nhé, Vũ Thị Thơm"


def test_what_is_not_known_stays_to_be_seen() -> None:
    unknown = Values("A B", "Sở", TODAY)
    assert fill("Phiếu {so_phieu} của {xung_ho}", unknown) == "Phiếu {so_phieu} của anh/chị"


def test_a_value_is_never_read_as_a_variable() -> None:
    sly = Values("{so_phieu}", "Sở", TODAY, "PA-1")
    assert fill("{ten_nguoi_truc}", sly) == "{so_phieu}"


@pytest.mark.parametrize(
    ("title", "text", "shortcut", "wrong"),
    [
        ("", "x", "", "title"),
        ("  ", "x", "", "title"),
        ("x" * (MOST_TITLE + 1), "x", "", "title"),
        ("x", "", "", "text"),
        ("x", "x" * (MOST_TEXT + 1), "", "text"),
        ("x", "chào {ten}", "", "text"),
        ("x", "chào {}", "", "text"),
        ("x", "x", "Chào", "shortcut"),
        ("x", "x", "a b", "shortcut"),
    ],
)
def test_what_cannot_be_kept_says_which_field(title: str, text: str, shortcut: str, wrong: str) -> None:
    assert list(problems(title, text, shortcut)) == [wrong]


def test_what_can_be_kept() -> None:
    assert problems("Chào", "Chào {xung_ho}", "chao-2") == {}
    assert variables_of("{ngay} {xung_ho} {ngay} {la}") == ("ngay", "xung_ho")
    assert unknown_variables("{la} {ngay}") == ["la"]


@pytest.mark.parametrize("query", ["xin cho", "XIN CHỜ", "xin chờ de tra", "xin   cho de", "tra xin"])
def test_words_are_found_without_accents_and_unfinished(query: str) -> None:
    assert "Xin chờ để tra" in {r.title for r in search(SHIPPED, query)[:3]}


def test_the_shortcut_comes_before_the_title_and_the_title_before_the_text() -> None:
    replies = [
        reply("1", "Khác", "nói về phiếu"),
        reply("2", "Phiếu đã nhận"),
        reply("3", "Gì đó", shortcut="phieu"),
    ]
    assert [r.id for r in search(replies, "phieu")] == ["3", "2", "1"]
    assert [r.id for r in search(replies, "/phieu")] == ["3", "2", "1"]
    assert search(replies, "không có từ này") == []
    assert search(replies, "  ") == replies


def test_peoples_changes_lie_over_the_shipped_ones() -> None:
    first, second, third = SHIPPED[:3]
    changed = {first.id: reply(first.id, "Của sở"), second.id: None, "x": reply("x", "An", scope=Scope.PERSONAL)}
    found = {r.id: r for r in merged(SHIPPED[:3], changed)}
    assert found[first.id].title == "Của sở"
    assert second.id not in found
    assert third.id in found
    assert merged(SHIPPED[:3], changed)[-1].id == "x"  # one's own come after the shared ones


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_text_and_no_query_can_break_it(text: str, query: str) -> None:
    fill(text, VALUES)
    found = search([*SHIPPED, reply("q", text, text)], query)
    assert all(r.id for r in found)
    assert all(name in VARIABLES for name in variables_of(text))
    assert strip_accents(text) is not None
