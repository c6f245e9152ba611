"""Days as citizens write them, against Tuesday 24 November 2026, 09:30 in Ha Noi."""

import datetime as dt
from typing import NamedTuple

import pytest

from bot.core.story import EventTime, Problem, event_time
from nlu.text import strip_accents

NOW = dt.datetime(2026, 11, 24, 2, 30, tzinfo=dt.UTC)
PROBLEMS = {"F": Problem.FUTURE, "I": Problem.IMPOSSIBLE, "V": Problem.VAGUE}

# phrase | date | hour | marks: ~ roughly, F ahead, I impossible, V no day, A another without accents; «-» nothing
DAYS = """
hôm nay | 24/11 | -
hôm qua | 23/11 | -
hôm kia | 22/11 | -
hôm kìa | 21/11 | - | A
sáng nay | 24/11 | -
chiều qua | 23/11 | -
tối qua | 23/11 | -
tối hôm qua | 23/11 | -
trưa hôm qua | 23/11 | -
hồi sáng | 24/11 | -
hồi chiều | 23/11 | -
nãy | 24/11 | - | A
lúc nãy | 24/11 | -
hồi nãy tôi ở phường về | 24/11 | -
vừa xong | 24/11 | -
tôi vừa bị quát ở một cửa | 24/11 | -
hqua | 23/11 | -
hnay tôi ra phường | 24/11 | -
hum qua | 23/11 | -
bữa qua | 23/11 | -
bữa kia | 22/11 | -
hôm tê | 22/11 | -
chiều nay | 24/11 | - | F
tối nay | 24/11 | - | F A
ngày mai | 25/11 | - | F
hai hôm trước | 22/11 | -
2 hôm trước | 22/11 | -
3 ngày trước | 21/11 | -
ba ngày trước | 21/11 | -
mười ngày trước | 14/11 | -
cách đây 5 ngày | 19/11 | -
cách đây 4 hôm | 20/11 | -
cách nay 3 ngày | 21/11 | -
cách đây khoảng 10 ngày | 14/11 | - | ~
cách đây 2 tuần | 10/11 | - | ~
2 tuần trước | 10/11 | - | ~
ba tuần trước | 3/11 | - | ~
một tuần trước | 17/11 | - | ~
tuần trước | 17/11 | - | ~
tuần vừa rồi | 17/11 | - | ~
cách đây 2 tháng | 24/9 | - | ~
nửa tháng trước | 9/11 | - | ~
đầu tháng này | 1/11 | - | ~
đầu tháng | 1/11 | - | ~
giữa tháng này | 15/11 | - | ~
cuối tháng trước | 31/10 | - | ~
đầu tháng trước | 1/10 | - | ~
cuối tháng 9 | 30/9 | - | ~
giữa tháng 10 | 15/10 | - | ~
đầu tháng 11 | 1/11 | - | ~
đầu tuần này | 23/11 | - | ~
đầu tuần | 23/11 | - | ~
đầu tuần trước | 16/11 | - | ~
giữa tuần trước | 18/11 | - | ~
cuối tuần vừa rồi | 21/11 | - | ~
hôm trước | - | - | V
mới đây | - | - | V
dạo này | - | - | V
hôm nọ | - | - | V
mấy hôm trước | - | - | V
vài ngày trước | - | - | V
tháng trước | - | - | V
hồi tháng 9 | - | - | V
tháng 9 vừa rồi | - | - | V
năm ngoái | - | - | V
lâu rồi | - | - | V
buổi sáng | - | - | V
chiều | - | - | V
mấy hôm nay | - | - | V
thứ ba tuần trước | 17/11 | -
chiều thứ ba tuần trước | 17/11 | -
thứ 3 tuần trước | 17/11 | -
t3 tuần trước | 17/11 | -
t6 tuần trước | 20/11 | -
T6 tuần rồi | 20/11 | -
sáng thứ sáu tuần trước | 20/11 | -
thứ hai tuần này | 23/11 | -
thứ 2 vừa rồi | 23/11 | -
thứ 2 | 23/11 | -
thứ hai | 23/11 | -
thứ năm | 19/11 | -
thứ 5 vừa rồi | 19/11 | -
thứ tư vừa qua | 18/11 | -
thứ ba vừa rồi | 17/11 | -
thứ ba | 24/11 | -
sáng thứ ba | 24/11 | -
chiều thứ ba | 17/11 | -
thứ sáu tuần này | 27/11 | - | F
thứ sáu tuần sau | 4/12 | - | F
thứ bảy tuần trước | 21/11 | -
thứ bẩy | 21/11 | -
chủ nhật | 22/11 | -
chủ nhật tuần trước | 22/11 | -
hôm cn tuần trước | 22/11 | -
sáng CN vừa rồi | 22/11 | -
thứ tư tuần trước nữa | 11/11 | -
tuần trước hôm thứ năm | 19/11 | -
tuần trước, chiều thứ sáu | 20/11 | -
hôm thứ sáu | 20/11 | -
ngày thứ hai tuần trước | 16/11 | -
thứ tư ngày 18/11 | 18/11 | -
thứ ba, 17/11 | 17/11 | -
mùng 2/9 | 2/9 | -
mồng 2/9 | 2/9 | -
mùng 2 tháng 9 | 2/9 | -
mùng ba | 3/11 | -
mồng ba tháng mười | 3/10 | -
hôm mùng 5 | 5/11 | -
ngày 15 | 15/11 | -
ngày 24 | 24/11 | -
ngày 25 | 25/10 | -
ngày 30 | 30/10 | -
hôm 15 | 15/11 | -
hôm 15 vừa rồi | 15/11 | -
ngày mười lăm | 15/11 | -
hôm hai mươi | 20/11 | -
ngày hai mốt | 21/11 | -
ngày 15 tháng trước | 15/10 | -
tháng trước ngày 15 | 15/10 | -
mùng 3 tháng này | 3/11 | -
15/11 | 15/11 | -
hôm 15/11 | 15/11 | -
ngày 15-11 | 15/11 | -
ngày 15.11 | 15/11 | -
15-11-2026 | 15/11 | -
15.11.26 | 15/11 | -
15/11/2026 | 15/11 | -
15/11/26 | 15/11 | -
ngày 15 / 11 / 2026 | 15/11 | -
2026-11-15 | 15/11 | -
ngày 3 tháng 10 | 3/10 | -
3 tháng 10 | 3/10 | -
ngày 3 tháng 10 năm 2026 | 3/10 | -
ngày mười lăm tháng mười một | 15/11 | -
ngày hai mươi tháng mười | 20/10 | -
ngày hai mươi ba tháng chín năm 2026 | 23/9 | -
ngày 5 t10 | 5/10 | -
1/9 | 1/9 | -
30/12 | 30/12/2025 | -
28/12 | 28/12/2025 | -
20/12 | 20/12 | - | F
25/11 | 25/11 | - | F
ngày 15 tháng 12 | 15/12 | - | F
1/1/2027 | 1/1/2027 | - | F
15/11 năm ngoái | 15/11/2025 | -
ngày 12/10/2025 | 12/10/2025 | -
31/2 | - | - | I
30/2/2026 | - | - | I
31/11 | - | - | I
ngày 32 | - | - | I
ngày 31/9 | - | - | I
ngày 15/13 | - | - | I
ngày 45 tháng 10 | - | - | I
25h | - | - | I
hôm qua lúc 25h | 23/11 | - | I
10h75 | - | - | I
hình như hôm thứ năm | 19/11 | - | ~
chắc là hôm 12 | 12/11 | - | ~
khoảng ngày 10 | 10/11 | - | ~
dạ hôm qua ạ | 23/11 | -
à nhầm, hôm kia | 22/11 | -
không phải hôm qua, hôm kia cơ | 22/11 | -
hôm kia chứ không phải hôm qua | 22/11 | -
tôi nói nhầm, thứ hai chứ không phải thứ ba | 23/11 | -
ngày hôm qua | 23/11 | -
thứ 6 vừa rồi | 20/11 | -
chiều t6 | 20/11 | -
cuối giờ chiều thứ 5 tuần trước | 19/11 | -
đầu giờ sáng nay | 24/11 | -
sáng sớm hôm qua | 23/11 | -
mùng 10 tháng 11 | 10/11 | -
mùng mười | 10/11 | -
hôm 20 vừa rồi | 20/11 | -
ngày 20 tháng này | 20/11 | -
ngày 28 tháng 10 vừa rồi | 28/10 | -
cách đây một tuần | 17/11 | - | ~
cách đây hơn 1 tháng | 24/10 | - | ~
cach day 1 tuan | 17/11 | - | ~
bốn hôm trước | 20/11 | -
mới hôm qua thôi | 23/11 | -
mới sáng nay xong | 24/11 | -
tuần trước, thứ 4 | 18/11 | -
chủ nhật vừa rồi | 22/11 | -
chiều chủ nhật tuần trước nữa | 15/11 | -
thứ hai đầu tuần này | 23/11 | -
13/10 | 13/10 | -
13.10.2026 | 13/10 | -
9/9/2026 | 9/9 | -
ngày 1 tháng 12 năm 2025 | 1/12/2025 | -
tháng 10 ngày 15 | 15/10 | -
bữa 19 | 19/11 | -
bữa thứ ba tuần trước | 17/11 | -
hôm qua, tầm giữa buổi sáng | 23/11 | -
tôi không nhớ chính xác, chắc khoảng thứ 4 tuần trước | 18/11 | - | ~
hình như 12/11 hay 13/11 gì đó | 12/11 | - | ~
vừa nãy | 24/11 | -
mới vừa nãy xong | 24/11 | -
ngay chiều nay | 24/11 | - | F
bựa qua | 23/11 | - | A
bựa tê | 22/11 | - | A
ba bữa trước | 21/11 | -
khoảng hai ba bữa trước đó | 22/11 | - | ~
2-3 ngày trước | 22/11 | - | ~
cách đây ba bốn hôm | 21/11 | - | ~
vài ba bữa trước | - | - | V
hai năm trước | 24/11/2024 | - | ~
thứ năm nha, 19/11 ấy | 19/11 | -
à nhầm, hôm đó là thứ sáu nhé, tức ngày 20/11 | 20/11 | -
thứ hai tôi nộp, 19/11 họ gọi | 23/11 | -
tuần trước, hôm thứ ba đến thứ năm | 17/11 | - | ~
thứ hai tới thứ tư tuần trước | 16/11 | - | ~
họ làm việc thứ hai đến thứ sáu | - | - | -
lần gần nhất là thứ ba tuần trước | 17/11 | -
tuần trước nữa bị mấy lần, lần gần nhất là thứ năm tuần trước | 19/11 | -
3 ngày trước đó tôi cũng đã ra phường một lần rồi mà chẳng có ai tiếp | - | - | -
hai ngày trước khi tôi nộp | - | - | -
Lúc nãy tôi gọi điện lên phường thì bị dập máy. | 24/11 | -
"""


class Row(NamedTuple):
    """A phrase, and what is to be read from it."""

    phrase: str
    date: dt.date | None
    time: dt.time | None
    problem: Problem | None
    approximate: bool
    accents: bool

    def spellings(self) -> list[str]:
        """As it stands, in capitals, and without accents where that says the same."""
        bare = [] if self.accents else [strip_accents(self.phrase)]
        return list(dict.fromkeys([self.phrase, self.phrase.upper(), *bare]))


def rows(table: str) -> list[Row]:
    """Return the rows of a table; never none."""
    found = []
    for line in table.strip().splitlines():
        phrase, day, hour, marks, *_ = [*(cell.strip() for cell in line.split("|")), ""]
        date, month, *year = map(int, day.split("/")) if day != "-" else (0, 0)
        found.append(
            Row(
                phrase,
                dt.date(year[0] if year else 2026, month, date) if date else None,
                dt.time.fromisoformat(hour) if hour != "-" else None,
                next((problem for mark, problem in PROBLEMS.items() if mark in marks), None),
                bool({"~", "V"} & set(marks)),
                "A" in marks,
            )
        )
    assert found
    return found


def misread(row: Row, typed: str) -> str | None:
    """Return what is wrong with the reading of a phrase, or None."""
    read = event_time(typed, NOW) or EventTime(None, None, False, None, 0, 0)
    found = (read.date, read.time, read.problem, read.approximate)
    expected = (row.date, row.time, row.problem, row.approximate)
    return None if found == expected else f"{typed!r}: {found} instead of {expected}"


@pytest.mark.parametrize(("row", "typed"), [(row, typed) for row in rows(DAYS) for typed in row.spellings()])
def test_day(row: Row, typed: str) -> None:
    assert misread(row, typed) is None
