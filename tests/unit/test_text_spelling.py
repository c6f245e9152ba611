"""Spelling repair: what neighbours prove is mended, everything else is left as typed."""

import random

import pytest

from nlu.text import Normalizer, strip_accents
from nlu.text.slips import one_slip_apart, split_joined
from nlu.text.spelling import respelled, sound_alikes
from nlu.text.syllable_model import SyllableModel, syllable_model
from nlu.text.vni_keys import vni_readings

NORMALIZER = Normalizer()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sử lý hồ sơ", "xử lý hồ sơ"),
        ("chợ cấp thất nghiệp", "trợ cấp thất nghiệp"),
        ("trế độ thương binh", "chế độ thương binh"),
        ("dấy tờ gì", "giấy tờ gì"),
        ("nệ phí bao nhiêu", "lệ phí bao nhiêu"),
        ("lộp hồ sơ ở đâu", "nộp hồ sơ ở đâu"),
        ("ủy ban nhân dân sã", "ủy ban nhân dân xã"),
        ("bảo hiễm thất nghiệp", "bảo hiểm thất nghiệp"),
        ("qui định", "quy định"),
        ("đăng kí hội", "đăng ký hội"),
        ("nghành nội vụ", "ngành nội vụ"),
        ("kông chức", "công chức"),
        ("thu tục đăng ký", "thủ tục đăng ký"),
        ("công chưc phường", "công chức phường"),
        ("thưong binh", "thương binh"),
        ("đăg ký", "đăng ký"),
        ("thủ tụcc", "thủ tục"),
        ("giáy phép lao đọng", "giấy phép lao động"),
        ("thủtục đăngký", "thủ tục đăng ký"),
        ("trocapthatnghiep", "tro cap that nghiep"),
        ("h ồ sơ", "hồ sơ"),
        ("th ủ tục", "thủ tục"),
        ("thuong bihn liet si", "thuong binh liet si"),
        ("tro cap that ngheip", "tro cap that nghiep"),
    ],
)
def test_what_neighbours_prove_is_mended(typed: str, meant: str) -> None:
    assert NORMALIZER.normalize(typed).text == meant


UNTOUCHED = """
tôi muốn hỏi thủ tục thành lập hội ở xã
sử dụng đất, lịch sử, trợ giúp, chợ Đồng Xuân, chế độ, chú ý, trú quán
lớp học, nộp đơn, nóng lạnh, lăm le, hai mươi lăm ngày, năm nay
da liễu, gia đình, ra về, dành cho, giành giải, rành rẽ
xã hội, sã, xổ số, sổ sách, xa lạ, sa sút
gửi email, đăng ký online, vào website, dùng zalo, tài khoản vneid, file pdf, link form
con tôi tên Hen, bạn Nguyễn Văn Lộp, chị Sử ở thôn Chợ
mã H26.15.02-261008-0975, quyết định 1847/QĐ-TTg, nghị định 03/2026/NĐ-CP
khu phố 3, tổ 12, lớp 5A, hạng III, loại A1, 500.000đ
giám định adn, xét nghiệm hiv, máy mri, chứng chỉ iso, ngoại ngữ toeic
thờ cúng, thợ may, thở, thỏ, thọ, thổ cẩm
hội cây cảnh, hội hoa lan, hội chơi chim, hội mèo
""".strip().splitlines()


@pytest.mark.parametrize("text", UNTOUCHED)
def test_sound_text_is_left_alone(text: str) -> None:
    assert Normalizer(abbreviations=False, regional=False).normalize(text).text == text


def test_a_slip_in_a_hundred_of_our_own_pairs_is_mostly_undone() -> None:
    model = syllable_model()
    rng = random.Random(5)
    phrases = sorted(
        f"{left} {right}"
        for left, followers in model.followers.items()
        for right, count in followers.items()
        if count >= 25 and "<" not in left + right and len(right) >= 4 and not right.isascii()
    )
    assert len(phrases) > 300
    mended = wrong = 0
    chosen = rng.sample(phrases, 300)
    for phrase in chosen:
        left, right = phrase.split()
        at = rng.randrange(len(right) - 1)
        typed = f"{left} {right[:at]}{right[at + 1]}{right[at]}{right[at + 2 :]}"
        found = Normalizer(abbreviations=False, regional=False, telex=False).normalize(typed).text
        mended += found == phrase
        wrong += found not in (phrase, typed)
    assert mended > 0.7 * len(chosen)
    assert wrong < 0.05 * len(chosen)


@pytest.mark.parametrize(
    ("word", "written"), [("nghành", "ngành"), ("ghà", "gà"), ("ngỉ", "nghỉ"), ("kông", "công"), ("ké", "ké")]
)
def test_onsets_follow_the_orthography(word: str, written: str) -> None:
    assert respelled(word) == written


def test_sound_alikes_are_syllables() -> None:
    assert set(sound_alikes("sử")) >= {"xử", "sữ"}
    assert "giấy" in sound_alikes("dấy")
    assert "ký" in sound_alikes("kí")
    assert sound_alikes("xyz") == ()


def test_joined_words_are_cut_only_into_pairs_that_belong_together() -> None:
    pairs = {("le", "phi"), ("phi", "bao"), ("bao", "nhieu")}
    known = {"le", "phi", "bao", "nhieu", "ba", "on"}
    assert split_joined("lephibaonhieu", known, lambda *pair: pair in pairs) == ["le", "phi", "bao", "nhieu"]
    assert split_joined("philebao", known, lambda *pair: pair in pairs) is None
    assert split_joined("x" * 1000, known, lambda *pair: pair in pairs) is None


def test_one_slip_is_symmetric() -> None:
    assert one_slip_apart("binh", "bihn")
    assert one_slip_apart("bihn", "binh")
    assert not one_slip_apart("binh", "bhni")


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("ho62 so7", {0: "hồ", 1: "sơ"}),
        ("thu3 tu5c", {0: "thủ", 1: "tục"}),
        ("cu7o71i", {0: "cưới"}),
        ("d9e6n1", {0: "đến"}),
        ("thu3 tu", {}),
        ("phuong5 quan1 to2", {}),
        ("covid19 mp3 b12 15h30", {}),
    ],
)
def test_vni_keys_are_read_where_they_are_no_numbers(text: str, readings: dict[int, str]) -> None:
    assert vni_readings(text.split()) == readings


def test_a_model_without_texts_mends_nothing() -> None:
    from nlu.text.spelling import Spelling

    assert Spelling(SyllableModel({}, {})).mends(["sử", "lý", "bihn"], [False] * 3, bare=False) == []


def test_fixed_words_stay_but_prove_their_neighbours() -> None:
    from nlu.text.spelling import Spelling

    spelling = Spelling(syllable_model())
    assert [mend.words for mend in spelling.mends(["lệ", "phý"], [False, False], bare=False)] == [("phí",)]
    assert spelling.mends(["lệ", "phý"], [False, True], bare=False) == []


def test_the_syllable_model_reads_back_what_it_wrote() -> None:
    model = syllable_model()
    again = SyllableModel.parse(model.dump())
    assert again.singles == model.singles
    assert again.followers == model.followers
    assert len(model.singles) > 1500
    assert model.plain_singles[strip_accents("thủ")] >= model.singles["thủ"]
