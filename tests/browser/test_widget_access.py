"""The widget for keyboards, screen readers, weak eyes, large letters and small screens (WCAG 2.2 AA)."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import DESKTOP, NARROW, PHONE, QUESTION
from tests.browser.fake_dialogue import DOSSIER
from tests.browser.widget import LABEL, LAUNCHER, OpenHost, ask, launch

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
# The rules of WCAG 2.0 to 2.2, levels A and AA, and the good practices; of everything in the page.
# A message that is just fading in has less contrast for a moment: what ends is waited for.
RUN_AXE = """async () => {
  const ending = document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations !== Infinity);
  await Promise.all(ending.map((a) => a.finished.catch(() => null)));
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run(document, {runOnly: rules});
  return {
    passed: found.passes.length,
    wrong: found.violations.map(({id, nodes}) => [id, ...nodes.map((n) => `${n.target} ${n.failureSummary}`)]),
  };
}"""
# What has the focus, through the shadow tree.
FOCUSED = """() => {
  let node = document.activeElement;
  while (node && node.shadowRoot && node.shadowRoot.activeElement) node = node.shadowRoot.activeElement;
  return node.id || node.className || node.tagName;
}"""
# Notes every text that a polite region of the widget says.
LISTEN = """() => {
  window.heard = [];
  const places = document.querySelector('tiep-dan').shadowRoot.getElementById('announcer');
  const note = (records) => records.forEach((record) => record.addedNodes.forEach((n) => window.heard.push(n.data)));
  new MutationObserver(note).observe(places, {childList: true, subtree: true});
}"""


def axe(page: Page) -> list[Any]:
    """Return what axe finds wrong; it is put into the page past the host's policy, as an extension would."""
    page.wait_for_timeout(400)  # appearing takes 0.2 s
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate(RUN_AXE)
    assert found["passed"] > 10
    return list(found["wrong"])


def with_answer(page: Page) -> None:
    launch(page)
    ask(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)


@pytest.mark.parametrize("device", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_host: OpenHost, device: dict[str, Any], scheme: str) -> None:
    page = open_host({**device, "color_scheme": scheme})
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    assert axe(page) == []
    launch(page)
    expect(page.locator(".welcome")).to_be_visible()
    assert axe(page) == []
    for count, text in enumerate((QUESTION, "đọc lại", "gửi thế nào", "gửi phiếu"), 2):
        ask(page, text)
        expect(page.locator(".assistant")).to_have_count(count)
        assert axe(page) == []
    page.get_by_role("button", name="Tùy chọn").click()
    assert axe(page) == []
    page.get_by_role("button", name="Tương phản cao").click()
    assert axe(page) == []
    page.get_by_role("button", name="Xóa nội dung trò chuyện").click()
    assert axe(page) == []


def test_axe_looks_into_the_shadow_tree(open_host: OpenHost) -> None:
    """The checks above would be worth nothing if it did not."""
    page = open_host(DESKTOP)
    with_answer(page)
    page.locator(".say").last.evaluate("node => { node.style.color = '#eee'; }")
    page.locator("#menu").evaluate("node => node.removeAttribute('aria-label')")
    assert {rule for rule, *_ in axe(page)} == {"button-name", "color-contrast"}


def test_axe_finds_nothing_in_a_lost_network_in_english(open_host: OpenHost) -> None:
    page = open_host(PHONE)
    with_answer(page)
    page.get_by_role("button", name="Tùy chọn").click()
    page.get_by_role("button", name="English").click()
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    page.get_by_label("Your question").fill("xin chào")
    page.keyboard.press("Enter")
    expect(page.locator(".waiting")).to_contain_text("Will be sent when you are online")
    assert axe(page) == []
    page.context.set_offline(False)


def test_everything_is_done_with_the_keyboard_alone(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    page.locator("#own").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label(LABEL)).to_be_focused()
    expect(page.locator(".launcher")).to_have_attribute("aria-expanded", "true")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".assistant")).to_have_count(2)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".choices button").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".assistant")).to_have_count(3)
    expect(page.locator(".assistant").last).to_be_focused()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(FOCUSED) == "menu":
            break
    expect(page.locator("#menu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Tùy chọn")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_focused()
    expect(page.get_by_role("dialog", name="Tiếp Dân")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Tiếp Dân")).to_be_hidden()
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_focused()


@pytest.mark.parametrize("name", ["Tùy chọn", None])
def test_the_focus_stays_in_what_is_modal_and_comes_back(open_host: OpenHost, name: str | None) -> None:
    """On a phone the panel fills the screen and is modal; the options are modal everywhere."""
    page = open_host(DESKTOP if name else PHONE)
    launch(page)
    expect(page.locator(".assistant")).to_have_count(1)
    if name:
        page.get_by_role("button", name=name).click()
    inside = """(selector) => {
      const tree = document.querySelector('tiep-dan').shadowRoot;
      return !document.hasFocus() || document.activeElement === document.body
        || Boolean(tree.activeElement && tree.activeElement.closest(selector));
    }"""
    for key in ("Tab", "Shift+Tab"):
        for _ in range(25):
            page.keyboard.press(key)
            assert page.evaluate(inside, "#tools" if name else ".panel")
    page.keyboard.press("Escape")
    returned = page.get_by_role("button", name=name or LAUNCHER)
    expect(returned).to_be_focused()


def test_a_panel_beside_the_page_leaves_the_page_usable(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    launch(page)
    expect(page.locator(".assistant")).to_have_count(1)
    page.locator("#own").click()
    expect(page.locator("#own")).to_be_focused()
    expect(page.get_by_role("dialog", name="Tiếp Dân")).to_be_visible()


def test_a_finished_answer_is_announced_once_and_history_is_not(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    with_answer(page)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    page.wait_for_timeout(500)
    page.evaluate(LISTEN)
    ask(page, "bao lau")
    expect(page.locator(".assistant")).to_have_count(3)
    page.wait_for_timeout(500)
    heard = page.evaluate("window.heard")
    assert len(heard) == 1
    assert "60 ngày làm việc" in heard[0]
    assert "4 lựa chọn nhanh" in heard[0]
    ask(page, "bao lau")
    expect(page.locator(".assistant")).to_have_count(4)
    page.wait_for_timeout(500)
    assert page.evaluate("window.heard.length") == 2  # equal words are said again
    page.reload()
    expect(page.locator(".assistant")).to_have_count(4)
    page.evaluate(LISTEN)
    page.wait_for_timeout(800)
    assert page.evaluate("window.heard") == []


def test_targets_are_at_least_24_pixels_and_the_main_ones_44(open_host: OpenHost) -> None:
    page = open_host(NARROW)
    with_answer(page)
    ask(page, "tóm tắt")
    expect(page.locator(".call")).to_have_count(3)
    page.get_by_role("button", name="Tùy chọn").click()
    boxes = page.evaluate(
        """[...document.querySelector('tiep-dan').shadowRoot.querySelectorAll('button, a, textarea, input')]
        .filter((node) => node.checkVisibility()).map((node) => {
          const box = (node.closest('label') || node).getBoundingClientRect();
          return [node.outerHTML, box.width, box.height];
        })"""
    )
    assert len(boxes) >= 25
    assert [box for box in boxes if box[1] < 44 or box[2] < 43.5] == []


@pytest.mark.parametrize("size", ["Vừa", "Rất lớn"])
def test_at_400_percent_zoom_nothing_is_cut_off_or_scrolls_sideways(open_host: OpenHost, size: str) -> None:
    """1280 × 1024 at 400 % is a window of 320 × 256."""
    page = open_host({"viewport": {"width": 320, "height": 256}})
    launch(page)
    if size != "Vừa":
        page.get_by_role("button", name="Tùy chọn").click()
        page.get_by_role("button", name=size).click()
        page.keyboard.press("Escape")
    ask(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    panel = page.get_by_role("dialog", name="Tiếp Dân")
    for selector in (".shell", ".log"):
        assert panel.locator(selector).evaluate("node => node.scrollWidth <= node.clientWidth")
    inside = """node => {
      const box = node.getBoundingClientRect();
      return box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
    }"""
    assert panel.locator(".send").evaluate(inside)
    assert panel.locator("#menu").evaluate(inside)
    assert panel.locator(".log").evaluate("node => node.clientHeight") >= 80
    page.get_by_role("button", name="Tùy chọn").click()
    page.get_by_role("button", name="Xóa nội dung trò chuyện").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Xóa nội dung trò chuyện")).to_be_in_viewport()


def test_text_size_and_contrast_outlast_a_reload(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    launch(page)
    look = "node => [getComputedStyle(node).fontSize, getComputedStyle(node).backgroundColor]"
    shell = page.locator(".shell")
    assert shell.evaluate(look)[0] == "16px"
    page.get_by_role("button", name="Tùy chọn").click()
    page.get_by_role("button", name="Lớn", exact=True).click()
    page.get_by_role("button", name="Tương phản cao").click()
    assert shell.evaluate(look) == ["20px", "rgb(0, 0, 0)"]
    page.reload()
    expect(page.locator(".assistant")).to_have_count(1)
    assert shell.evaluate(look) == ["20px", "rgb(0, 0, 0)"]
    page.get_by_role("button", name="Tùy chọn").click()
    expect(page.get_by_role("button", name="Lớn", exact=True)).to_have_attribute("aria-pressed", "true")


def test_nothing_moves_where_motion_is_unwanted(open_host: OpenHost) -> None:
    moving = "() => document.querySelector('tiep-dan').shadowRoot.getAnimations().length"
    page = open_host({**DESKTOP, "reduced_motion": "reduce"})
    launch(page)
    ask(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    assert page.evaluate(moving) == 0
    assert page.locator(".panel").evaluate("node => getComputedStyle(node).animationName") == "none"


def test_english_changes_the_interfaces_words_and_not_the_answers(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    with_answer(page)
    page.get_by_role("button", name="Tùy chọn").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Clear the conversation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".count")).to_have_text("9 papers")
    expect(page.locator(".say").last).to_have_text(DOSSIER.text)
    assert page.locator("tiep-dan").get_attribute("lang") == "en"
    assert page.locator(".sheet").last.get_attribute("lang") == "vi"
    page.reload()
    expect(page.get_by_label("Your question")).to_be_visible()
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Tiếng Việt").click()
    page.keyboard.press("Escape")
    expect(page.get_by_label(LABEL)).to_be_visible()
    expect(page.locator(".count")).to_have_text("9 loại")
