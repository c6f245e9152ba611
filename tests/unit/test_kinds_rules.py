"""Each reading by itself, with what it must not be taken in by; all as written and without accents."""

from collections.abc import Iterator

import pytest

from bot.core.kinds import Danger, InputType, child, despairs, read_kind, route_of
from bot.core.routes import Agency, Route
from nlu.text import strip_accents

# text | danger («-» none) | intent
DANGER = """
có người cầm dao đuổi nhân viên, cứu với | violence | emergency
nó vừa dọa giết tôi | violence | report_staff
hắn bảo sẽ đốt nhà tôi đêm nay | violence | report_staff
cán bộ đòi chém tôi, ông ta đang đứng ngoài cửa | violence | report_staff
chồng tôi đang đánh tôi | violence | emergency
tôi muốn chết quách cho xong | self_harm | report_staff
tôi không thiết sống nữa | self_harm | out_of_scope
em sẽ uống thuốc trừ sâu cho xong | self_harm | emergency
không giải quyết thì tôi tự thiêu trước cửa ủy ban | self_harm | report_staff
cháy nhà rồi cứu với | fire | emergency
tầng ba trụ sở đang bốc cháy | fire | report_staff
có cụ bà vừa ngất xỉu ở phòng chờ | medical | report_staff
bố tôi đang co giật gọi cấp cứu giúp | medical | emergency
anh ta đang bám theo tôi về tận nhà | violence | report_staff
giờ ông ấy chặn đường em không cho về | violence | report_staff
tuần trước chú bảo vệ túm tay tôi kéo ra ngoài | - | report_staff
em đang bị bảo vệ giữ trong phòng, họ khóa cửa rồi | violence | report_staff
bảo vệ đang giữ tôi trong chốt không cho đi | violence | report_staff
bảo vệ khóa cửa không cho em ra, cứu với | violence | report_staff
tuần trước bảo vệ giữ em trong phòng một tiếng | - | report_staff
hồ sơ của em đang bị giữ ở phòng tư pháp | - | report_staff
họ đang giữ giấy tờ của em | - | report_staff
tám giờ vẫn khóa cửa không cho dân vào | - | report_staff
cán bộ đang đi theo quy trình nên hồ sơ lâu | - | report_staff
cháu bé nhà bên đang bị bạo hành | child | emergency
con tôi bị lạc ở chợ | child | other_agency
tức chết đi được, cán bộ phường quát tôi | - | report_staff
chờ muốn chết mà không ai gọi | - | report_staff
chờ muốn chết mà không ai gọi | - | emergency
mệt chết với mấy ông phường | - | report_staff
đứng đợi giết thời gian cả buổi sáng | - | report_staff
họ đánh vào người dân những khoản phí vô lý | - | report_staff
nóng muốn chết mà quạt hỏng | - | report_staff
sợ chết khiếp khi vào gặp ông trưởng phòng | - | report_staff
phòng cháy chữa cháy của quán karaoke ai cấp phép | - | ask_procedure
cấp lại bằng khen bị cháy | - | ask_procedure
mai táng phí cho người đã chết cần giấy gì | - | ask_procedure
trợ cấp tai nạn lao động chết người | - | ask_procedure
bố tôi bị đột quỵ hai năm nay, xin trợ cấp thế nào | - | ask_procedure
năm ngoái hàng xóm dọa giết tôi | - | report_staff
hôm qua tôi bị bảo vệ ủy ban đánh | - | report_staff
tôi cần người tư vấn | - | talk_to_human
gặp tư vấn viên | - | talk_to_human
mẹ tôi uống thuốc huyết áp đều | - | out_of_scope
nhân viên dễ thương xỉu | - | survey
cán bộ dọa gọi công an nếu tôi quay phim | - | report_staff
tôi gọi công an thì họ đến lập biên bản rồi | - | report_staff
nếu bị dọa giết thì gọi số nào | - | ask_procedure
chủ quán chặt chém khách | - | other_agency
"""
MONEY = """
anh ta đòi 500 nghìn mới đóng dấu | 1
phải có phong bì thì mới xong | 1
cán bộ gợi ý bồi dưỡng | 1
tôi đưa chị ấy hai triệu rồi | 1
vòi tiền của dân | 1
bảo tôi lót tay một củ | 1
nó nói tùy tâm thôi | 1
cô ấy bảo biếu quà rồi làm nhanh cho | 1
trưởng phòng ăn hoa hồng | 1
cán bộ nhận tiền chạy việc | 1
nhân viên thu 50 nghìn lệ phí không đưa biên lai | 0
tôi nộp lệ phí hai trăm nghìn | 0
mẹ tôi được nhận 3 triệu tiền trợ cấp | 0
tôi chưa nhận tiền trợ cấp tháng này | 0
cán bộ không đòi tiền nhưng thái độ kém | 0
anh ấy không nhận quà của ai | 0
lớp bồi dưỡng nghiệp vụ cho công chức | 0
cán bộ bắt tôi đưa 2 bản photo | 0
bị phạt 15 triệu đồng | 0
tôi đòi lại 500 nghìn đã nộp thừa | 0
nó nói tôi không biết điều | 0
chứng chỉ hành nghề chung của nhóm | 0
"""
# text | other body («-» none) | ours (1, 0)
BODIES = """
công an phường Láng quát tôi | cong_an | 0
tại phường Láng, công an bắt tôi đợi ba tiếng | cong_an | 0
trưởng công an xã bao che cho sới bạc | cong_an | 0
csgt vòi tôi hai trăm | cong_an | 0
ra đồn công an bị đuổi về | cong_an | 0
báo công an mà không ai xuống | cong_an | 0
cán bộ ở chi cục thuế hạch sách tôi | thue | 0
mấy chị bên thuế bắt tôi đi lại bốn lần | thue | 0
cơ quan bảo hiểm chậm trả tiền cho tôi | bhxh | 0
thẩm phán quát đương sự là tôi | toa_an | 0
cô giáo mắng con tôi | truong_hoc | 0
trường tiểu học phường Láng không nhận con tôi | truong_hoc | 0
trạm y tế xã bỏ mặc mẹ tôi | benh_vien | 0
bị quát ở bệnh viện huyện | benh_vien | 0
ngân hàng tự trừ tiền của tôi | ngan_hang | 0
điện lực cắt điện nhà tôi vô cớ | other | 0
viện kiểm sát ngâm đơn của tôi | other | 0
chồng tôi là công an mà cán bộ phường vẫn quát anh ấy | - | 1
vợ tôi làm ngân hàng, hôm qua bị cán bộ xã mắng | - | 1
tôi là giáo viên, bị cô văn thư ủy ban quát | - | 1
cán bộ xã đòi giấy của công an rồi đuổi tôi về | - | 1
nhân viên phường bắt tôi xin xác nhận của bệnh viện ba lần | - | 1
trụ sở phường cạnh trường học, cán bộ ở đó quát tôi | - | 1
cán bộ ủy ban hỏi cung tôi như công an hỏi tội phạm | - | 1
cán bộ phường dọa gọi công an bắt tôi | - | 1
mẹ tôi nằm bệnh viện mà cán bộ xã bắt bà lên ký | - | 1
trường hợp của tôi bị cán bộ phường trả về bốn lần | - | 1
nhân viên trung tâm việc làm mắng tôi khi làm bảo hiểm thất nghiệp | - | 1
chuyên viên sở giáo dục cúp máy khi tôi hỏi | - | 1
công an phường quát tôi, sang ủy ban thì cô văn thư đuổi tôi về | cong_an | 1
bảo hiểm xã hội ngâm sổ của tôi, còn cán bộ chính sách xã thì mắng tôi | bhxh | 1
bác sĩ quát tôi, ra phường lại bị cán bộ phường đuổi về | benh_vien | 1
"""
# text | 1 when a child writes
CHILDREN = """
em học lớp 6, em muốn phản ánh | 1
em là học sinh lớp 9 ạ | 1
cháu 13 tuổi | 1
con mới mười hai tuổi thôi | 1
em năm nay 15t | 1
cháu đang học trường THCS Láng, lớp 7A | 1
em là học sinh cấp 2 | 1
em học sinh lớp tám | 1
cháu muốn phản ánh cán bộ phường | 0
em chào anh chị, em bị quát | 0
con tôi 12 tuổi bị quát | 0
cháu nội tôi học lớp 3 | 0
em gái em học lớp 6 | 0
con em mới 8 tuổi | 0
tôi có đứa con, cháu học lớp 6, bị cán bộ quát | 0
em 25 tuổi | 0
em là sinh viên năm nhất | 0
cháu 19 tuổi mới đi làm | 0
em học lớp 12 | 0
em là giáo viên dạy lớp 6 | 0
hồ sơ của em nộp 12 ngày rồi | 0
em đợi 13 tiếng | 0
bà em 80 tuổi | 0
"""
# text | 1 when 90 days may be running
DECISIONS = """
tôi không đồng ý với quyết định thu hồi trợ cấp của tôi | 1
phường phạt tôi oan, tôi yêu cầu hủy quyết định | 1
sở bác hồ sơ của bố tôi, gia đình không chấp nhận | 1
em bị buộc thôi việc trái luật, em khiếu nại | 1
tôi khiếu nại quyết định số 12/QĐ-UBND | 1
tôi khiếu nại thái độ của nhân viên | 0
cán bộ quát tôi | 0
thủ tục ra quyết định công nhận hội gồm gì | 0
hồ sơ của tôi chậm hai tuần | 0
tôi tố cáo cán bộ nhận tiền | 0
"""
# text | intent | route
CONTENT_OVER_WORD = """
tôi tố cáo cô cán bộ thái độ láo | denunciation | report_staff
tôi khiếu nại thái độ nhân viên một cửa | formal_complaint | report_staff
tôi phản ánh ông chủ tịch xã nhận 50 triệu | report_staff | denunciation
phản ánh cán bộ khai khống danh sách người có công | report_staff | denunciation
tôi phản ánh quyết định thu hồi trợ cấp của mẹ tôi là sai, yêu cầu hủy | report_staff | formal_complaint
không đồng ý quyết định thu hồi giấy phép của công ty tôi | report_staff | formal_complaint
đm nó chứ, cán bộ phường chửi tao giữa sân | abuse | report_staff
mày ngu như bò | abuse | abuse
thủ tục rườm rà nên cắt bớt | regulation_feedback | regulation_feedback
cán bộ phường nhiệt tình, tôi rất hài lòng | report_staff | survey
hôm qua cán bộ xã quát tôi, chấm 1 sao | survey | report_staff
tôi muốn phản ánh một cán bộ | report_staff | report_staff
tôi muốn tố cáo chủ tịch xã | denunciation | denunciation
xin chào | greeting | greeting
bạn giúp được gì | capability | greeting
hồ sơ của tôi đến đâu rồi | track_case | track_case
"""


def lines(listed: str) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each line, and again with the text without accents."""
    for line in filter(None, listed.splitlines()):
        text, *cells = (cell.strip() for cell in line.split("|"))
        yield text, *cells
        yield strip_accents(text), *cells


def intent_of(text: str) -> str:
    return "denunciation" if "tố cáo" in text or "to cao" in text else "report_staff"


@pytest.mark.parametrize(("text", "danger", "intent"), list(lines(DANGER)))
def test_danger_is_told_from_figures_of_speech(text: str, danger: str, intent: str) -> None:
    reading = read_kind(text, intent, None, ())
    assert (reading.danger or "-") == danger
    if reading.danger:
        assert reading.main is InputType.KHAN_CAP
        assert route_of(intent, 0.9, None, reading) is Route.EMERGENCY


@pytest.mark.parametrize(("text", "asked"), list(lines(MONEY)))
def test_money_for_an_official_is_told_from_fees(text: str, asked: str) -> None:
    assert read_kind(text, "report_staff", None, ()).money is bool(int(asked))


@pytest.mark.parametrize(("text", "agency", "ours"), list(lines(BODIES)))
def test_the_body_complained_about_is_found(text: str, agency: str, ours: str) -> None:
    reading = read_kind(text, "report_staff", None, ())
    assert (reading.agency or "-", reading.ours) == (agency, bool(int(ours)))
    route = route_of("report_staff", 0.9, None, reading)
    assert (route is Route.OTHER_AGENCY) == (not int(ours))


@pytest.mark.parametrize(("text", "young"), list(lines(CHILDREN)))
def test_a_child_shows_to_be_one(text: str, young: str) -> None:
    assert child(text) is bool(int(young))


@pytest.mark.parametrize(("text", "decided"), list(lines(DECISIONS)))
def test_an_attacked_decision_is_seen(text: str, decided: str) -> None:
    assert read_kind(text, intent_of(text), None, ()).decision is bool(int(decided))


@pytest.mark.parametrize(("text", "intent", "route"), list(lines(CONTENT_OVER_WORD)))
def test_content_goes_before_the_word_used(text: str, intent: str, route: str) -> None:
    assert route_of(intent, 0.9, None, read_kind(text, intent, None, ())) == route


def test_behaviours_that_a_classifier_found_make_a_report() -> None:
    text = "ông ấy cứ xoay tôi như chong chóng, tôi làm đơn tố cáo"
    assert read_kind(text, "denunciation", None, ()).main is InputType.TO_CAO
    assert InputType.PHAN_ANH_HANH_VI in read_kind(text, "denunciation", None, ("PH-SACHNHIEU",)).others


def test_an_unsure_intent_alone_opens_no_case() -> None:
    reading = read_kind("cần mang bản gốc", "report_staff", None, ())
    assert route_of("report_staff", 0.26, None, reading) is Route.ASK_PROCEDURE
    assert route_of("report_staff", 0.9, None, reading) is Route.REPORT_STAFF


def test_the_other_bodys_money_is_not_ours() -> None:
    mixed = read_kind("csgt vòi tôi 200k, ra phường thì cán bộ phường quát tôi", "report_staff", None, ())
    assert (mixed.agency, mixed.ours, mixed.money, mixed.main) == (
        Agency.CONG_AN,
        True,
        False,
        InputType.PHAN_ANH_HANH_VI,
    )


def test_danger_goes_before_everything_else() -> None:
    reading = read_kind("cán bộ nhận tiền rồi dọa giết tôi nếu tôi tố cáo", "denunciation", None, ())
    assert (reading.danger, reading.main) == (Danger.VIOLENCE, InputType.KHAN_CAP)
    assert InputType.TO_CAO in reading.others


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("tôi kiệt sức rồi", True),
        ("em chán lắm rồi", True),
        ("chẳng còn gì nữa, không còn ai cả", True),
        ("mệt mỏi quá", True),
        ("xin lỗi mẹ", True),
        ("tôi bình tĩnh lại rồi", False),
        ("phường Láng", False),
        ("hôm qua lúc 9 giờ", False),
        ("tôi ổn, cảm ơn", False),
        ("có, gửi giúp tôi", False),
    ],
)
def test_despair_goes_on(text: str, goes_on: bool) -> None:
    assert despairs(text) is goes_on
    assert despairs(strip_accents(text)) is goes_on
