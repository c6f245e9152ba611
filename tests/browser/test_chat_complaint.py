"""What the chat page does for a complaint: ways to choose from, photos, the slip to keep; also in large letters."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.chat import DESKTOP, IN_SIGHT, NARROW, PHONE, Open, Service, bubbles, say

pytestmark = pytest.mark.browser
NEW = "Cuộc trò chuyện mới"


def picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 110)).save(out, kind)
    return out.getvalue()


def files_are_stored(page: Page, refused: str = "") -> list[str]:
    """Answer uploads as the service does, but for those of a name; return the names as they come."""
    names: list[str] = []

    def store(route: Route) -> None:
        name = route.request.url.partition("name=")[2]
        names.append(name)
        if refused and refused in name:
            route.fulfill(status=415, json={"detail": "Không nhận tệp này."})
        else:
            route.fulfill(json={"id": f"f{len(names)}", "name": name})

    page.route("**/api/files/**", store)
    return names


def pick(page: Page, *files: tuple[str, str, bytes]) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Gửi ảnh, ghi âm hoặc PDF").click()
    chooser.value.set_files([{"name": n, "mimeType": kind, "buffer": content} for n, kind, content in files])


@pytest.mark.parametrize("device", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])
def test_a_way_to_send_says_in_its_button_what_it_means(
    open_page: Open, service: Service, device: dict[str, Any]
) -> None:
    page = open_page(device)
    say(page, "gửi thế nào")
    answer = page.locator(".assistant").nth(1)
    # Only lines of quick replies move; another one stays where it was.
    expect(answer.locator(".say")).to_have_text(
        "Tôi rất tiếc. Anh/chị muốn gửi thế nào?\n• Lưu ý: không cần giấy tờ gì."
    )
    told = answer.locator(".told")
    assert told.all_inner_texts() == [
        "Ẩn danh\nAnh/chị tự hỏi kết quả bằng mã.",
        "Giấu tên\nChỉ người xử lý biết.",
    ]
    expect(answer.get_by_role("button", name="Thôi, không gửi").locator("small")).to_have_count(0)
    expect(told.first).to_have_attribute("aria-description", "Ẩn danh: anh/chị tự hỏi kết quả bằng mã.")
    answer.get_by_role("button", name="Ẩn danh", exact=True).click()
    expect(page.locator(".assistant")).to_have_count(3)
    message = service.store.tables.messages[-1]
    assert (message.text, message.button) == ("Ẩn danh", "k:anonymous:anonymous")


def test_photos_picked_together_are_sent_in_order_and_seen(open_page: Open, service: Service) -> None:
    page = open_page()
    names = files_are_stored(page, refused="hong")
    pick(
        page,
        ("mot.jpg", "image/jpeg", picture()),
        ("hong.pdf", "application/pdf", b"x"),
        ("hai.heic.png", "image/png", picture("PNG")),
        ("ghi am.mp3", "audio/mpeg", b"ID3"),
    )
    expect(page.locator(".bubble")).to_have_count(3)
    assert names == ["mot.jpg", "hong.pdf", "hai.heic.png", "ghi%20am.mp3"]
    assert bubbles(page) == ["Tệp: mot.jpg", "Tệp: hai.heic.png", "Tệp: ghi%20am.mp3"]
    assert [page.locator(".bubble").nth(n).locator("canvas").count() for n in range(3)] == [1, 1, 0]
    expect(page.get_by_role("alert")).to_have_text("Không nhận tệp này.")
    expect(page.locator(".assistant")).to_have_count(4)
    assert [m.button for m in service.store.tables.messages] == ["file:f1", "file:f3", "file:f4"]
    # What the canvas shows is the photo, not an empty frame.
    colour = "node => [...node.getContext('2d').getImageData(9, 9, 1, 1).data]"
    assert page.locator("canvas").first.evaluate(colour) == pytest.approx([90, 120, 110, 255], abs=4)


def test_photo_stays_when_the_stream_is_quicker_than_the_acknowledgement(open_page: Open) -> None:
    page = open_page()
    files_are_stored(page)

    def slow(route: Route) -> None:
        response = route.fetch()
        page.wait_for_timeout(3_500)
        route.fulfill(response=response)

    page.route(lambda url: url.endswith("/messages"), slow)
    pick(page, ("mot.jpg", "image/jpeg", picture()))
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".bubble")).to_have_count(2)  # the stream's copy
    expect(page.locator(".sending")).to_have_count(0)
    expect(page.locator(".bubble")).to_have_count(1)
    expect(page.locator(".bubble canvas")).to_have_count(1)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_after_a_file_one_goes_on_typing(open_page: Open, device: dict[str, Any]) -> None:
    page = open_page(device)
    files_are_stored(page, refused="hong")
    for name in ("mot.jpg", "hong.jpg"):
        pick(page, (name, "image/jpeg", picture()))
        expect(page.locator("#upload")).to_be_hidden()
        expect(page.get_by_label("Câu hỏi của anh/chị")).to_be_focused()


@pytest.mark.parametrize(("name", "kind"), [("IMG_0001.HEIC", ""), ("anh", "image/heic"), ("anh.heif", "image/heif")])
def test_photo_that_cannot_be_opened_is_told_how_to_send_it_all_the_same(
    open_page: Open, name: str, kind: str
) -> None:
    page = open_page()
    names = files_are_stored(page)
    pick(page, (name, kind, b"ftypheic"))
    expect(page.get_by_role("alert")).to_contain_text("chụp lại màn hình rồi gửi")
    assert names == []
    assert bubbles(page) == []
    page.get_by_label("Câu hỏi của anh/chị").fill("vâng")
    expect(page.get_by_role("alert")).to_be_empty()


def test_slip_says_what_to_do_with_the_codes_and_a_new_start_asks_for_them(open_page: Open) -> None:
    page = open_page()
    warning = page.get_by_text("Anh/chị đã chụp màn hình hay viết ra giấy chưa?")
    say(page, "đọc lại")
    expect(page.locator(".assistant")).to_have_count(2)
    page.get_by_role("button", name=NEW).tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(warning).to_be_hidden()
    page.get_by_role("button", name="Giữ lại").tap()
    say(page, "gửi phiếu")
    slip = page.locator(".ticket")
    expect(slip.locator("dd")).to_have_text(["PA-4829-1372", "K7MD-3XPA"])
    expect(slip).to_contain_text("chụp màn hình hoặc viết hai mã ra giấy")
    assert page.locator(".say b").all_inner_texts() == ["PA-4829-1372", "K7MD-3XPA"]
    page.get_by_role("button", name=NEW).tap()
    expect(warning).to_be_visible()
    expect(page.get_by_role("button", name="Giữ lại")).to_be_focused()
    page.get_by_role("button", name="Bắt đầu mới").tap()
    expect(page.locator(".assistant")).to_have_count(1)
    say(page, "đọc lại")
    expect(page.locator(".assistant")).to_have_count(2)
    page.get_by_role("button", name=NEW).tap()
    expect(warning).to_be_hidden()


@pytest.mark.parametrize("device", [PHONE, NARROW, DESKTOP], ids=["phone", "narrow", "desktop"])
@pytest.mark.parametrize("size", ["100%", "200%"])
def test_frame_holds_in_large_letters(open_page: Open, device: dict[str, Any], size: str) -> None:
    page = open_page(device)
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    expect(page.get_by_role("button", name=NEW)).to_contain_text(NEW)
    found = page.evaluate(
        """() => {
          const box = (selector) => document.querySelector(selector).getBoundingClientRect();
          const name = box('.name');
          const rows = new Set([...document.querySelectorAll('footer a')].map((a) => a.getBoundingClientRect().top));
          return {
            wide: document.documentElement.scrollWidth - innerWidth,
            nameEnds: Math.max(name.right, box('.brand p').right), newBegins: box('#new').left,
            newEnds: box('#new').right, width: innerWidth, footerRows: rows.size,
          };
        }"""
    )
    assert found["wide"] <= 0
    assert found["newEnds"] <= found["width"]
    if device is not DESKTOP:
        assert found["nameEnds"] <= found["newBegins"]
    assert found["footerRows"] == 1


def test_in_large_letters_what_sends_a_complaint_stays_in_sight(open_page: Open) -> None:
    page = open_page(PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    say(page, "đọc lại")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_visible()
    page.wait_for_timeout(300)  # appearing takes 0.2 s
    assert page.evaluate(IN_SIGHT, ".choices .primary") == ["whole"]
    say(page, "gửi phiếu")
    expect(page.locator(".ticket")).to_be_visible()
    width = page.evaluate(
        "[...document.querySelectorAll('.ticket, .ticket dd')].map((n) => n.scrollWidth - n.clientWidth)"
    )
    assert max(width) <= 0
