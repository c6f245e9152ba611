"""The day's figures in a browser: read, compared, looked up by day, taken away as a file and on paper."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import DESKTOP, PHONE
from tests.browser.console import Console, Open, office_console, open_office_console
from tests.browser.test_console_access import check
from tests.integration.figures_rig import a_working_day

__all__ = ["office_console", "open_office_console"]
pytestmark = pytest.mark.browser
PLACE = "#so-lieu"
DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def busy_console(office_console: Console) -> Console:
    """An office with a day in it, at half past two of that Friday."""
    assert office_console.office is not None
    a_working_day(office_console.office.store, office_console.office)
    return office_console


@pytest.fixture
def open_busy(busy_console: Console, open_office_console: Open) -> Open:
    """Open pages whose own clock shows the same moment, unless told otherwise."""
    office = busy_console.office
    assert office is not None

    def opened(who: str, place: str = PLACE, device: dict[str, Any] = DESKTOP) -> Page:
        page = open_office_console(None, place, device)
        page.clock.set_fixed_time(office.clock.now())  # before anybody is in: a leap is taken for a long absence
        page.context.add_cookies([busy_console.cookie(who)])  # type: ignore[list-item]  # a cookie as a dict
        page.reload()
        expect(page.locator(".tiles")).to_be_visible()
        return page

    return opened


def tile(page: Page, label: str) -> Locator:
    return page.locator(".tiles > div", has=page.locator("dt", has_text=label))


def section(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


def row(page: Page, title: str, label: str) -> list[str]:
    cells = section(page, title).locator("tr", has_text=label).locator("td")
    return [text.strip() for text in cells.all_inner_texts()]


def test_a_supervisor_reads_the_day_beside_the_day_before(open_busy: Open) -> None:
    page = open_busy("sup")
    expect(page.get_by_role("heading", level=2)).to_have_text("Hôm nay, 27/11/2026")
    expect(page.get_by_text("Tính đến 14:30, đặt cạnh hôm qua đến 14:30.")).to_be_visible()
    expect(tile(page, "Cuộc trò chuyện")).to_contain_text("12")
    expect(tile(page, "Cuộc trò chuyện")).to_contain_text("hôm qua: 4 (+8)")
    expect(tile(page, "Chờ cán bộ")).to_contain_text("2 phút 30 giây")
    expect(tile(page, "Chờ cán bộ")).to_contain_text("hôm qua: chưa có")
    assert row(page, "Cuộc trò chuyện theo kênh", "Trang web") == ["7", "4"]
    assert row(page, "Thủ tục được hỏi nhiều", "Công nhận Ban vận động") == ["8", "4"]
    assert row(page, "Phiếu theo đơn vị", "Phường Ba Đình") == ["4", "dưới 3"]
    widths = (
        section(page, "Cuộc trò chuyện theo kênh")
        .locator(".plot > i")
        .evaluate_all("bars => bars.map((bar) => bar.style.width)")
    )
    assert widths == ["100%", "43%", "14%", "14%"]


def test_the_week_and_another_day_have_addresses(open_busy: Open) -> None:
    page = open_busy("sup")
    page.get_by_role("button", name="Theo tuần").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Tuần 23/11/2026 – 27/11/2026")
    assert page.url.endswith("#so-lieu?ky=week")
    expect(tile(page, "Cuộc trò chuyện")).to_contain_text("16")
    page.get_by_role("button", name="Theo ngày").click()
    page.get_by_label("Chọn ngày").fill("2026-11-26")
    expect(page.get_by_role("heading", level=2)).to_have_text("Ngày 26/11/2026")
    expect(page.get_by_text("Cả ngày, đặt cạnh hôm trước.")).to_be_visible()
    assert page.url.endswith("#so-lieu?ngay=2026-11-26")
    page.reload()
    expect(page.get_by_role("heading", level=2)).to_have_text("Ngày 26/11/2026")
    page.get_by_role("button", name="Hôm nay").click()
    assert page.url.endswith("#so-lieu")


def test_an_empty_day_looks_like_one(open_busy: Open) -> None:
    page = open_busy("sup", "#so-lieu?ngay=2026-11-20")
    expect(section(page, "Cuộc trò chuyện theo kênh")).to_contain_text("Chưa có cuộc nào.")
    expect(section(page, "Phiếu theo đơn vị")).to_contain_text("Chưa có phiếu nào.")
    expect(page.locator(".plots table")).to_have_count(0)
    expect(tile(page, "Cuộc trò chuyện").locator(".big")).to_have_text("0")
    expect(tile(page, "Chờ cán bộ").locator(".big")).to_have_text("chưa có")


def test_a_day_that_has_not_come_is_refused_in_words(open_busy: Open) -> None:
    page = open_busy("sup")
    page.evaluate("location.hash = '#so-lieu?ngay=2026-12-24'")
    expect(page.get_by_text("Ngày này chưa đến, hoặc trước khi có số liệu.")).to_be_visible()
    expect(page.locator(".tiles")).to_have_count(0)


def test_an_operator_sees_figures_but_none_of_cases(open_busy: Open) -> None:
    page = open_busy("op")
    expect(tile(page, "Cuộc trò chuyện")).to_contain_text("12")
    expect(page.get_by_text("Phiếu theo đơn vị")).to_have_count(0)
    expect(tile(page, "Phiếu phản ánh")).to_have_count(0)


def test_a_unit_is_not_offered_them(open_office_console: Open) -> None:
    page = open_office_console("u1", PLACE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu phản ánh")
    expect(page.get_by_role("link", name="Số liệu")).to_have_count(0)


def test_the_file_is_what_the_page_shows(open_busy: Open, tmp_path: Path) -> None:
    page = open_busy("sup")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Tải tệp CSV").click()
    assert coming.value.suggested_filename == "so-lieu-ngay-2026-11-27.csv"
    coming.value.save_as(tmp_path / "file.csv")
    raw = (tmp_path / "file.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    for label, *values in (
        [each.locator("th").inner_text().strip(), *each.locator("td").all_inner_texts()]
        for each in page.locator(".plots tbody tr").all()
    ):
        assert any(found[1].lstrip("'") == label and found[2:4] == values for found in rows), label
    expect(page.get_by_text("Đã tải tệp số liệu.")).to_be_visible()


def test_keys_do_what_the_buttons_do(open_busy: Open) -> None:
    page = open_busy("sup", "#so-lieu?ngay=2026-11-26")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.keyboard.press("p")
    assert page.evaluate("window.printed") is True
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=2)).to_have_text("Hôm nay, 27/11/2026")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu phản ánh")


def test_on_paper_there_are_the_figures_and_nothing_else(open_busy: Open) -> None:
    page = open_busy("sup")
    page.emulate_media(media="print")
    expect(page.get_by_text("Tiếp Dân – Số liệu trong ngày")).to_be_visible()
    expect(section(page, "Phiếu theo đơn vị")).to_be_visible()
    for gone in (page.locator(".rail"), page.locator(".bar"), page.get_by_role("button", name="In")):
        expect(gone.first).to_be_hidden()
    assert len(page.pdf(format="A4").split(b"/Type /Page\n")) - 1 <= 2


@DEVICES
def test_it_is_for_every_eye(open_busy: Open, device: dict[str, Any]) -> None:
    page = open_busy("sup", device=device)
    check(page, "figures", device)
    page.emulate_media(color_scheme="dark")
    check(page, "figures-dark", device)
    page.emulate_media(color_scheme="light")
    page.evaluate("location.hash = '#so-lieu?ngay=2026-11-20'")
    expect(page.get_by_text("Chưa có cuộc nào.")).to_be_visible()
    check(page, "figures-empty", device)
    assert date.fromisoformat(page.get_by_label("Chọn ngày").input_value()) == date(2026, 11, 20)
