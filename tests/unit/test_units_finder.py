"""What a phrase is read as: today's units, former ones, districts and offices."""

import pytest

from bot.core.units import Certainty, DeskHint
from tests.unit.unit_steps import AMBIGUOUS, CERTAIN, DISTRICT, FINDER, REGISTRY, SPLIT, names, one


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("phuong cau giay", "Phường Cầu Giấy"),
        ("p cau giay", "Phường Cầu Giấy"),
        ("tôi ra P.Cầu Giấy", "Phường Cầu Giấy"),
        ("UBND fường Cầu Giấy", "Phường Cầu Giấy"),
        ("p.caugiay", "Phường Cầu Giấy"),
        ("phuongwf caauf giaays", "Phường Cầu Giấy"),
        ("phu7o72ng ca62u gia61y", "Phường Cầu Giấy"),
        ("uỷ ban nhân dân xã Hoà Lạc", "Xã Hòa Lạc"),
        ("ủy ban xã hòa lạc", "Xã Hòa Lạc"),
        ("phường Văn Miếu", "Phường Văn Miếu - Quốc Tử Giám"),
        ("phường Văn Miếu-Quốc Tử Giám", "Phường Văn Miếu - Quốc Tử Giám"),
        ("phường Sóc Sơn", "Xã Sóc Sơn"),
        ("phuong lang ha noi", "Phường Láng"),
        ("phường Thanh Xuân năm ngoái", "Phường Thanh Xuân"),
        ("dạ ở phường láng ạ", "Phường Láng"),
        ("cb phường Định Công", "Phường Định Công"),
    ],
)
def test_units_of_today(text: str, name: str) -> None:
    mention = one(text)
    assert (mention.certainty, names(mention), mention.former) == (CERTAIN, [name], None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("phường cầu giầu", "Phường Cầu Giấy"),
        ("phuong hoang liett", "Phường Hoàng Liệt"),
        ("Phường Tương Mal", "Phường Tương Mai"),
        ("phường Vỉnh Tuy", "Phường Vĩnh Tuy"),
        ("xã Sóc Sơm", "Xã Sóc Sơn"),
    ],
)
def test_one_wrong_letter_behind_the_type_word(text: str, name: str) -> None:
    mention = one(text)
    assert (mention.certainty, names(mention)) == (CERTAIN, [name])


def test_a_current_name_is_certain_and_its_namesakes_are_told() -> None:
    mention = one("UBND phường Yên Hòa")
    assert mention.certainty is CERTAIN
    assert mention.namesakes == ("Phường Yên Hòa, Quận Cầu Giấy",)
    assert one("phường Ba Đình").namesakes == ("Quận Ba Đình",)
    assert one("phường Láng").namesakes == ()


@pytest.mark.parametrize(
    ("text", "certainty", "former"),
    [
        ("phường Yên Hòa cũ", SPLIT, "Phường Yên Hòa, Quận Cầu Giấy"),
        ("phường Yên Hòa (cũ)", SPLIT, "Phường Yên Hòa, Quận Cầu Giấy"),
        ("phuong yen hoa cu", SPLIT, "Phường Yên Hòa, Quận Cầu Giấy"),
        ("hồi còn phường Yên Hòa", SPLIT, "Phường Yên Hòa, Quận Cầu Giấy"),
        ("hồi còn UBND phường Yên Hòa", SPLIT, "Phường Yên Hòa, Quận Cầu Giấy"),
        ("phường cũ là Yên Hòa", SPLIT, "Phường Yên Hòa, Quận Cầu Giấy"),
        ("phường Láng Hạ", SPLIT, "Phường Láng Hạ, Quận Đống Đa"),
        ("phường Nghĩa Tân", CERTAIN, "Phường Nghĩa Tân, Quận Cầu Giấy"),
        ("Nghĩa Tân, Cầu Giấy", CERTAIN, "Phường Nghĩa Tân, Quận Cầu Giấy"),
        ("quận Cầu Giấy, phường Nghĩa Tân", CERTAIN, "Phường Nghĩa Tân, Quận Cầu Giấy"),
        ("xã Thanh Xuân", CERTAIN, "Xã Thanh Xuân, Huyện Sóc Sơn"),
        ("tt văn điển", SPLIT, "Thị trấn Văn Điển, Huyện Thanh Trì"),
        ("phường Mỹ Đình", SPLIT, "Phường Mỹ Đình, Quận Nam Từ Liêm"),
        ("phường Mỹ Đình 1", SPLIT, "Phường Mỹ Đình 1, Quận Nam Từ Liêm"),
        ("xã Tân Dân", AMBIGUOUS, "Xã Tân Dân"),
        ("xã Tân Dân, Phú Xuyên", CERTAIN, "Xã Tân Dân, Huyện Phú Xuyên"),
        ("xã Hòa Phú, huyện Ứng Hòa", CERTAIN, "Xã Hòa Phú, Huyện Ứng Hòa"),
        ("phường Minh Khai, bắc từ liêm", SPLIT, "Phường Minh Khai, Quận Bắc Từ Liêm"),
    ],
)
def test_former_units(text: str, certainty: Certainty, former: str) -> None:
    mention = one(text)
    assert (mention.certainty, mention.former) == (certainty, former)
    assert (len(mention.units) == 1) is (mention.certainty is CERTAIN)
    known = REGISTRY.successors(former.partition(",")[0], former.partition(", ")[2] or None)
    assert set(mention.units) == {unit for old in known for unit in old.units}


def test_the_district_of_an_address_does_not_make_a_current_ward_a_former_one() -> None:
    mention = one("phường Yên Hòa, quận Cầu Giấy")
    assert (mention.certainty, names(mention)) == (CERTAIN, ["Phường Yên Hòa"])
    assert mention.text == "phường Yên Hòa, quận Cầu Giấy"


@pytest.mark.parametrize(
    "text", ["UBND quận Cầu Giấy", "ubnd q cau giay", "Quận Cầu Giấy cũ", "q.CG", "phòng Nội vụ quận Cầu Giấy"]
)
def test_abolished_districts_offer_their_communes(text: str) -> None:
    mention = one(text)
    assert (mention.certainty, mention.former) == (DISTRICT, "Quận Cầu Giấy")
    assert names(mention)[0] == "Phường Cầu Giấy"
    assert len(mention.units) == 9


@pytest.mark.parametrize(
    "text", ["ở Cầu Giấy", "bên Hà Đông", "UBND Ba Đình", "Ba Đình", "tôi ở Yên Hòa", "phường Thanh Xuân Nam"]
)
def test_names_that_may_mean_several_things_are_left_open(text: str) -> None:
    mention = one(text)
    assert mention.certainty is AMBIGUOUS
    assert len(mention.units) > 1


def test_without_accents_two_names_that_look_alike_are_left_open() -> None:
    assert one("xa son dong").certainty is AMBIGUOUS
    assert names(one("xã Sơn Đồng")) == ["Xã Sơn Đồng"]
    assert one("xã Sơn Đông").former == "Xã Sơn Đông, Thị xã Sơn Tây"


def test_a_street_that_bears_a_former_wards_name_proves_no_unit() -> None:
    assert one("tôi ở Hàng Bài").certainty is AMBIGUOUS
    assert FINDER.find("nhà tôi ở số 12 phố Kim Mã, Ba Đình") == ()
    assert FINDER.find("đường Láng tắc quá") == ()


@pytest.mark.parametrize(
    ("text", "unit", "former"),
    [
        ("Sở Nội vụ", "HN-SNV", None),
        ("len so noi vu ha noi", "HN-SNV", None),
        ("sở xây dựng", "HN-SXD", None),
        ("sở TNMT", "HN-SNNMT", "Sở Tài nguyên và Môi trường"),
        ("so tai nguyen moi truong", "HN-SNNMT", "Sở Tài nguyên và Môi trường"),
        ("Sở Lao động", "HN-SNV", "Sở Lao động - Thương binh và Xã hội"),
        ("sở LĐ-TB&XH", "HN-SNV", "Sở Lao động - Thương binh và Xã hội"),
        ("sở kh&đt", "HN-STC", "Sở Kế hoạch và Đầu tư"),
        ("văn phòng UBND thành phố", "HN-VPUB", None),
        ("ủy ban thành phố hà nội", "HN", None),
        ("thanh tra thành phố", "HN-TTTP", None),
        ("chi nhánh văn phòng đăng ký đất đai quận Cầu Giấy", "HN-VPDKDD", None),
        ("chi nhánh số 3", "HN-TTPVHCC-CN03", None),
        ("trung tâm phục vụ hành chính công số 1", "HN-TTPVHCC-CN01", None),
        ("TTPVHCC chi nhánh 12", "HN-TTPVHCC-CN12", None),
        ("Trung tâm Phục vụ hành chính công thành phố Hà Nội", "HN-TTPVHCC", None),
        ("một cửa thành phố", "HN-TTPVHCC", None),
    ],
)
def test_offices_of_the_city(text: str, unit: str, former: str | None) -> None:
    mention = one(text)
    assert (mention.certainty, mention.units, mention.former) == (CERTAIN, (unit,), former)


def test_the_centre_without_a_place_must_be_asked_about() -> None:
    mention = one("trung tâm phục vụ hành chính công")
    assert (mention.certainty, mention.units) == (AMBIGUOUS, ("HN-TTPVHCC",))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("một cửa phường Láng", DeskHint.ONE_STOP),
        ("bộ phận một cửa của UBND phường Láng", DeskHint.ONE_STOP),
        ("trung tâm hành chính công phường Láng", DeskHint.ONE_STOP),
        ("UBND phường Láng", DeskHint.COMMITTEE),
        ("phường Láng", None),
    ],
)
def test_the_desk_that_a_phrase_names(text: str, hint: DeskHint | None) -> None:
    mention = one(text)
    assert (mention.units, mention.desk_hint) == (("HN-00199",), hint)
