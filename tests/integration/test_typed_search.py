"""Search while typing over a small real index: unfinished words, initials, what may never break it."""

import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.enquiry.findings import Zone
from bot.core.procedures import Facet
from bot.core.routes import Agency, Reason
from bot.core.suggestions.found import How, Sureness, Typed
from knowledge.completion import Completions
from tests.integration.small_catalogue import NOON, record, small_catalogue
from tests.integration.suggest_rig import EXTRA, SmallKnowledge


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallKnowledge:
    return SmallKnowledge(tmp_path_factory.mktemp("typed"))


def ids(found: Typed) -> list[str]:
    return [hit.procedure_id for hit in found.hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mat the th", "X04"),
        ("mất thẻ thươ", "X04"),
        ("gia han giay ph", "X05"),
        ("cap lai giay phep l", "X06"),
        ("tien that n", "X07"),
        ("mở quỹ khuy", "X30"),
        ("trich lu", "X31"),
        ("ban sao ho so thuong b", "X31"),
    ],
)
def test_an_unfinished_word_is_read_as_what_it_becomes(small: SmallKnowledge, text: str, expected: str) -> None:
    assert ids(small.base.typed(text, NOON))[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("ttb", "X04"), ("gpld gia han", "X05"), ("clttb", "X04"), ("hsncc", "X31")]
)
def test_first_letters_are_written_out(small: SmallKnowledge, text: str, expected: str) -> None:
    found = small.base.typed(text, NOON)
    assert expected in ids(found)[:3], ids(found)


@pytest.mark.parametrize("text", ["lập hội", "thẻ thương binh", "quỹ"])
def test_whole_words_are_not_taken_for_first_letters(small: SmallKnowledge, text: str) -> None:
    assert all(hit.how is not How.INITIALS for hit in small.base.typed(text, NOON).hits)


def test_a_finished_text_finds_what_search_finds(small: SmallKnowledge) -> None:
    for text in ("mất thẻ thương binh", "gia hạn giấy phép lao động", "tiền thất nghiệp"):
        whole = small.base.search(text, NOON)
        assert ids(small.base.typed(text, NOON, finished=True))[0] == whole.hits[0].procedure_id


def test_why_is_told(small: SmallKnowledge) -> None:
    by_alias = small.base.typed("mất thẻ thương binh", NOON, finished=True).hits[0]
    assert (by_alias.how, by_alias.alias) == (How.ALIAS, "mất thẻ thương binh")
    by_name = small.base.typed("gia hạn giấy phép lao động", NOON, finished=True).hits[0]
    assert (by_name.how, by_name.alias) == (How.NAME, None)
    assert set(by_name.words) >= {"gia", "hạn", "lao", "động"}
    by_code = small.base.typed("1.000001", NOON).hits[0]
    assert (by_code.procedure_id, by_code.how) == ("X01", How.CODE)


def test_a_side_is_told_only_where_the_words_ask_for_one(small: SmallKnowledge) -> None:
    assert small.base.typed("lập quỹ từ thiện", NOON).facet is None
    assert small.base.typed("lập quỹ từ thiện lệ phí bao nhiêu", NOON).facet is Facet.FEE


def test_another_bodys_matter_is_named(small: SmallKnowledge) -> None:
    found = small.base.typed("làm hộ chiếu ở đâu", NOON, finished=True)
    assert (found.agency, found.zone) == (Agency.CONG_AN, Zone.REFUSE)
    assert all(hit.sureness is Sureness.UNSURE for hit in found.hits)


def test_a_hidden_procedure_is_never_suggested_and_nothing_is_sure_in_its_place(small: SmallKnowledge) -> None:
    small.withdrawn.add("X04")
    try:
        small.base._hidden = None
        found = small.base.typed("mất thẻ thương binh", NOON, finished=True)
    finally:
        small.withdrawn.clear()
        small.base._hidden = None
    assert "X04" not in ids(found)
    assert found.reason is Reason.BEING_REVISED
    assert all(hit.sureness is not Sureness.SURE for hit in found.hits)


def test_a_procedure_that_is_not_valid_yet_is_not_suggested(tmp_path: Path) -> None:
    early = SmallKnowledge(tmp_path, (record("X90", "Nuôi rùa trong chung cư", valid_from="2027-01-01"),))
    assert "X90" not in ids(early.base.typed("nuôi rùa trong ch", NOON))


def test_a_new_index_answers_while_somebody_types(tmp_path: Path) -> None:
    small = SmallKnowledge(tmp_path)
    assert small.base.typed("nuôi ba ba", NOON, finished=True).zone is Zone.REFUSE
    small.build(small_catalogue((*EXTRA, record("X91", "Nuôi ba ba trong phường", "nuôi ba ba"))))
    small.base._checked = -1e9
    small.base.typed("nuôi", NOON)
    loading = small.base._loading
    assert loading is not None
    loading.join(30)
    assert ids(small.base.typed("nuôi ba b", NOON))[0] == "X91"


def test_limits_and_order_hold(small: SmallKnowledge) -> None:
    for limit in (1, 3, 8):
        hits = small.base.typed("giấy phép", NOON, limit).hits
        assert len(hits) == min(limit, len(hits))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_composed_and_decomposed_are_typed_alike(small: SmallKnowledge) -> None:
    for text in ("mất thẻ thươ", "gia hạn giấy phép lao độ"):
        assert ids(small.base.typed(unicodedata.normalize("NFD", text), NOON)) == ids(small.base.typed(text, NOON))


def test_many_threads_may_type_at_once(small: SmallKnowledge) -> None:
    expected = ids(small.base.typed("mat the thuong", NOON))
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(ids(small.base.typed("mat the thuong", NOON)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\x00", "😀", "a", "?" * 400, "x" * 400, "\ud800", "\u202egnol", "%%%", "'; DROP TABLE", "1" * 50,
        "<b>lập</b>", "l\u0323\u0302p", "ｌａｐ", "\u200b\u200d", "lập\x00hội", "đ" * 60, "tgxh " * 80,
    ],
)  # fmt: skip
def test_senseless_text_finds_without_failing(small: SmallKnowledge, text: str) -> None:
    for finished in (False, True):
        assert len(small.base.typed(text, NOON, finished=finished).hits) <= 5


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120) | st.text(alphabet="abcdghilmnotuxy 😀\u0301\u0323đĐ.,/-0189\t\n", max_size=80))
def test_no_text_breaks_it(small: SmallKnowledge, text: str) -> None:
    found = small.base.typed(text, NOON)
    assert len(found.hits) <= 5
    assert len(set(ids(found))) == len(found.hits)
    assert all(word for hit in found.hits for word in hit.words)


class TestCompletions:
    """What a few letters may become."""

    @pytest.fixture(scope="class")
    def known(self, small: SmallKnowledge) -> Completions:
        indexes = small.base.index.searcher.indexes
        return Completions(indexes.passages, indexes.body)

    def test_the_word_before_decides(self, known: Completions) -> None:
        assert known.word("b", "thuong")[0].words == ("binh",)
        assert known.word("d", "lao")[0].words == ("dong",)

    def test_a_whole_word_counts_for_itself(self, known: Completions) -> None:
        assert known.word("hoi", "lap")[0].words == ("hoi",)

    def test_shares_add_up_to_no_more_than_one(self, known: Completions) -> None:
        for fragment in ("t", "th", "g", "l"):
            options = known.word(fragment, None)
            assert options
            assert sum(option.share for option in options) <= 1.0001
            assert [o.share for o in options] == sorted((o.share for o in options), reverse=True)

    def test_nothing_is_made_of_nothing(self, known: Completions) -> None:
        assert known.word("", "lap") == ()
        assert known.word("zzz", "lap") == ()
        assert known.initials("zzzz") == ()
        assert known.initials("ab1") == ()
        assert known.initials("x" * 30) == ()

    def test_unfinished_first_letters_may_go_on(self, known: Completions) -> None:
        assert ("giay", "phep", "lao", "dong") in {o.words for o in known.initials("gpl", finished=False)}
        assert ("giay", "phep", "lao", "dong") not in {o.words for o in known.initials("gpl")}

    @pytest.mark.parametrize("word", ["hoi", "quy", "lap", "ubnd", "an"])
    def test_words_syllables_and_abbreviations_are_no_first_letters(self, known: Completions, word: str) -> None:
        assert not known.are_initials(word)
