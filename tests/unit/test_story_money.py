"""Sums of money in words, digits and chat spelling; what only looks like money is none."""

import random

import pytest

from bot.core.story import story_facts
from nlu.text import strip_accents

# story | sum in đồng («-» none)
SUMS = """
đòi 500k | 500000
đòi 500 k mới làm | 500000
vòi tôi 2tr | 2000000
2tr5 | 2500000
1tr200 | 1200000
1tr250k | 1250000
đưa 5 triệu | 5000000
5 triệu đồng | 5000000
1,5 triệu | 1500000
1.5tr | 1500000
2 triệu rưỡi | 2500000
2 triệu 500 nghìn | 2500000
hai triệu năm trăm nghìn đồng | 2500000
hai triệu rưỡi | 2500000
ba triệu | 3000000
1.500.000đ | 1500000
1.500.000 đồng | 1500000
500.000đ | 500000
500.000 | -
mất 500.000 | 500000
thu của tôi 1.500.000 | 1500000
500000 đồng | 500000
năm trăm nghìn | 500000
năm trăm ngàn đồng | 500000
500 ngàn | 500000
ba trăm năm mươi nghìn | 350000
hai trăm nghìn | 200000
một trăm rưỡi nghìn | 150000
năm mươi nghìn | 50000
đòi bồi dưỡng 3 trăm | 300000
đòi thêm năm trăm | 500000
nửa triệu | 500000
nửa củ | 500000
lót tay 2 củ | 2000000
vòi 3 lít | 300000
đưa 2 xị mới xong | 200000
đòi 500 mới ký | 500000
gợi ý 2 triệu cà phê | 2000000
lệ phí 50 nghìn nhưng chị ấy đòi 300 nghìn | 300000
phí công bố 20.000đ, họ thu 100.000đ của tôi | 100000
lệ phí đăng ký kết hôn 1.000.000 đồng phải không | 1000000
phong bì 1 triệu | 1000000
chuyển khoản cho anh ấy 10 triệu | 10000000
50 triệu | 50000000
1 tỷ | 1000000000
10k | 10000
kẹp 5 chục vào hồ sơ | 50000
tốn hơn 700 nghìn | 700000
bắt đóng 250k tiền photo | 250000
đòi tôi năm triệu mà không có biên lai | 5000000
tôi chờ 3 tiếng đồng hồ | -
đồng chí Năm ở quầy 2 | -
tôi không đồng ý | -
đi lại 4 lần | -
đổ 3 lít xăng để đi lại | -
2 cụ già ngồi chờ | -
gọi 0912345678 | -
gọi 1900 1009 | -
thủ tục 1.000894 | -
Nghị định 118/2025/NĐ-CP | -
hồ sơ H26.15.02-261008-0975 | -
hôm 15/11/2026 | -
quầy số 5 có 3 người | -
đợi đến 5 k ai tiếp | -
đòi 200 usd | -
dân số 2 triệu người | -
phòng 203 tầng 2 | -
đòi mấy trăm nghìn | -
cán bộ đòi tiền | -
phải có 2 bản sao 3 ảnh | -
từ 8h đến 10h30 | -
đưa 15 bộ hồ sơ | -
năm 2024 tôi nộp một lần | -
"""


# Typed without accents these are also «2 củ già ngồi», «đòi đến 5k».
AMBIGUOUS = ("2 cụ", "đợi đến")


def _rows() -> list[tuple[str, int | None]]:
    rows = []
    for line in SUMS.strip().splitlines():
        story, amount = (cell.strip() for cell in line.split("|"))
        rows.append((story, None if amount == "-" else int(amount)))
    assert len(rows) >= 40
    return rows


@pytest.mark.parametrize(("story", "amount"), _rows())
def test_amount(story: str, amount: int | None) -> None:
    assert story_facts(story).amount == amount
    assert story_facts(story.upper()).amount == amount


@pytest.mark.parametrize(("story", "amount"), [row for row in _rows() if not row[0].startswith(AMBIGUOUS)])
def test_amount_typed_without_accents(story: str, amount: int | None) -> None:
    assert story_facts(strip_accents(story)).amount == amount


def test_every_way_of_writing_a_sum_is_read() -> None:
    chance = random.Random(20261124)
    wrong = []
    stories = 0
    for _ in range(400):
        thousands = chance.choice((chance.randrange(10, 1000, 10), chance.randrange(1000, 20_000, 500)))
        dong = thousands * 1000
        forms = [
            f"{dong:,}".replace(",", ".") + "đ",
            f"{dong} đồng",
            f"{thousands}k" if thousands < 1000 else f"{dong}đ",
        ]
        if thousands % 1000 == 0:
            forms += [f"{thousands // 1000} triệu", f"{thousands // 1000}tr", f"{thousands // 1000} củ"]
        elif thousands > 1000:
            forms += [
                f"{thousands // 1000}tr{thousands % 1000 // 100}",
                f"{thousands // 1000} triệu rưỡi",
                f"{thousands / 1000:g} triệu",
            ]
        else:
            forms += [f"{thousands} nghìn", f"{thousands} ngàn"]
        frame = chance.choice(
            ("chị ấy đòi {} mới làm", "hôm qua anh ấy vòi tôi {}", "tôi phải đưa {} cho cán bộ", "mất {}")
        )
        story = frame.format(chance.choice(forms))
        stories += 1
        if story_facts(story).amount != dong:
            wrong.append((story, dong, story_facts(story).amount))
    assert stories == 400
    assert not wrong
