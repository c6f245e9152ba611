"""Cleaning and folding: one spelling for what looks the same."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlu.text import clean, expand, fingerprint, fold, is_syllable, strip_accents, tokens
from nlu.text.expansion import table

_SYLLABLES = (  # noqa: SIM905
    "hoà hoá hoả thuý thuỷ quý quỷ già giá gìn giếng được đựơc ngoài khuỷu loè khoẻ muà quà "
    "thủ tục đăng ký Hoàn xã PHƯỜNG nghĩa thương binh"
).split()
vietnamese = st.lists(st.sampled_from(_SYLLABLES), max_size=8).map(" ".join)
anything = st.one_of(
    st.text(max_size=60), vietnamese, st.text(alphabet="aoueiyAOĐđ hqgctn\u0300\u0301\u0302\u031b\u0323")
)


@given(anything)
@example("OU\u0323\u0300")
@example("oA\u0300\u0301")
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(anything)
def test_composed_and_decomposed_text_clean_alike(text: str) -> None:
    assert clean(unicodedata.normalize("NFD", text)) == clean(unicodedata.normalize("NFC", text))


@given(anything)
def test_fold_is_idempotent_and_without_marks(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(unicodedata.category(char) == "Mn" for char in folded)


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("hoà", "hòa"),
        ("thuý", "thúy"),
        ("HOÀ BÌNH", "HÒA BÌNH"),
        ("qúy", "quý"),
        ("quý", "quý"),
        ("gía", "giá"),
        ("đựơc", "được"),
        ("hòan thành", "hoàn thành"),
        ("toán", "toán"),
        ("muà", "mùa"),
        ("khuỷu", "khuỷu"),
        ("gì giếng", "gì giếng"),
        ("café", "café"),
    ],
)
def test_tone_marks_stand_in_one_place(typed: str, standard: str) -> None:
    assert clean(typed) == standard


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("th\u200bủ\ufeff t\u2060ục", "thủ tục"),
        ("\u202eabc\u202c", "abc"),
        ("ｔｈủ　ｔục １２", "thủ tục 12"),
        ("thủ\u00a0tục \n\t hội  ", "thủ tục hội"),
        ("thủ tụс hồ ѕơ", "thủ tục hồ sơ"),
        ("Ðăng ký", "Đăng ký"),
        ("tiê\u0301ng a\u0301\u0302y", "tiếng ấy"),
        ("𝐭𝐡𝐮̉ 𝐭𝐮̣𝐜", "thủ tục"),
        ("привет", "привет"),
    ],
)
def test_what_looks_the_same_becomes_the_same(typed: str, standard: str) -> None:
    assert clean(typed) == standard


@pytest.mark.parametrize(
    "text", ["03/2026/NĐ-CP", "1.014942", "H26.15.02-261008-0975", "ngày 30/11/2026 lúc 9:30", "500.000đ", "m² 81%"]
)
def test_codes_dates_and_amounts_are_untouched(text: str) -> None:
    assert clean(text) == text
    assert expand(text) == text


def test_fold_joins_every_spelling_of_a_word() -> None:
    assert {fold(word) for word in ("Hoà", "hòa", "HÒA", "hoa\u0300", "hoa")} == {"hoa"}
    assert strip_accents("Đường") == "Duong"


@given(anything)
def test_token_offsets_are_true_to_the_text(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
        assert token.start >= end
        assert token.norm == clean(token.text).lower()
        end = token.end


def test_decomposed_words_are_not_shredded() -> None:
    text = unicodedata.normalize("NFD", "thủ tục thành lập hội")
    assert [token.norm for token in tokens(text)] == ["thủ", "tục", "thành", "lập", "hội"]


@pytest.mark.parametrize(
    "code",
    [
        "03/2026/NĐ-CP",
        "1847/QĐ-TTg",
        "80/2025/QH15",
        "1.014942",
        "H26.15.02-261008-0975",
        "000.00.01.H26-230101-0001",
        "30/11/2026",
        "9:30",
        "500.000đ",
        "v/v",
    ],
)
def test_a_code_is_one_token(code: str) -> None:
    assert [token.text for token in tokens(f"mã {code}, thì sao?")] == ["mã", code, "thì", "sao"]


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("ko bít đk hs ncc ntn", "không biết đăng ký hồ sơ người có công như thế nào"),
        ("tui mún hỏi tthc", "tôi muốn hỏi thủ tục hành chính"),
        ("cần chi rứa, nộp mô", "cần gì thế, nộp đâu"),
        ("hết bn tiền", "hết bao nhiêu tiền"),
        ("thur tucj ddawng kys hooij", "thủ tục đăng ký hội"),
        ("khôngggg đượcccc", "không được"),
        ("chiến trường B, C, K", "chiến trường B, C, K"),
        ("quy mô, mô hình, răng hàm mặt", "quy mô, mô hình, răng hàm mặt"),
        ("đi khám răng", "đi khám răng"),
        ("visa, test, fax, taxi", "visa, test, fax, taxi"),
        ("chi nhánh, chi phí", "chi nhánh, chi phí"),
        ("đủ đk chưa", "đủ điều kiện chưa"),
    ],
)
def test_chat_and_regional_words_become_standard(typed: str, standard: str) -> None:
    assert expand(typed) == standard


@given(anything)
def test_expanding_never_fails_and_keeps_unknown_text(text: str) -> None:
    assert isinstance(expand(text), str)
    assert expand("«" + "!?" * 3 + "»") == "«!?!?!?»"


def test_every_standard_form_of_the_table_stays_as_it_is() -> None:
    standards = {rule.standard for rules in table().values() for rule in rules}
    assert len(standards) > 100
    assert [form for form in sorted(standards) if expand(form) != form] == []


@pytest.mark.parametrize("word", ["nghĩa", "được", "khuya", "giếng", "gì", "quốc", "yêu", "xoong"])
def test_syllables_are_recognised(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["tucj", "phing", "làc", "strong", "ddang"])
def test_non_syllables_are_refused(word: str) -> None:
    assert not is_syllable(word)


def test_fingerprint_is_a_stable_hash() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 64
