"""Hours, stories with several days, and appointments, against Tuesday 24 November 2026, 09:30 in Ha Noi."""

import unicodedata

import pytest

from bot.core.story import appointment, event_time
from nlu.text import strip_accents
from tests.unit.test_story_dates import DAYS, NOW, misread, rows

HOURS = """
2h30 | - | 14:30
14h30 | - | 14:30
14 giờ 30 | - | 14:30
14:30 | - | 14:30
14g30 | - | 14:30
14 giờ 30 phút | - | 14:30
2 rưỡi chiều | - | 14:30
hai rưỡi chiều | - | 14:30
hai giờ rưỡi chiều | - | 14:30
9h kém 15 | - | 08:45
9 giờ kém mười lăm | - | 08:45
lúc 8 rưỡi sáng | - | 08:30
lúc 8 rưỡi | - | 08:30
khoảng 10 giờ | - | 10:00 | ~
tầm 10h | - | 10:00 | ~
10h sáng | - | 10:00
10 giờ sáng | - | 10:00
3h chiều | - | 15:00
3 giờ chiều | - | 15:00
ba giờ chiều | - | 15:00
4h15 chiều | - | 16:15
11h trưa | - | 11:00
1h trưa | - | 13:00
12h trưa | - | 12:00
7h tối | - | 19:00
8h30 | - | 08:30
8h30' | - | 08:30
lúc 9 giờ 5 phút | - | 09:05
mười giờ mười lăm | - | 10:15
gần 11h | - | 11:00 | ~
hơn 9h sáng | - | 09:00 | ~
16h45 | - | 16:45
hôm qua lúc 2h30 | 23/11 | 14:30
hôm qua 9h sáng | 23/11 | 09:00
9h sáng hôm qua | 23/11 | 09:00
chiều qua tầm 3h | 23/11 | 15:00 | ~
chiều qua khoảng 4 giờ kém 10 | 23/11 | 15:50 | ~
sáng nay 8h | 24/11 | 08:00
sáng nay lúc 8 rưỡi | 24/11 | 08:30
hôm nay lúc 14h | 24/11 | 14:00 | F
hôm kia lúc 10h | 22/11 | 10:00
chiều thứ ba tuần trước lúc 2h30 | 17/11 | 14:30
2h chiều thứ sáu tuần trước | 20/11 | 14:00
sáng thứ 2 lúc 9h | 23/11 | 09:00
ngày 15/11 lúc 8h45 | 15/11 | 08:45
14h30 ngày 20/11 | 20/11 | 14:30
14h30 ngày 20/11/2026 | 20/11 | 14:30
lúc 10 giờ ngày 19 tháng 11 | 19/11 | 10:00
20/11/2026 14:30 | 20/11 | 14:30
khoảng 10h ngày mùng 5 | 5/11 | 10:00 | ~
tầm 3h chiều hôm 18/11 | 18/11 | 15:00 | ~
tối qua lúc 7h | 23/11 | 19:00
hình như đâu đó 9h | - | 09:00 | ~
sáng hôm qua khoảng 9h15 | 23/11 | 09:15 | ~
hồi 15 giờ ngày 20/11 | 20/11 | 15:00
ngày hôm kia tầm 10 rưỡi sáng | 22/11 | 10:30 | ~
7h30 sáng thứ 2 | 23/11 | 07:30
lúc 16h ngày 6 tháng 11 năm 2026 | 6/11 | 16:00
vào hồi 9 giờ 30 phút ngày 17/11/2026 | 17/11 | 09:30
3 hôm trước tầm 2h chiều | 21/11 | 14:00 | ~
thứ tư tuần vừa rồi, lúc 10h | 18/11 | 10:00
trưa thứ bảy tuần trước tầm 11 rưỡi | 21/11 | 11:30
hôm kia, khoảng 3 giờ rưỡi chiều | 22/11 | 15:30 | ~
khoảng 2 giờ rưỡi hôm qua | 23/11 | 14:30 | ~
khoảng 8 giờ 20 | - | 08:20 | ~
8h20p | - | 08:20
mười một giờ kém năm | - | 10:55
11h kém 10 trưa | - | 10:50
5 giờ chiều | - | 17:00
tám giờ rưỡi sáng | - | 08:30
9h30 tối | - | 21:30
sáng nay 9h | 24/11 | 09:00
hôm nay 9h15 | 24/11 | 09:15
"""
STORIES = """
Hôm qua tôi ra UBND phường Yên Hòa nộp hồ sơ thì bị chị một cửa quát ầm ĩ. | 23/11 | -
Sáng nay lúc 8h30 em lên phường, chờ đến 10h mới được gọi, chị ấy mắng em. | 24/11 | 08:30
Nộp hồ sơ ngày 10/11, hẹn trả 15/11, hôm qua tôi lên hỏi thì anh ấy quát tôi. | 23/11 | -
Giấy hẹn ghi ngày 20/11 mà hôm 23/11 tôi ra vẫn chưa có, bảo về chờ. | 23/11 | -
Tuần trước tôi đã ra một lần. Hôm thứ hai tôi quay lại thì bị đuổi về. | 23/11 | -
Tôi chờ 3 tiếng hôm thứ năm tuần trước, cán bộ ngồi lướt điện thoại. | 19/11 | -
Chị cán bộ đòi tôi 500k hôm 12/11 lúc 9h sáng, hẹn ngày 20/12 ra lấy. | 12/11 | 09:00
Phường làm việc từ 8h mà 9 rưỡi sáng nay không có ai ở quầy. | 24/11 | 09:30
Theo Nghị định 118/2025/NĐ-CP thì không phải nộp, vậy mà chiều qua vẫn bắt tôi nộp thêm. | 23/11 | -
Mã hồ sơ H26.15.02-261008-0975, ngày 18/11 tôi ra hỏi thì bị mắng. | 18/11 | -
Tôi sinh ngày 12/3/1960, hôm kia ra phường làm giấy tờ bị bắt đi lại. | 22/11 | -
Giấy khai sinh cấp ngày 5/5/2020, hôm 16/11 chị ấy bảo không hợp lệ. | 16/11 | -
Quyết định 2479/QĐ-UBND ngày 15/5/2025 có ghi rõ, thế mà thứ sáu tuần trước họ vẫn từ chối. | 20/11 | -
Tôi ở số 15/11 ngõ 3, chiều hôm qua ra phường lúc 2h30 bị cán bộ nạt. | 23/11 | 14:30
Phục vụ 24/7 mà hôm nay 8 giờ không ai nghe máy. | 24/11 | 08:00
Họ bảo tôi chiều mai quay lại, trong khi sáng nay tôi đã chờ 2 tiếng. | 24/11 | -
Tôi gọi 0912345678 hôm 19/11 thì bị cúp máy. | 19/11 | -
Phí 1.500.000 đồng, đóng ngày 17/11 không có biên lai. | 17/11 | -
Lấy số thứ tự 15 lúc 8h sáng nay mà 9h chưa tới lượt. | 24/11 | 08:00
Lần thứ ba tôi ra phường là hôm 20/11, bị bắt bổ sung. | 20/11 | -
Thứ nhất là thái độ, thứ hai là đòi tiền. Chuyện xảy ra hôm mùng 9. | 9/11 | -
Quầy số 3 hôm nay không có người. | 24/11 | -
Hôm đó là chiều thứ tư tuần trước, tầm 3 giờ, trời mưa. Anh ấy bảo hết giờ. | 18/11 | 15:00 | ~
hom qua luc 9h toi ra phuong, cb ko nhan ho so | 23/11 | 09:00
chieu t3 tuan trc tui len xa bi no nat | 17/11 | -
sang nay ra 1 cua doi 2 tieng dong ho | 24/11 | -
Ngày 10/11/2026, khoảng 14h15, tại bộ phận một cửa, ông B quát vợ tôi. | 10/11 | 14:15 | ~
Từ 8h đến 11h sáng hôm qua tôi ngồi chờ mà không ai gọi. | 23/11 | 08:00
Cán bộ hẹn 9h sáng mai, hôm qua cũng hẹn rồi bỏ đi. | 23/11 | -
Bố tôi 70 tuổi, tuần vừa rồi ra xã bị quát. | 17/11 | - | ~
Tôi nộp 3 bản sao ngày 3 tháng 11 rồi mà hôm 18 lại bảo thiếu, bắt nộp lại. | 18/11 | -
Em ra xã hôm 9/11 lúc 8h, họ bảo chiều quay lại, chiều em ra lúc 2h thì đóng cửa. | 9/11 | 08:00
Cháu nộp hồ sơ hôm 2/11, đến hẹn 16/11 ra lấy thì họ bảo chưa xong rồi mắng cháu. | 16/11 | -
Tôi ra phường 3 lần: 10/11, 12/11 và 18/11, lần cuối bị chị ấy quát. | 18/11 | -
Lúc 9h sáng 20/11, ông Tuấn phó chủ tịch nói tôi là dân ngu. | 20/11 | 09:00
Vụ việc xảy ra vào thứ Năm, ngày 19 tháng 11, khoảng 10h30. | 19/11 | 10:30 | ~
toi nop ho so tu dau thang 10, hen 20/10 tra, den nay chua co | 1/10 | - | ~
hnay e ra p. lay kq thi cb bao chua ky, hẹn t5 quay lai | 24/11 | -
thang truoc toi co ra 1 lan, hom qua ra lai thi bi duoi | 23/11 | -
Cán bộ địa chính vòi 2 triệu hôm 14/11, tôi không đưa nên 18/11 họ trả hồ sơ. | 14/11 | -
Tôi đợi từ 8 giờ sáng đến 10 giờ mà không ai tiếp, hôm thứ sáu tuần rồi. | 20/11 | 08:00
Chị ấy hẹn thứ 5 tuần này trả nhưng hôm qua lại nói mất hồ sơ. | 23/11 | -
chiều hôm thứ tư vừa rồi | 18/11 | -
khoảng đầu giờ chiều ngày 17/11 | 17/11 | -
từ hôm 9/11 | 9/11 | -
hồi đầu tuần trước | 16/11 | - | ~
bữa hổm | - | - | V
sáng chủ nhật tuần trước lúc 9 rưỡi | 22/11 | 09:30
ngày 07/11/2026 khoảng 10h | 7/11 | 10:00 | ~
7-11-2026 | 7/11 | -
8 giờ 45 sáng ngày 13 tháng 11 | 13/11 | 08:45
16 rưỡi hôm qua | 23/11 | 16:30
tầm trưa hôm qua | 23/11 | -
cách đây ba hôm, lúc 2 giờ chiều | 21/11 | 14:00
hôm thứ 6 tuần trước, 15h30 | 20/11 | 15:30
một tuần trước, hôm thứ ba | 17/11 | -
ngày hôm trước nữa | - | - | V
vào ngày mồng 4 tháng này | 4/11 | -
mùng bốn | 4/11 | -
hai mươi tám tháng mười | 28/10 | -
thứ Hai (16/11) | 16/11 | -
ngay sáng hôm nay lúc 7h45 | 24/11 | 07:45
ra phường từ 7 giờ sáng nay | 24/11 | 07:00
10 ngày trước | 14/11 | -
cuối tháng 10 | 31/10 | - | ~
hôm 2/11 lúc 10h sáng gặp ông ấy | 2/11 | 10:00
khoảng 5 rưỡi chiều thứ năm | 19/11 | 17:30 | ~
đến 11 giờ kém 10 vẫn chưa ai làm | - | 10:50
tháng trước, hôm 20 | 20/10 | -
ngày 20 tháng 10 vừa qua | 20/10 | -
t2 | 23/11 | -
thứ 7 tuần trước nữa | 14/11 | -
ngày 11.11 | 11/11 | -
Tôi ra đó hôm thứ ba tuần trước, họ hẹn thứ sáu tuần này quay lại lấy kết quả. | 17/11 | -
Hẹn 18/11 trả mà 20/11 tôi ra vẫn bảo chưa có, cán bộ còn to tiếng. | 20/11 | -
Lúc 8h30 tôi đã có mặt, 10h mới thấy cán bộ đến, chuyện hôm thứ năm vừa rồi. | 19/11 | 08:30
sáng qua em nộp, chiều qua họ gọi bảo mất hồ sơ | 23/11 | -
Anh ta xin số điện thoại [số điện thoại] rồi nhắn tin đòi tiền hôm 14/11 | 14/11 | -
Theo Luật số 136/2025/QH15 có hiệu lực từ 01/7/2026 thì phải tiếp dân, mà thứ hai vừa rồi họ đuổi tôi | 23/11 | -
chồng tôi mất ngày 2/10/2026, hôm 10/11 tôi đi khai tử thì bị làm khó | 10/11 | -
"""
# Nothing in these is a time at which something happened.
NOTHING = """
tôi muốn phản ánh cán bộ phường
hẹn trả ngày 15/12
giấy hẹn ghi 20/12
hạn trả kết quả là 30/11
chờ 3 giờ
đợi 2 tiếng đồng hồ
đi lại 3 4 lần
phí 500k
Nghị định 118/2025/NĐ-CP
Quyết định 15/2024/QĐ-UBND
H26.15.02-261008-0975
0912 345 678
số nhà 12/5 ngõ 3
quầy số 3/4
phục vụ 24/7
thủ tục 1.000894
lần thứ ba rồi
lấy số thứ tự
con thứ hai của tôi
làm việc từ 8h đến 17h
anh Hai
thứ bảy hàng tuần có làm việc không
tôi sinh ngày 12/3/1960
đi 1/2 ngày đường
nghỉ từ thứ hai đến thứ sáu
tôi sang phường bên
chị Mai ở quầy 2
đồng chí Năm
"""
# message | the day that was promised
PROMISED = """
hẹn trả ngày 15/12 | 15/12
hẹn trả 15/11 | 15/11
giấy hẹn ghi 20/12 | 20/12
giấy hẹn ngày 15 mà nay chưa có | 15/11
hẹn tôi ngày 20/12 ra lấy | 20/12
hạn trả kết quả là 30/11 | 30/11
phiếu hẹn ghi ngày 5 tháng 12 năm 2026 | 5/12
họ hẹn thứ sáu trả | 27/11
hẹn lại ngày mai | 25/11
hẹn 15/1 trả kết quả | 15/1/2027
quá hẹn từ ngày 10/11 | 10/11
trễ hẹn 12/11 rồi mà chưa có | 12/11
dự kiến trả ngày 18.12.2026 | 18/12
Nộp hồ sơ ngày 10/11, hẹn trả 17/11, hôm qua tôi lên hỏi thì anh ấy quát tôi. | 17/11
lẽ ra ngày 13/11 phải có kết quả | 13/11
hôm qua tôi ra phường | -
ngày 15/11 tôi bị quát | -
hẹn lần này lượt khác | -
hẹn mãi không trả | -
hẹn tuần sau | -
"""


def test_hours_and_stories_are_read() -> None:
    table = [(row, typed) for text in (HOURS, STORIES) for row in rows(text) for typed in row.spellings()]
    assert [wrong for row, typed in table if (wrong := misread(row, typed))] == []


def test_two_hundred_phrases_and_more() -> None:
    assert len({row.phrase for table in (DAYS, HOURS, STORIES) for row in rows(table)}) >= 200


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_no_time_is_seen_where_none_is(text: str) -> None:
    assert event_time(text, NOW) is None
    assert event_time(strip_accents(text), NOW) is None


@pytest.mark.parametrize("line", PROMISED.strip().splitlines())
def test_appointment(line: str) -> None:
    text, day = (cell.strip() for cell in line.split("|"))
    expected = rows(f"- | {day} | -")[0].date
    assert appointment(text, NOW) == expected
    assert appointment(strip_accents(text), NOW) == expected


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Tôi ra phường chiều hôm qua lúc 2h30 thì bị quát", "hôm qua lúc 2h30"),
        ("Nộp ngày 10/11, hôm kia tôi bị mắng", "hôm kia"),
        ("lúc 8 rưỡi sáng", "8 rưỡi sáng"),
        (unicodedata.normalize("NFD", "Vào  thứ  sáu tuần trước"), "thứ  sáu tuần trước"),
    ],
)
def test_span_is_of_the_text_as_given(text: str, span: str) -> None:
    found = event_time(text, NOW)
    assert found is not None
    assert unicodedata.normalize("NFC", text[found.start : found.end]) == span
