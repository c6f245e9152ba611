"""The one normaliser: what it promises for every text, and what each of its steps does."""

import random
import re
import unicodedata
from dataclasses import fields, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlu.text import Normalizer, clean, strip_accents
from nlu.text.expansion import table
from nlu.text.syllable_model import END, START, syllable_model
from tests.work import calls

DEFAULT = Normalizer()
FULL = Normalizer(restoration=True)
NONE = Normalizer(**{field.name: False for field in fields(Normalizer)})
EITHER = st.sampled_from([DEFAULT, FULL])

_SYLLABLES = sorted(word for word in syllable_model().singles if word not in (START, END))
_WRITTEN = sorted(table())
_BESIDE = sorted({word for rules in table().values() for rule in rules for word in rule.before | rule.after})
_NEIGHBOURS = [word for word in _BESIDE if not word.startswith("<")]
_SEPARATORS = [" "] * 12 + [", ", ". ", "? ", "", "-", "/", "  ", "\n", "@", "."]


def _word(rng: random.Random) -> str:
    """Return a written form, a neighbour that rules name, or a syllable: right, misspelled or without accents."""
    kind = rng.random()
    if kind < 0.35:
        word = rng.choice(_WRITTEN)
    elif kind < 0.5:
        word = rng.choice(_NEIGHBOURS)
    else:
        word = rng.choice(_SYLLABLES)
        if kind > 0.85:
            at = rng.randrange(len(word))
            word = word[:at] + rng.choice("abcdđeghiknoprstuxyâơà1267jfw") + word[at + 1 :]
        elif kind > 0.75:
            word = strip_accents(word)
    kind = rng.random()
    return word.capitalize() if kind < 0.07 else word.upper() if kind < 0.1 else word


def _typed(seed: int) -> str:
    rng = random.Random(seed)
    return "".join(_word(rng) + rng.choice(_SEPARATORS) for _ in range(rng.randrange(9)))


words = st.integers(0, 2**32).map(lambda seed: _word(random.Random(seed)))
typed = st.integers(0, 2**32).map(_typed)
anything = st.one_of(typed, typed, st.text(max_size=20))


@settings(max_examples=3000, deadline=None)
@given(EITHER, anything)
@example(Normalizer(restoration=False), "\x80Ã¡")
def test_normalising_twice_changes_nothing_more(normalizer: Normalizer, text: str) -> None:
    once = normalizer.normalize(text).text
    assert normalizer.normalize(once).text == once


@settings(max_examples=2000, deadline=None)
@given(EITHER, anything)
def test_composed_and_decomposed_text_normalise_alike(normalizer: Normalizer, text: str) -> None:
    composed = normalizer.normalize(unicodedata.normalize("NFC", text))
    decomposed = normalizer.normalize(unicodedata.normalize("NFD", text))
    assert composed.text == decomposed.text
    assert composed.norms == decomposed.norms


_OLD_AND_NEW = {"hoà": "hòa", "hoá": "hóa", "hoả": "hỏa", "thuý": "thúy", "uỷ": "ủy", "khoẻ": "khỏe", "toà": "tòa",
                "quỹ": "quỹ", "loà": "lòa", "huỷ": "hủy", "luỹ": "lũy", "thuỷ": "thủy", "xoá": "xóa"}  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(EITHER, st.lists(st.one_of(st.sampled_from(sorted(_OLD_AND_NEW)), words), max_size=8))
def test_both_ways_to_place_a_tone_normalise_alike(normalizer: Normalizer, sequence: list[str]) -> None:
    newer = " ".join(_OLD_AND_NEW.get(word, word) for word in sequence)
    assert normalizer.normalize(" ".join(sequence)).text == normalizer.normalize(newer).text


_CODES = """
03/2026/NĐ-CP 1847/QĐ-TTg 80/2025/QH15 1.014942 H26.15.02-261008-0975 000.00.01.H26-230101-0001 30/11/2026 9:30
500.000đ 7,5% 2/4 0912345678 1900 NV144 15h30 nguyenvana@gmail.com https://dichvucong.gov.vn/p/home thcs-ba.edu.vn
email online zalo vneid website facebook form file link app photo internet VNeID Gmail adn
"""
_NAMES = """
Nguyễn Trần Lê Văn Thị Minh Hen Mô Nha Chi Tê Răng Hưng Nam Sơn Má Hoan Binh Nguyen Thuy Sinh Xuân
"""
codes = st.sampled_from(_CODES.split())
names = st.lists(st.sampled_from(_NAMES.split()), min_size=2, max_size=4).map(" ".join)


@settings(max_examples=2000, deadline=None)
@given(EITHER, st.lists(words, max_size=4), st.one_of(codes, names), st.lists(words, max_size=4))
def test_codes_numbers_addresses_and_names_stay(
    normalizer: Normalizer, before: list[str], kept: str, after: list[str]
) -> None:
    text = " ".join([*before, kept, *after])
    assert clean(kept) in normalizer.normalize(text).text


@settings(max_examples=2500, deadline=None)
@given(EITHER, anything)
def test_words_lead_back_to_the_text_as_given(normalizer: Normalizer, text: str) -> None:
    found = normalizer.normalize(text)
    end = 0
    for start, stop, _ in found.by_source():
        assert end <= start < stop <= len(text)
        end = stop
    for word in found.words:
        assert clean(found.text[word.at :]).lower().startswith(word.norm)


def _random_text(rng: random.Random) -> str:
    kind = rng.random()
    length = rng.randrange(14)
    if kind < 0.4:
        return "".join(
            chr(rng.choice((rng.randrange(0x250), rng.randrange(0x3000), rng.randrange(0x110000))))
            for _ in range(length)
        )
    if kind < 0.7:
        alphabet = "\u0300\u0301\u0303\u0309\u0323\u0302\u031b\u200b\u00adÃÆÄ»º\U0001f600"
        alphabet += "aăâeêioôơuưyđbcdghklmnpqrstvx 123456789.,?!/-@"
        return "".join(rng.choice(alphabet) for _ in range(length))
    return "".join(rng.choice(_WRITTEN) + rng.choice((" ", ", ", "\u0301", "\n")) for _ in range(rng.randrange(5)))


def test_a_hundred_thousand_random_texts_raise_nothing() -> None:
    rng = random.Random(20261122)
    for _ in range(100_000):
        text = _random_text(rng)
        found = FULL.normalize(text)
        assert all(0 <= word.start < word.end <= len(text) for word in found.words), repr(text)


@pytest.mark.parametrize(
    ("given_text", "standard"),
    [
        ("ho62 so7 lập hội", "hồ sơ lập hội"),
        ("thu3 tu5c d9a8ng ky1", "thủ tục đăng ký"),
        ("nguoi72 dân có công", "người dân có công"),
        ("thur tucj ddawng kys", "thủ tục đăng ký"),
        ("thủ tucj đawng ký", "thủ tục đăng ký"),
        ("quan1 quan3 quan5", "quan1 quan3 quan5"),
        ("tổ2 khu3", "tổ2 khu3"),
        ("mp3, h2o, covid19, a4", "mp3, h2o, covid19, a4"),
        ("ko bít đk hs ncc ntn", "không biết đăng ký hồ sơ người có công như thế nào"),
        ("chừng mô thì xong rứa", "chừng nào thì xong thế"),
        ("khôngggg đượcccc", "không được"),
        ("hạng III, pccc", "hạng III, phòng cháy chữa cháy"),
        ("tui mún hỏi thủtục lệphí", "tôi muốn hỏi thủ tục lệ phí"),
        ("Thá»§ tá»¥c lập hội", "Thá»§ tá»¥c lập hội"),
        ("bạn nuôi chó, hôn nhân, quy mô", "bạn nuôi chó, hôn nhân, quy mô"),
    ],
)
def test_what_citizens_type_becomes_standard(given_text: str, standard: str) -> None:
    assert DEFAULT.normalize(given_text).text == standard


EXPANDED = """
hs ubnd xã có tthc k|hồ sơ ủy ban nhân dân xã có thủ tục hành chính không
nv ở snv thái độ lm sao z|nhân viên ở sở nội vụ thái độ làm sao vậy
cần chi rứa tui hổng biết nộp mô|cần gì thế tôi không biết nộp đâu
bả nói dìa mần đơn nghen|bà ấy nói về làm đơn nhé
hết 500 k hay 2 tr|hết 500 nghìn hay 2 triệu
ntd có cần đk gplđ cho nlđ nn ko|nhà tuyển dụng có cần đăng ký giấy phép lao động cho người lao động nn không
cđcs, lđlđ, tnxp, vbcc|công đoàn cơ sở, liên đoàn lao động, thanh niên xung phong, văn bằng chứng chỉ
quên mk vneid|quên mật khẩu vneid
ck mình mất r|chồng mình mất rồi
nha em o xa|nha em o xa
nộp ở đâu nha|nộp ở đâu nhé
dang ky tau ca|dang ky tau ca
chi nhánh, quy mô, nghỉ hè, mồ côi, lãnh đạo|chi nhánh, quy mô, nghỉ hè, mồ côi, lãnh đạo
""".strip().splitlines()


@pytest.mark.parametrize("line", EXPANDED)
def test_chat_office_and_regional_words_by_their_neighbours(line: str) -> None:
    text, standard = line.split("|")
    assert DEFAULT.normalize(text).text == standard


SWITCHES = [
    ("mojibake", "Thá»§ tá»¥c Ä‘Äƒng kÃ½", "thủ tục đăng ký"),
    ("unicode", "thủ tụс hồ ѕơ", "thủ tục hồ sơ"),
    ("vni", "thu3 tu5c", "thủ tục"),
    ("telex", "thur tucj", "thủ tục"),
    ("abbreviations", "tthc", "thủ tục hành chính"),
    ("regional", "tui hỏi", "tôi hỏi"),
    ("spelling", "chợ cấp thất nghiệp", "trợ cấp thất nghiệp"),
    ("restoration", "tro cap that nghiep", "trợ cấp thất nghiệp"),
]


def test_every_step_is_tried_below() -> None:
    assert {name for name, *_ in SWITCHES} == {field.name for field in fields(Normalizer)}


@pytest.mark.parametrize(("step", "text", "standard"), SWITCHES)
def test_a_step_that_is_switched_off_does_nothing(step: str, text: str, standard: str) -> None:
    assert FULL.normalize(text).text.lower() == standard
    assert replace(FULL, **{step: False}).normalize(text).text.lower() != standard


def test_without_any_step_the_text_is_only_cut() -> None:
    text = "ko  biết  thur tucj, uỷ ban tui"
    assert NONE.normalize(text).text == text
    assert NONE.normalize(text).norms == ["ko", "biết", "thur", "tucj", "ủy", "ban", "tui"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("ko bít tthc", [("ko", "không"), ("bít", "biết"), ("tthc", "thủ tục hành chính")]),
        ("h ồ sơ lệphí", [("h ồ", "hồ"), ("sơ", "sơ"), ("lệphí", "lệ phí")]),
        (
            "\u200bthu\u0309  tu\u0323c\u00ad, ｈội",
            [("thu\u0309", "thủ"), ("tu\u0323c\u00ad", "tục"), ("ｈội", "hội")],
        ),
        ("Thá»§ tá»¥c", [("Thá»§", "thủ"), ("tá»¥c", "tục")]),
        ("nộp: H26.15.02-261008-0975!", [("nộp", "nộp"), ("H26.15.02-261008-0975", "h26.15.02-261008-0975")]),
    ],
)
def test_spans_are_those_of_the_text_as_given(text: str, spans: list[tuple[str, str]]) -> None:
    assert [(text[start:end], norm) for start, end, norm in DEFAULT.normalize(text).by_source()] == spans


@pytest.mark.timeout(60)
def test_the_work_of_reading_grows_with_the_text_and_no_faster() -> None:
    text = "cho em hỏi thủ tục đăng ký thành lập hội ở phường cần giấy tờ gì và nộp ở đâu vậy ạ"
    DEFAULT.normalize(text)
    short, long = (calls(lambda n=times: DEFAULT.normalize(f"{text} " * n)) for times in (1, 16))
    assert short < 40 * len(text)
    assert long < 20 * short
    DEFAULT.normalize(f"{text} " * 700)


def test_every_abbreviation_has_a_lower_case_written_form() -> None:
    assert len(_WRITTEN) > 400
    assert [form for form in _WRITTEN if form != clean(form).lower() or re.search(r"\s", form)] == []
