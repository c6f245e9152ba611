"""What was said, lost, shown and wanted, in the words of the story."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.story import Evidence, StoryFacts, story_facts
from nlu.text import strip_accents

# story | words that were said
SAID = """
chị ấy bảo về mà học lại | về mà học lại
Sáng nay chị một cửa quát tôi ầm ĩ, bảo về mà học lại, tôi chờ 3 tiếng. | về mà học lại
cán bộ nói: "Không làm được thì về đi" | Không làm được thì về đi
anh ấy quát tôi là đồ ngu | đồ ngu
ông phó chủ tịch nói tôi là đồ vô học | đồ vô học
họ bảo tôi hết số rồi mai quay lại | hết số rồi mai quay lại
cô ấy trả lời rằng không biết, tự đi mà tìm | không biết, tự đi mà tìm
chị ta bảo là hồ sơ thiếu giấy xác nhận, tôi hỏi lại thì chị quát | hồ sơ thiếu giấy xác nhận
họ nói “muốn nhanh thì phải biết điều” | muốn nhanh thì phải biết điều
anh ta bảo muốn nhanh thì đưa 500k, tôi không đưa | muốn nhanh thì đưa 500k
can bo bao la het gio lam viec | het gio lam viec
chi ay bao ve di, toi khong hieu gi | ve di
bị mắng là đồ nhà quê | đồ nhà quê
tôi nói là tôi đã nộp đủ | -
tôi hỏi: "bao giờ xong ạ?" | -
nhân viên nói trống không | -
họ nói chuyện riêng suốt | -
bảo hiểm xã hội chậm trả | -
bảo vệ không cho vào | -
em muốn nói chuyện này | -
đi lại bao nhiêu lần rồi | -
toi khong biet noi nop | -
xin bảo đảm bí mật cho tôi | -
"""
# story | wish
WANTED = """
tôi mong được xin lỗi | mong được xin lỗi
Đề nghị xử lý nghiêm cán bộ này. | Đề nghị xử lý nghiêm cán bộ này
tôi bị quát ở phường. Đề nghị phường xin lỗi tôi. Tôi chờ. | Đề nghị phường xin lỗi tôi
em chỉ muốn được giải quyết hồ sơ đúng hạn | muốn được giải quyết hồ sơ đúng hạn
tôi yêu cầu chị ấy phải xin lỗi | yêu cầu chị ấy phải xin lỗi
Kính mong quý sở kiểm tra lại | mong quý sở kiểm tra lại
tôi muốn họ trả lại 500 nghìn | muốn họ trả lại 500 nghìn
nguyện vọng của tôi là được cấp giấy sớm | nguyện vọng của tôi là được cấp giấy sớm
đề nghị làm rõ và kỷ luật | đề nghị làm rõ và kỷ luật
mong lãnh đạo chấn chỉnh thái độ | mong lãnh đạo chấn chỉnh thái độ
cán bộ yêu cầu tôi nộp thêm giấy | -
chị ấy yêu cầu nộp lệ phí 200k | -
tôi muốn phản ánh cán bộ phường | -
tôi muốn hỏi thủ tục khai sinh | -
họ đề nghị tôi về chờ | -
hôm qua tôi ra phường | -
không mong gì nữa | -
"""
# story | time lost | minutes
WAITED = """
tôi chờ 3 tiếng | chờ 3 tiếng | 180
đợi 2 tiếng rưỡi | đợi 2 tiếng rưỡi | 150
chờ hơn 45 phút | chờ hơn 45 phút | 45
mất cả tiếng đồng hồ | mất cả tiếng đồng hồ | 60
ngồi chờ nửa tiếng | ngồi chờ nửa tiếng | 30
chờ 1h30 phút | chờ 1h30 phút | 90
phải xếp hàng gần 4 giờ | xếp hàng gần 4 giờ | 240
chờ từ 8h đến 11h | chờ từ 8h đến 11h | 180
đợi từ 7h30 sáng đến 10h | đợi từ 7h30 sáng đến 10h | 150
chờ từ 10h đến 2h chiều | chờ từ 10h đến 2h chiều | 240
chờ hai tiếng | chờ hai tiếng | 120
3 tiếng đồng hồ không ai gọi | 3 tiếng đồng hồ | 180
chờ cả buổi sáng | chờ cả buổi sáng | -
chờ 2 tháng chưa có kết quả | chờ 2 tháng | -
cách đây 2 tiếng trước | - | -
tôi ra lúc 8h | - | -
mất 500k | - | -
chờ đến 3 giờ chiều | - | -
tôi chờ mãi | - | -
hết tiền | - | -
"""
VISITS = """
đi lại 4 lần | 4
tôi phải ra phường 3 lần | 3
đi lại ba bốn lần vẫn chưa xong | 3
đi lại 3 4 lần | 3
lên xã 5-6 lần | 5
bắt bổ sung hồ sơ 2 lần | 2
lần thứ 4 tôi ra đây | 4
lần thứ ba rồi | 3
5 lần đi lại | 5
đi lên đi xuống năm lượt | 5
di lai 4 lan | 4
gọi 5 lần không ai nghe máy | -
đi lại nhiều lần | -
quát tôi 3 lần | -
mấy lần rồi | -
hôm qua tôi ra phường | -
"""
SHOWN = [
    ("tôi có ghi âm lại", (Evidence.AUDIO,)),
    ("em quay video rồi", (Evidence.VIDEO,)),
    ("tôi có chụp ảnh và biên lai", (Evidence.PHOTO, Evidence.RECEIPT)),
    ("còn giữ giấy hẹn ngày 15", (Evidence.SLIP,)),
    ("có tin nhắn của cán bộ", (Evidence.MESSAGE,)),
    ("có bác hàng xóm làm chứng", (Evidence.WITNESS,)),
    ("có nhân chứng", (Evidence.WITNESS,)),
    ("không cho giấy hẹn, không có biên lai", ()),
    ("cán bộ cấm quay phim", ()),
    ("họ không cho ghi âm", ()),
    ("đòi biên lai thì không đưa", ()),
    ("bắt nộp ảnh 3x4", ()),
    ("không có ai chứng kiến", ()),
    ("tôi quay lại phường", ()),
    ("nộp thiếu ảnh thẻ", ()),
    ("có ảnh chụp lúc đó", (Evidence.PHOTO,)),
    ("tôi có ảnh", (Evidence.PHOTO,)),
    ("em gửi kèm ảnh làm bằng chứng", (Evidence.PHOTO,)),
    ("có hình kèm theo", (Evidence.PHOTO,)),
    ("có anh Tuấn bảo vệ chứng kiến", (Evidence.WITNESS,)),
    ("hôm đó có anh Tuấn ngồi quầy 3", ()),
    ("gửi anh Hùng xem xét giúp", ()),
    ("có anh và chị ngồi quầy 2", ()),
]
WITNESSES = """
có anh Nam hàng xóm chứng kiến | có anh Nam hàng xóm chứng kiến
tôi có ghi âm và anh Nam hàng xóm chứng kiến | anh Nam hàng xóm chứng kiến
mắng tôi trước mặt nhiều người | trước mặt nhiều người
nhân chứng là chị Lan và bác Hùng | nhân chứng là chị Lan và bác Hùng
bà Hoa bán nước gần đó chứng kiến | bà Hoa bán nước gần đó chứng kiến
anh Tuấn bảo vệ chứng kiến | anh Tuấn bảo vệ chứng kiến
mọi người xung quanh đều nghe thấy | mọi người xung quanh đều nghe thấy
vợ tôi cũng nghe thấy | vợ tôi cũng nghe thấy
không có ai chứng kiến | -
tôi không có nhân chứng | -
chị ấy quát tôi | -
"""


def _rows(table: str) -> list[tuple[str, ...]]:
    rows = [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]
    assert rows
    return rows


def _none(cell: str) -> str | None:
    return None if cell == "-" else cell


@pytest.mark.parametrize(("story", "words"), _rows(SAID))
def test_words_that_were_said(story: str, words: str) -> None:
    assert story_facts(story).said == _none(words)


@pytest.mark.parametrize(("story", "words"), _rows(WANTED))
def test_wish(story: str, words: str) -> None:
    assert story_facts(story).wanted == _none(words)
    assert story_facts(strip_accents(story)).wanted == _none(strip_accents(words))


@pytest.mark.parametrize(("story", "words", "minutes"), _rows(WAITED))
def test_time_lost(story: str, words: str, minutes: str) -> None:
    for typed, expected in ((story, words), (strip_accents(story), strip_accents(words))):
        facts = story_facts(typed)
        assert facts.waited == _none(expected)
        assert facts.waited_minutes == (None if minutes == "-" else int(minutes))


@pytest.mark.parametrize(("story", "count"), _rows(VISITS))
def test_visits(story: str, count: str) -> None:
    assert story_facts(story).visits == (None if count == "-" else int(count))
    assert story_facts(strip_accents(story)).visits == (None if count == "-" else int(count))


@pytest.mark.parametrize(("story", "kinds"), SHOWN)
def test_evidence(story: str, kinds: tuple[Evidence, ...]) -> None:
    assert story_facts(story).evidence == kinds
    assert story_facts(strip_accents(story)).evidence == kinds


@pytest.mark.parametrize(
    ("story", "shown"),
    [
        ("tôi có ghi âm", True),
        ("tôi không có bằng chứng gì", False),
        ("không có ai làm chứng", False),
        ("chị quát", None),
    ],
)
def test_proof_or_none(story: str, shown: bool | None) -> None:
    assert story_facts(story).has_evidence is shown


@pytest.mark.parametrize(("story", "words"), _rows(WITNESSES))
def test_witnesses(story: str, words: str) -> None:
    assert story_facts(story).witnesses == _none(words)


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("hồ sơ h26.15.02-261008-0975 chậm", "H26.15.02-261008-0975"),
        ("mã 000.00.01.H26-230101-0001", "000.00.01.H26-230101-0001"),
        ("Nghị định 118/2025/NĐ-CP", None),
        ("thủ tục 1.000894.000.00.00.H26", None),
    ],
)
def test_dossier_code(story: str, code: str | None) -> None:
    assert story_facts(story).dossier_code == code


STORY = (
    "Sáng nay lúc 8h30 tôi ra phường Yên Hòa nộp hồ sơ H26.15.02-261008-0975, chị Hoa một cửa ở quầy số 5 "
    "quát tôi ầm ĩ, bảo về mà học lại, tôi chờ 3 tiếng, đi lại 4 lần. Chị ấy đòi 500k. "
    "Tôi có ghi âm. Đề nghị xử lý nghiêm."
)


def test_whole_story() -> None:
    assert story_facts(STORY) == StoryFacts(
        desk="one_stop",
        counter="quầy số 5",
        staff="chị Hoa một cửa",
        staff_is_name=True,
        amount=500_000,
        dossier_code="H26.15.02-261008-0975",
        waited="chờ 3 tiếng",
        waited_minutes=180,
        visits=4,
        said="về mà học lại",
        evidence=(Evidence.AUDIO,),
        has_evidence=True,
        wanted="Đề nghị xử lý nghiêm",
    )


@given(st.text())
@settings(max_examples=300)
def test_reading_never_raises_and_knows_no_normal_form(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert story_facts(composed) == story_facts(decomposed)


WORDS = [
    *sorted({word for line in STORY.split() for word in (line, strip_accents(line))}),
    *(
        "500",
        "k",
        "tr",
        "2",
        "trăm",
        "triệu",
        "rưỡi",
        "tên",
        "là",
        "Nguyễn",
        "tuổi",
        "40",
        "đeo",
        "kính",
        "có",
        "làm",
    ),
    *(
        "chứng",
        ",",
        ".",
        ":",
        '"',
        "(",
        "từ",
        "đến",
        "giờ",
        "nửa",
        "củ",
        "mong",
        "không",
        "phó",
        "chủ",
        "tịch",
        "phòng",
    ),
]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=300)
def test_words_in_any_order_are_read(words: list[str]) -> None:
    text = " ".join(words)
    assert story_facts(unicodedata.normalize("NFD", text)) == story_facts(text)
