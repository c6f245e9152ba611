"""At which desk it happened and who it was, as citizens tell it; the citizen is never the accused."""

import pytest

from bot.core.story import story_facts
from nlu.text import strip_accents

# story | desk («-» none)
DESKS = """
chị một cửa quát tôi | one_stop
nhân viên một cửa phường thái độ lắm | one_stop
ra 1 cửa nộp hồ sơ thì bị đuổi về | one_stop
bộ phận tiếp nhận và trả kết quả không có ai | one_stop
cô ngồi quầy số 5 không thèm nhìn | one_stop
ở quầy 3 họ bắt tôi chờ | one_stop
tại quầy giao dịch | one_stop
cán bộ tiếp nhận hồ sơ bắt bẻ | one_stop
anh ở bàn số 2 nói trống không | one_stop
cửa số 3 đóng suốt buổi sáng | one_stop
trung tâm phục vụ hành chính công chi nhánh số 2 | one_stop
ttpvhcc bắt nộp thêm giấy | one_stop
điểm tiếp nhận hồ sơ xã | one_stop
bộ phận một cửa liên thông | one_stop
cán bộ một cửa lướt điện thoại | one_stop
chỗ trả kết quả chẳng có ai trực | one_stop
cán bộ tư pháp bắt đi lại 4 lần | specialist
cán bộ địa chính đòi tiền | specialist
cán bộ địa chính xã đòi 500k mới đo đất | specialist
chuyên viên phòng nội vụ làm khó | specialist
công chức hộ tịch hách dịch | specialist
phòng chuyên môn trả hồ sơ không lý do | specialist
anh địa chính phường vòi tiền | specialist
chị tư pháp mắng tôi | specialist
công chức văn hóa xã hội không giải quyết | specialist
cb dia chinh doi tien | specialist
bên tư pháp bảo về chờ | specialist
cán bộ phụ trách đất đai | specialist
anh cán bộ xây dựng đến tận nhà dọa | specialist
chuyên viên thụ lý hồ sơ không nghe máy | specialist
phòng kinh tế hạ tầng ngâm hồ sơ | specialist
cán bộ chính sách cắt trợ cấp của mẹ tôi | specialist
phó chủ tịch phường mắng tôi | leader
ông chủ tịch xã xúc phạm dân | leader
chủ tịch UBND phường đập bàn | leader
bà phó chủ tịch nói tôi vô học | leader
trưởng phòng nội vụ dọa tôi | leader
giám đốc trung tâm hành chính công không tiếp | leader
lãnh đạo phường bao che cho nhân viên | leader
ông Nguyễn Văn B phó chủ tịch | leader
bí thư đảng ủy xã chửi dân | leader
phó giám đốc sở nói khó nghe | leader
tôi không rõ là bộ phận nào | unknown
không biết quầy số mấy | unknown
không nhớ phòng nào | unknown
tôi ra phường nộp hồ sơ bị quát | -
cán bộ phường thái độ | -
tôi muốn phản ánh | -
hôm qua lúc 9 giờ | -
đề nghị lãnh đạo phường xem xét | -
kính gửi ông chủ tịch UBND thành phố | -
mong giám đốc sở xử lý nghiêm | -
tôi là giám đốc công ty, ra phường bị quát | -
sở tư pháp chậm cấp phiếu | -
họ bảo chờ chủ tịch ký mới trả cho tôi được | -
đề nghị lãnh đạo xử lý chị một cửa | one_stop
phường Cửa Nam quát tôi | -
cán bộ phường Cửa Nam | -
nộp ở một cửa rồi chuyển cho cán bộ địa chính, anh này đòi tiền | specialist
"""
# story | who, in the words of the story («-» nobody) | n for a name, d for a description
STAFF = """
anh Nguyễn Văn Tuấn quát tôi ầm ĩ | anh Nguyễn Văn Tuấn | n
chị Hoa một cửa thái độ lắm | chị Hoa một cửa | n
cô Lan | cô Lan | n
bị bà Phạm Thị Hương mắng trước mặt mọi người | bà Phạm Thị Hương | n
cán bộ tên Hương ở quầy 3 đòi tiền | cán bộ tên Hương ở quầy 3 | n
cán bộ tên là Trần Minh Đức | cán bộ tên là Trần Minh Đức | n
chị cán bộ tư pháp tên Nga | chị cán bộ tư pháp tên Nga | n
ông Nguyễn Văn B phó chủ tịch phường nói tôi ngu | ông Nguyễn Văn B phó chủ tịch phường | n
phó chủ tịch Lê Văn Hùng đập bàn | phó chủ tịch Lê Văn Hùng | n
anh Tuấn địa chính vòi 2 triệu | anh Tuấn địa chính | n
chị hoa một cửa nói trống không | chị hoa một cửa | n
anh tuấn địa chính đòi tiền | anh tuấn địa chính | n
anh nguyen van tuan quat toi | anh nguyen van tuan | n
cán bộ tên nguyễn thị hương | cán bộ tên nguyễn thị hương | n
biển tên ghi Phạm Thu Hà | Phạm Thu Hà | n
bảng tên Nguyễn Văn Long | Nguyễn Văn Long | n
anh ấy đeo bảng tên: Đỗ Mạnh Cường, nói trống không | Đỗ Mạnh Cường | n
thẻ ghi tên Lê Văn Nam | Lê Văn Nam | n
anh Tuấn bảo vệ quát tôi, nhiều người chứng kiến | anh Tuấn | n
anh Tuấn đẩy mẹ tôi ngã có chị Lan chứng kiến | anh Tuấn | n
chị Hoa một cửa quát tôi, có anh Tuấn bảo vệ chứng kiến | chị Hoa một cửa | n
có bà Liên bán nước chứng kiến, anh Dũng địa chính đòi tiền | anh Dũng địa chính | n
nhân chứng là chị Lan và bác Hùng, còn người quát tôi là cô Vân | cô Vân | n
không phải anh Tuấn mà là anh Hùng | anh Hùng | n
khong phai chi Lan, la chi Huong quat toi | chi Huong | n
người quát tôi là chị Hoa chứ không phải anh Tuấn | chị Hoa | n
ông Phú không ký, tôi hỏi thì đuổi | ông Phú | n
đồng chí Nguyễn Thị Thu Trang không tiếp tôi | đồng chí Nguyễn Thị Thu Trang | n
nhân viên Đỗ Thị Mai bắt tôi chờ | nhân viên Đỗ Thị Mai | n
tôi nộp cho chị Lan rồi chị ấy làm mất | chị Lan | n
đưa tiền cho anh Tuấn | anh Tuấn | n
chuyên viên Bùi Văn Nam hẹn mãi | chuyên viên Bùi Văn Nam | n
một chị khoảng 40 tuổi đeo kính | một chị khoảng 40 tuổi đeo kính | d
hôm qua có anh mặc áo xanh, đeo thẻ 0123 nói tôi ngu | có anh mặc áo xanh, đeo thẻ 0123 | d
chị tóc ngắn ngồi quầy số 2 | chị tóc ngắn ngồi quầy số 2 | d
ông hói đầu khoảng 50 tuổi quát tôi | ông hói đầu khoảng 50 tuổi | d
cô nhân viên trẻ lướt điện thoại | cô nhân viên trẻ | d
anh cán bộ cao gầy đeo kính cận | anh cán bộ cao gầy đeo kính cận | d
bà béo mặc áo hoa | bà béo mặc áo hoa | d
một người đàn ông trung niên, tóc bạc | một người đàn ông trung niên, tóc bạc | d
nữ cán bộ tầm 30 tuổi giọng miền nam | nữ cán bộ tầm 30 tuổi giọng miền nam | d
chị mặc áo dài đỏ mắng mẹ tôi | chị mặc áo dài đỏ | d
nhân viên đeo khẩu trang, tóc nhuộm vàng | nhân viên đeo khẩu trang, tóc nhuộm vàng | d
anh ngồi bàn số 3 | anh ngồi bàn số 3 | d
phó chủ tịch phường mắng tôi | phó chủ tịch phường | d
tôi tên là Hoa | - |
tôi là Nguyễn Văn A, ra phường bị quát | - |
em tên Minh, hôm qua em ra phường | - |
tên tôi là Trần Thị Bình | - |
họ tên: Nguyễn Thị Lan | - |
mẹ tôi là bà Nguyễn Thị C bị quát | - |
chồng tôi tên Nam bị đuổi về | - |
làm khai sinh cho cháu Nguyễn An Nhiên | - |
kính gửi ông Chủ tịch UBND phường Yên Hòa | - |
có chị Mai hàng xóm chứng kiến | - |
tôi đi cùng chị Lan ra phường | - |
chị ấy quát tôi | - |
anh chị cho tôi hỏi | - |
cán bộ phường Yên Hòa quát dân | - |
cán bộ phường Nguyễn Trãi đòi tiền | - |
một cụ bà 80 tuổi bị đuổi về | - |
tôi 70 tuổi rồi mà bị mắng | - |
hồ sơ của bà Nguyễn Thị D bị mất | - |
nhân viên quát tôi | - |
chị Lan ơi cho tôi hỏi | - |
không tôn trọng người già | - |
cán bộ quát tôi, có anh Tuấn bảo vệ chứng kiến | - |
bà Hoa bán nước gần đó chứng kiến | - |
họ đuổi tôi về, chú Bình xe ôm trước cổng trông thấy hết | - |
nhân viên quát tôi trước sự chứng kiến của anh Tuấn | - |
nhân chứng: ông Sơn tổ trưởng | - |
nhân chứng là chị Lan và bác Hùng | - |
có anh Tuấn và chị Hà cùng tổ chứng kiến | - |
người chứng kiến có cô Vân, chú Bình | - |
ông Sơn (tổ trưởng tổ xóm) làm chứng | - |
chứ không phải chị Lan | - |
em Hương muốn hỏi thủ tục | - |
UBND phường Hoàn Kiếm làm ăn tắc trách | - |
"""
# story | counter
COUNTERS = """
cô ngồi quầy số 5 quát tôi | quầy số 5
quầy 3 không có ai | quầy 3
cửa số 3 đóng | cửa số 3
anh ở bàn 2 | bàn 2
phòng 203 | phòng 203
quầy số năm | quầy số năm
ô số 7 | ô số 7
chị một cửa quát tôi | -
quầy 5 người xếp hàng | -
1 cửa 2 người ngồi | -
bàn 3 lần vẫn chưa xong | -
một cửa phường Cửa Nam | -
cán bộ phường Cửa Nam quát tôi | -
ở một cửa phường Hàng Đào | -
quầy một cửa phường Đại Mỗ bắt chờ | -
xã Hồng Phong 2 lần trả hồ sơ | -
quầy 4 một cửa phường Cửa Nam | quầy 4
phường Cửa Nam, quầy số 7 | quầy số 7
cửa năm phường Láng | cửa năm
sai rồi, quầy số 4 chứ không phải số 2 | quầy số 4
quầy 4 chứ không phải quầy 2 | quầy 4
không phải quầy 2 mà là quầy 4 | quầy 4
không phải bàn số 1, bàn số 3 | bàn số 3
không phải quầy 2 đâu | -
"""


def _rows(table: str, cells: int) -> list[tuple[str, ...]]:
    rows = [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]
    assert {len(row) for row in rows} == {cells}
    return rows


def _spellings(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each row as it stands and typed without accents."""
    return list(dict.fromkeys(form for row in rows for form in (row, tuple(map(strip_accents, row)))))


def test_the_tables_are_long_enough() -> None:
    assert len(_rows(DESKS, 2)) >= 40
    assert len(_rows(STAFF, 3)) >= 40


@pytest.mark.parametrize(("story", "desk"), _spellings(_rows(DESKS, 2)))
def test_desk(story: str, desk: str) -> None:
    assert story_facts(story).desk == (None if desk == "-" else desk)


@pytest.mark.parametrize(("story", "who", "kind"), _spellings(_rows(STAFF, 3)))
def test_staff_in_the_words_of_the_story(story: str, who: str, kind: str) -> None:
    facts = story_facts(story)
    assert facts.staff == (None if who == "-" else who)
    assert facts.staff_is_name == (kind == "n")


@pytest.mark.parametrize(("story", "counter"), _spellings(_rows(COUNTERS, 2)))
def test_counter(story: str, counter: str) -> None:
    assert story_facts(story).counter == (None if counter == "-" else counter)


@pytest.mark.parametrize("story", ["ANH NGUYỄN VĂN TUẤN QUÁT TÔI", "CÁN BỘ TÊN LÀ TRẦN MINH ĐỨC ĐÒI TIỀN"])
def test_name_in_a_story_typed_in_capitals(story: str) -> None:
    assert story_facts(story).staff in ("ANH NGUYỄN VĂN TUẤN", "CÁN BỘ TÊN LÀ TRẦN MINH ĐỨC")
