"""The console for every eye and hand: axe on each view, large and small; its weight, its age, no inline code."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.core.cases.state import Status
from channels.web.page import STATIC_DIR
from tests.browser.chat import DESKTOP, NARROW, PHONE
from tests.browser.console import SCREENSHOTS, Console, Open, office_console, open_office_console, violations

__all__ = ["office_console", "open_office_console"]
pytestmark = pytest.mark.browser
FOLDER = STATIC_DIR / "console"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


def at_rest(page: Page) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # the live stream keeps the network busy


def check(page: Page, name: str, device: dict[str, Any]) -> None:
    """Nothing that axe finds, nothing to scroll sideways; leaves a picture."""
    at_rest(page)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    size = "phone" if device is PHONE else "desktop"
    page.screenshot(path=SCREENSHOTS / f"console-{name}-{size}.png")
    assert violations(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.getElementById('main').scrollWidth <= document.getElementById('main').clientWidth")


@DEVICES
def test_login(open_office_console: Open, office_console: Console, device: dict[str, Any]) -> None:
    office_console.fake.people.oidc = {"label": "tài khoản cơ quan", "start_url": "/sso"}
    page = open_office_console(None, device=device)
    page.get_by_label("Tên đăng nhập").fill("lan.nt")
    page.get_by_label("Mật khẩu").first.fill("sai")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    at_rest(page)
    assert violations(page) == []


@DEVICES
def test_conversations(open_office_console: Open, device: dict[str, Any]) -> None:
    page = open_office_console("lan.nt", "#hoi-thoai", device)
    expect(page.locator(".talk-item")).to_have_count(3)
    check(page, "inbox", device)
    page.goto(f"{page.url}/t-waiting")
    page.get_by_role("button", name="Nhận trả lời").click()
    if device is PHONE:
        page.get_by_role("button", name="Gợi ý và ghi chú").click()
    expect(page.locator(".card")).to_have_count(3)
    check(page, "suggestions", device)
    page.get_by_role("button", name="Chèn gợi ý 1 vào ô trả lời").click()
    check(page, "talk", device)
    page.get_by_label("Trả lời công dân").fill("/")
    expect(page.locator("#quick-list")).to_be_visible()
    check(page, "quick-replies", device)
    page.get_by_label("Trả lời công dân").fill("")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Chuyển", exact=True).click()
    check(page, "transfer", device)


@DEVICES
def test_keys_and_alarm(open_office_console: Open, office_console: Console, device: dict[str, Any]) -> None:
    page = open_office_console("lan.nt", "#hoi-thoai/t-angry", device)
    expect(page.locator(".said.citizen")).to_have_count(1)
    at_rest(page)
    office_console.fake.alarm("Có người báo đang gặp nguy hiểm", "t-danger")
    expect(page.locator(".alarm")).to_be_visible()
    check(page, "alarm", device)
    page.locator("#main").focus()
    page.keyboard.press("?")
    check(page, "keys", device)


@DEVICES
def test_cases(open_office_console: Open, office_console: Console, device: dict[str, Any]) -> None:
    office = office_console.office
    assert office
    ids = [office.file(with_file=True) for _ in range(4)]
    for case_id, status in zip(
        ids, (Status.EXPLAINED, Status.ANSWERED, Status.INSPECTION, Status.RECEIVED), strict=True
    ):
        office.bring(case_id, status)
    office.file(behaviours=("TN-HOILO",), severity=5)
    page = open_office_console("of2", "#phieu", device)
    expect(page.locator("tbody tr")).to_have_count(5)
    page.get_by_text("Lọc thêm").click()
    check(page, "cases", device)
    page.goto(f"{page.url.partition('#')[0]}#phieu/{ids[0]}")
    page.get_by_role("button", name="Viết trả lời").click()
    page.locator(".verb-form").get_by_role("button", name="Gửi duyệt").click()
    expect(page.locator(".fault:visible")).to_have_count(5)
    check(page, "case-faults", device)
    page.goto(f"{page.url.partition('#')[0]}#phieu/{ids[1]}")
    page.get_by_role("button", name="Mở lời kể nguyên văn").click()
    page.get_by_label("Lý do mở").fill("gọi hỏi thêm giờ")
    page.get_by_role("button", name="Mở", exact=True).click()
    expect(page.locator(".revealed")).to_be_visible()
    check(page, "case-revealed", device)
    page.goto(f"{page.url.partition('#')[0]}#phieu/khong-co")
    expect(page.locator(".refusal")).to_be_visible()
    check(page, "case-hidden", device)


@DEVICES
def test_tasks_people_and_own_account(
    open_office_console: Open, office_console: Console, device: dict[str, Any]
) -> None:
    office = office_console.office
    assert office
    office.file()
    office.clock.time = office.clock.time.replace(month=12)
    office.desk.rise()
    page = open_office_console("sup", "#viec", device)
    expect(page.locator(".task")).to_have_count(1)
    check(page, "tasks", device)
    page = open_office_console("dai.hn", "#tai-khoan", device)
    expect(page.locator("tbody tr").first).to_be_visible()
    check(page, "people", device)
    page.get_by_role("button", name="Thêm tài khoản").click()
    check(page, "people-add", device)
    page = open_office_console("lan.nt", "#cua-toi", device)
    page.get_by_role("button", name="Bật mã hai lớp").click()
    expect(page.get_by_role("img", name="Hình QR")).to_be_visible()
    check(page, "me", device)


@pytest.mark.parametrize("place", ["#hoi-thoai/t-waiting", "#phieu", "#viec"])
def test_dark_scheme_keeps_its_contrast(open_office_console: Open, office_console: Console, place: str) -> None:
    assert office_console.office
    office_console.office.file()
    page = open_office_console("of2", place, {**DESKTOP, "color_scheme": "dark"})
    at_rest(page)
    assert violations(page) == []


def test_narrow_screen_and_large_letters_need_no_sideways_scrolling(open_office_console: Open) -> None:
    page = open_office_console("lan.nt", "#hoi-thoai/t-waiting", NARROW)
    expect(page.locator(".said.citizen").first).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '24px'")
    at_rest(page)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('.log-scroll').clientHeight") > 60


def test_touch_targets_are_large_enough(open_office_console: Open) -> None:
    page = open_office_console("lan.nt", "#hoi-thoai/t-waiting", PHONE)
    page.get_by_role("button", name="Nhận trả lời").click()
    at_rest(page)
    boxes = page.evaluate(
        "[...document.querySelectorAll('button:not(.ask), summary, .rail a, textarea, select')]"
        ".filter((node) => node.offsetParent)"
        ".map((node) => [node.outerHTML.slice(0, 90), node.getBoundingClientRect().height])"
    )
    assert len(boxes) > 12
    assert [box for box in boxes if box[1] < 40] == []


def test_all_files_together_stay_small() -> None:
    """At most 300 kB in all, unzipped: the page opens on an office computer over a slow intranet."""
    sizes = {path.relative_to(FOLDER).as_posix(): path.stat().st_size for path in FILES}
    assert len(sizes) > 20
    assert sum(sizes.values()) <= 300_000


# Syntax and library that came after ES2020, as far as they are likely to slip in.
YOUNGER = re.compile(
    r"\?\?=|\|\|=|&&=|\.replaceAll\(|\.at\(-?\d|Object\.hasOwn|structuredClone|\bstatic \{|#\w+ ?[=(;]|\d_\d{3}"
    r"|\.findLast|\.toSorted|\.toReversed|Array\.fromAsync|^\s+static \w+ =|Promise\.any|WeakRef|\bawait import\b$",
    re.MULTILINE,
)
UNSAFE = re.compile(
    r"innerHTML|outerHTML(?!\|)|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser"
    r"|createContextualFragment|\.srcdoc|setAttribute\(\"(?:on|style)"
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_script_is_old_enough_and_parses_no_markup(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert YOUNGER.findall(text) == []
    assert [found for found in UNSAFE.findall(text) if script.name != "dom.js"] == []
    assert len(text.splitlines()) < 300


def test_page_has_no_inline_code_and_nothing_from_elsewhere() -> None:
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", page)
    for path in FILES:
        if path.suffix in {".js", ".css", ".html"}:
            assert not re.search(r"(?:import|url\(|src=|href=).{0,12}https?:", path.read_text(encoding="utf-8")), path
