"""The chat page for keyboards, small screens and weak eyes."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import DESKTOP, IN_SIGHT, NARROW, PHONE, QUESTION, Open, Service, bubbles, say

pytestmark = pytest.mark.browser


def test_long_unbroken_words_do_not_widen_a_narrow_screen(open_page: Open) -> None:
    page = open_page(NARROW)
    say(page, "x" * 600)
    expect(page.locator(".assistant")).to_have_count(2)
    assert page.evaluate("document.getElementById('log').scrollWidth <= document.getElementById('log').clientWidth")


def test_enter_sends_shift_enter_breaks_the_line_and_composition_does_neither(open_page: Open) -> None:
    page = open_page(DESKTOP)
    text = page.get_by_label("Câu hỏi của anh/chị")
    expect(text).to_be_focused()
    text.press_sequentially("dòng một")
    text.press("Shift+Enter")
    text.press_sequentially("dòng hai")
    page.evaluate(
        "document.getElementById('text').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert bubbles(page) == []
    text.press("Enter")
    expect(page.locator(".bubble")).to_have_text("dòng một\ndòng hai")
    expect(text).to_have_value("")


def test_keyboard_reaches_the_choices_and_lands_on_the_reply(open_page: Open) -> None:
    page = open_page(DESKTOP)
    say(page, QUESTION)
    choices = page.locator(".choices button")
    expect(choices).to_have_count(5)
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Gửi ảnh, ghi âm hoặc PDF")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(choices.last).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".assistant")).to_have_count(3)
    expect(page.locator(".assistant").nth(2)).to_be_focused()


def test_touch_targets_are_large_enough(open_page: Open) -> None:
    page = open_page(NARROW)
    say(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    say(page, "tóm tắt")
    expect(page.locator(".call")).to_have_count(3)
    boxes = page.evaluate(
        "[...document.querySelectorAll('button, a, textarea, label:not(.sr)')].filter(e => e.offsetParent)"
        ".map(e => { const r = e.getBoundingClientRect(); return [e.outerHTML, r.width, r.height]; })"
    )
    assert len(boxes) >= 15
    assert [box for box in boxes if box[1] < 44 or box[2] < 43.5] == []


@pytest.mark.parametrize("question", [QUESTION, "tóm tắt", "các bước", "giấy phép lao động", "bao lau"])
def test_choices_are_whole_in_sight_and_the_question_is_not_cut(open_page: Open, question: str) -> None:
    page = open_page(PHONE)
    for count, text in enumerate((QUESTION, question), 2):
        say(page, text)
        expect(page.locator(".assistant")).to_have_count(count)
        page.wait_for_timeout(300)  # appearing takes 0.2 s
        assert set(page.evaluate(IN_SIGHT, ".choices button")) <= {"whole"}
        assert page.evaluate(IN_SIGHT, ".bubble")[-1] in {"whole", "out"}


def test_opening_the_keyboard_keeps_the_end_in_sight(open_page: Open) -> None:
    page = open_page(PHONE)
    say(page, "giấy phép lao động")
    expect(page.locator(".choices button")).to_have_count(3)
    page.set_viewport_size({"width": 390, "height": 560})
    page.wait_for_timeout(200)
    assert page.evaluate(IN_SIGHT, ".choices button") == ["whole"] * 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_meets_aa(open_page: Open, scheme: str) -> None:
    """Every text colour against the opaque background behind it: at least 4.5 : 1."""
    page = open_page({**DESKTOP, "color_scheme": scheme})
    say(page, "đang gián đoạn à")
    expect(page.locator(".assistant")).to_have_count(2)
    say(page, QUESTION)
    expect(page.locator(".choices:visible")).to_have_count(1)
    page.wait_for_timeout(400)  # appearing takes 0.2 s
    page.mouse.move(0, 0)
    pairs = page.evaluate(
        """() => {
          const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
          const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
            .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
          const found = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            let node = walk.currentNode.parentElement;
            if (!walk.currentNode.textContent.trim() || !node.offsetParent || node.closest('.sr')) continue;
            const ink = parse(getComputedStyle(node).color);
            let behind = null;
            for (; node && !behind; node = node.parentElement) {
              const colour = parse(getComputedStyle(node).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) behind = colour;
            }
            const [high, low] = [light(ink), light(behind)].sort((a, b) => b - a);
            found.push([walk.currentNode.textContent.trim().slice(0, 30), (high + .05) / (low + .05)]);
          }
          return found;
        }"""
    )
    assert len(pairs) > 25
    assert [pair for pair in pairs if pair[1] < 4.5] == []


def test_documentation_renders_without_the_internet(browser: Browser, service: Service) -> None:
    page = browser.new_page()
    foreign: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(service.address) else foreign.append(r.url))
    page.goto(f"{service.address}/docs")
    expect(page.locator("article")).to_have_count(7)
    assert foreign == []
    page.context.close()
