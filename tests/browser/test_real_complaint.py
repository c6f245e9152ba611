"""A complaint on the chat page over the real stack: told angrily without accents, read back, filed, looked up."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chat import DESKTOP, IN_SIGHT, PHONE
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(600)]
SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"
ANGRY = (
    "sang nay toi ra mot cua phuong cau giay nop ho so cho me toi, chi ngoi quay so 3 toc ngan deo kinh quat thang"
    " vao mat toi truoc bao nhieu nguoi, bao toi la do nha que khong biet chu roi nem ca tap ho so tra lai."
    " buc qua!!!"
)
NUMBER, SECRET = re.compile(r"^PA-\d{4}-\d{4}$"), re.compile(r"^[A-Z\d]{4}-[A-Z\d]{4}$")
WAYS = {
    "Ẩn danh": "tự hỏi kết quả bằng mã",
    "Giấu tên với nơi bị nêu": "chỉ người xử lý biết số điện thoại",
    "Cho ghi tên": "nơi bị nêu cũng biết",
}
DEVICES = pytest.mark.parametrize(("name", "device"), [("phone", PHONE), ("desktop", DESKTOP)])


class Chat:
    """The page, and what a citizen does on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers = page.locator(".assistant")
        expect(self.answers).to_have_count(1)

    def _answer_after(self, act: Callable[[], None]) -> Locator:
        count = self.answers.count()
        act()
        expect(self.answers).to_have_count(count + 1)
        return self.answers.last

    def say(self, text: str) -> Locator:
        def type_it() -> None:
            self.page.get_by_role("textbox").fill(text)
            self.page.get_by_role("textbox").press("Enter")

        return self._answer_after(type_it)

    def press(self, title: str) -> Locator:
        choice = self.page.locator(".choices:visible").get_by_role("button", name=title, exact=True)
        return self._answer_after(choice.click)

    def attach(self, name: str, media_type: str, content: bytes) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Gửi ảnh, ghi âm hoặc PDF").click()
        chooser.value.set_files({"name": name, "mimeType": media_type, "buffer": content})

    def fits(self) -> bool:
        """True when nothing has to be scrolled sideways."""
        return bool(self.page.evaluate("document.getElementById('log').scrollWidth <= innerWidth"))


Start = Callable[[dict[str, Any]], Chat]


@pytest.fixture
def start(browser: Browser, running_stack: RunningStack) -> Iterator[Start]:
    """Open the chat on a device in a fresh profile; at the end nothing may have gone wrong in its scripts."""
    contexts, errors = [], list[str]()

    def start(device: dict[str, Any]) -> Chat:
        context = browser.new_context(
            **device, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce"
        )
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(running_stack.base_url)
        return Chat(page)

    yield start
    for context in contexts:
        context.close()
    assert errors == []


def photo(colour: tuple[int, int, int] = (90, 120, 110)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


@DEVICES
def test_angry_story_is_filed_in_one_sitting(start: Start, name: str, device: dict[str, Any]) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chat = start(device)
    page = chat.page

    asked = chat.say(ANGRY)
    expect(asked).to_contain_text("tôi rất tiếc")
    expect(asked).to_contain_text("Anh/chị muốn gửi thế nào?")  # only this is missing
    for title, meaning in WAYS.items():
        expect(asked.get_by_role("button", name=title, exact=True)).to_contain_text(meaning)
    assert page.evaluate(IN_SIGHT, ".told") == ["whole"] * len(WAYS)
    page.mouse.move(0, 0)
    page.screenshot(path=SCREENSHOTS / f"complaint-{name}-story.png")
    review = chat.press("Ẩn danh")
    rows = review.locator(".rows dl > div")
    told = dict(zip(rows.locator("dt").all_inner_texts(), rows.locator("dd").all_inner_texts(), strict=True))
    assert told["Cơ quan"] == "Phường Cầu Giấy"
    assert told["Nơi gặp"].startswith("Quầy một cửa")
    assert "xúc phạm" in told["Nội dung chính"]
    assert told["Người được nêu"] == "chi ngoi quay so 3 toc ngan deo kinh"
    assert told["Cách gửi"] == "Ẩn danh"
    assert len(told) >= 7
    assert page.evaluate(IN_SIGHT, ".assistant:last-child .rows dl > div") == ["whole"] * len(told)
    expect(review).to_contain_text(ANGRY)
    assert chat.fits()
    send = review.get_by_role("button", name="Gửi", exact=True)
    assert page.evaluate(IN_SIGHT, ".primary") == ["whole"]
    assert send.evaluate("(node) => getComputedStyle(node).backgroundColor") != "rgba(0, 0, 0, 0)"
    areas = [box["width"] * box["height"] for b in review.get_by_role("button").all() if (box := b.bounding_box())]
    own = send.bounding_box()
    assert own
    assert own["width"] * own["height"] == max(areas)
    page.mouse.move(0, 0)
    page.screenshot(path=SCREENSHOTS / f"complaint-{name}-review.png")

    filed = chat.press("Gửi")
    codes = filed.locator(".ticket dd")
    expect(codes).to_have_count(2)
    expect(codes.nth(0)).to_have_text(NUMBER)
    expect(codes.nth(1)).to_have_text(SECRET)
    assert page.evaluate(IN_SIGHT, ".ticket") == ["whole"]
    expect(filed.locator(".ticket")).to_contain_text("Xin chụp màn hình hoặc viết hai mã ra giấy.")
    expect(filed.locator(".ticket")).to_contain_text("Mất mã bí mật")
    page.mouse.move(0, 0)
    page.screenshot(path=SCREENSHOTS / f"complaint-{name}-filed.png")
    number, secret = codes.all_inner_texts()
    filed.get_by_role("button", name="Chép hai mã").click()
    expect(filed.get_by_role("button", name="Đã chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"Mã phiếu: {number}\nMã bí mật: {secret}"

    status = chat.say("den dau roi")
    expect(status).to_contain_text(f"Phiếu {number}: đã ghi nhận")
    expect(status).to_contain_text("Hạn tiếp theo")
    assert chat.fits()
    page.screenshot(path=SCREENSHOTS / f"complaint-{name}-status.png")


@DEVICES
def test_photo_sent_with_the_paper_clip_is_named_and_counted(start: Start, name: str, device: dict[str, Any]) -> None:
    chat = start(device)
    chat.say(ANGRY)
    count = chat.answers.count()
    chat.attach("anh quay so 3.jpg", "image/jpeg", photo())
    expect(chat.answers).to_have_count(count + 1)
    expect(chat.page.locator(".bubble").last).to_have_text("Tệp: anh quay so 3.jpg")
    expect(chat.page.locator(".bubble canvas")).to_have_count(1)
    chat.page.mouse.move(0, 0)
    chat.page.screenshot(path=SCREENSHOTS / f"complaint-{name}-photo.png")
    expect(chat.answers.last).to_contain_text("Tôi đã nhận tệp anh quay so 3.jpg.")
    expect(chat.page.locator("#upload")).to_be_hidden()
    review = chat.press("Ẩn danh")
    expect(review.locator(".rows")).to_contain_text("1 tệp")


def test_photos_picked_together_are_each_taken_and_counted(start: Start) -> None:
    chat = start(PHONE)
    chat.say(ANGRY)
    count = chat.answers.count()
    with chat.page.expect_file_chooser() as chooser:
        chat.page.get_by_role("button", name="Gửi ảnh, ghi âm hoặc PDF").click()
    pictures = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo((80 * n, 120, 110))} for n in range(3)]
    chooser.value.set_files([*pictures, {"name": "4.txt", "mimeType": "text/plain", "buffer": b"chi la chu"}])
    expect(chat.answers).to_have_count(count + 3)
    expect(chat.page.get_by_role("alert")).to_have_text("Chỉ nhận ảnh (JPEG, PNG, WebP), bản ghi âm và PDF.")
    expect(chat.page.locator(".bubble canvas")).to_have_count(3)
    expect(chat.press("Ẩn danh").locator(".rows")).to_contain_text("3 tệp")


def test_file_of_a_wrong_kind_gets_a_plain_sentence_and_no_message(start: Start) -> None:
    chat = start(PHONE)
    chat.attach("ghi chu.txt", "text/plain", b"chi la chu")
    expect(chat.page.get_by_role("alert")).to_have_text("Chỉ nhận ảnh (JPEG, PNG, WebP), bản ghi âm và PDF.")
    expect(chat.page.locator(".bubble")).to_have_count(0)
    expect(chat.page.get_by_role("button", name="Gửi ảnh, ghi âm hoặc PDF")).to_be_enabled()
    chat.attach("lon.jpg", "image/jpeg", photo() + b"\0" * (10 * 1024 * 1024))
    expect(chat.page.get_by_role("alert")).to_contain_text("lớn quá 10 MB")
    expect(chat.page.locator(".bubble")).to_have_count(0)


def test_corrections_are_within_reach_and_do_not_cover_the_record(start: Start) -> None:
    chat = start(PHONE)
    chat.say(ANGRY)
    review = chat.press("Ẩn danh")
    edits = chat.page.get_by_role("group", name="Sửa lại").get_by_role("button")
    assert edits.all_inner_texts() == ["Sửa cơ quan", "Sửa thời gian", "Sửa người", "Kể thêm", "Đổi cách gửi"]
    for button in edits.all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    sticky = chat.page.get_by_role("group", name="Chọn nhanh").bounding_box()
    assert sticky
    assert sticky["height"] < 90  # one line of buttons stays above the composer
    expect(review.locator(".unfold")).to_have_count(0)
    asked = chat.press("Sửa thời gian")
    expect(asked).to_contain_text("hôm nào")
    expect(chat.say("hom kia").locator(".rows")).to_contain_text("Thời gian")
