"""What the browser tests of the chat page share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.fakes import MemoryStore

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
QUESTION = "muon lap hoi o xa can giay to gi"

# Whether each visible node of a selector is whole within the conversation's frame, cut by it, or out of it.
IN_SIGHT = """(selector) => {
  const log = document.getElementById('log').getBoundingClientRect();
  return [...document.querySelectorAll(selector)].filter((node) => node.offsetParent).map((node) => {
    const box = node.getBoundingClientRect();
    const whole = box.top >= log.top && box.bottom <= log.bottom + 1;
    return whole ? 'whole' : box.bottom <= log.top || box.top >= log.bottom ? 'out' : 'cut';
  });
}"""

# Opens the chat on a device in a fresh browser profile (the fixture open_page).
Open = Callable[..., Page]


@dataclass
class Service:
    """The served page and its store."""

    address: str
    store: MemoryStore


def say(page: Page, text: str) -> None:
    page.get_by_label("Câu hỏi của anh/chị").fill(text)
    page.get_by_label("Câu hỏi của anh/chị").press("Enter")


def bubbles(page: Page) -> list[str]:
    return page.locator(".bubble").all_inner_texts()
