"""What tests on real services need: services that are killed and come back, staff with accounts, and their pages."""

import os
import secrets
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot.core.cases.people import Principal, Role
from bot.core.staff.accounts import Credentials
from bot.credentials import Argon2Passwords
from bot.processes import Child
from bot.settings import Settings
from bot.stack import service_child
from bot.store import KeyRing, Store
from bot.supervisor import Supervisor
from tests.browser.chat import DESKTOP
from tests.stack import EventLoopThread

# Who said something, and how it begins.
Said = tuple[str, str]
CITIZEN, MACHINE, PERSON, NOTICE = "citizen", "assistant", "operator", "notice"
PATIENCE = 240.0  # a killed service is back in a few seconds; where all cores are busy it takes much longer
PAGE_SECONDS = 30

_CHAT = """() => [...document.querySelectorAll('#entries > .entry')].map((entry) => {
  const text = (entry.querySelector('.bubble, .say, .notice') || entry).innerText.trim();
  if (entry.matches('.citizen')) return ['citizen', text, entry.matches('.waiting, .sending, .refused')];
  if (entry.querySelector('.notice')) return ['notice', text, false];
  const by = entry.querySelector('.meta').firstChild.textContent;
  return [by.startsWith('Tiếp Dân') ? 'assistant' : 'operator', text, false];
})"""
_DESK = """() => [...document.querySelectorAll('.talk .log > .said, .talk .outgoing > .said')].map((entry) => {
  const words = entry.matches('.notice') ? entry.querySelector('p').lastChild : entry.querySelector('.words');
  const kind = ['citizen', 'assistant', 'operator', 'notice'].find((one) => entry.classList.contains(one));
  return [kind, words.textContent.trim(), entry.parentNode.matches('.outgoing')];
})"""
_PRESS_AT = """(node, moment) => { setTimeout(() => node.click(), moment - Date.now()); }"""


class Processes:
    """Children under one supervisor in the background, as `tiepdan run` keeps them; one may be killed."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._thread = EventLoopThread()
        self._supervisor = Supervisor(children, print)

    def __enter__(self) -> "Processes":
        self._thread.run(self._supervisor.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.run(self._supervisor.__aexit__(None, None, None))
        self._thread.close()

    def until_healthy(self) -> None:
        self._thread.run(self._supervisor.until_healthy())

    def kill(self, name: str) -> None:
        """Kill a child at once, and return when it is gone. Its supervisor starts it again."""
        pid = self._supervisor.pid(name)
        assert pid is not None
        os.killpg(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while self._supervisor.pid(name) == pid:
            assert time.monotonic() < deadline, f"{name} does not die"
            time.sleep(0.01)


def replica(settings: Settings, number: int) -> Child:
    """Return the process of one of several services, with a log of its own."""
    child = service_child(settings)
    return replace(child, name=f"service{number}", log=settings.logs_dir / f"service{number}.log")


@dataclass(frozen=True)
class Member:
    """Somebody of the staff with an account."""

    principal: Principal
    password: str


def hire(settings: Settings, *people: tuple[str, str, Role, str | None]) -> list[Member]:
    """Give people (id, name, role, unit) accounts with passwords. The database is made where there is none."""
    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
    store.migrate()
    now, hasher = datetime.now(UTC), Argon2Passwords(time_cost=1, memory_kib=8)
    members = [Member(Principal(*person), secrets.token_urlsafe(24)) for person in people]
    with store() as unit:
        for member in members:
            who = member.principal
            unit.principals.add(who, now)
            unit.staff.accounts.add(who.id, who.id, Credentials(password=hasher.hash(member.password)), now)
        unit.commit()
    store.close()
    return members


class Read:
    """A page on which a conversation is read."""

    script = _CHAT

    def __init__(self, page: Page) -> None:
        self.page = page

    def seen(self) -> list[tuple[str, str, bool]]:
        """Return everything that stands on the page in its order: who, what, and whether it is still on its way."""
        return [(who, " ".join(text.split()), under_way) for who, text, under_way in self.page.evaluate(self.script)]

    def reads(self, *possible: Sequence[Said]) -> Sequence[Said]:
        """Wait until the page shows exactly one of these sequences, nothing of it on its way, and return which."""
        deadline = time.monotonic() + PATIENCE
        while True:
            seen = self.seen()
            for expected in possible:
                if _same(seen, expected):
                    return expected
            assert time.monotonic() < deadline, f"{seen}\n is none of {possible}"
            self.page.wait_for_timeout(100)


def _same(seen: Sequence[tuple[str, str, bool]], expected: Sequence[Said]) -> bool:
    return len(seen) == len(expected) and all(
        who == by and text.startswith(words) and not under_way
        for (who, text, under_way), (by, words) in zip(seen, expected, strict=True)
    )


class CitizenPage(Read):
    """The chat page."""

    def say(self, text: str) -> None:
        self.page.get_by_role("textbox").fill(text)
        self.page.get_by_role("textbox").press("Enter")


class OperatorPage(Read):
    """The console with its conversations, and what an operator does there."""

    script = _DESK

    def __init__(self, page: Page, member: Member) -> None:
        super().__init__(page)
        self.name = member.principal.name
        self.waiting = page.locator(".talk-item")

    @property
    def owner(self) -> Locator:
        return self.page.locator(".talk-who .owner")

    @property
    def claim(self) -> Locator:
        return self.page.get_by_role("button", name="Nhận trả lời")

    def there(self) -> None:
        self.page.get_by_label("Trạng thái của tôi").select_option("available")
        expect(self.page.get_by_text("Trạng thái: Sẵn sàng.")).to_be_visible()

    def open_first(self) -> None:
        self.waiting.first.click()

    def reply(self, text: str) -> None:
        self.page.get_by_label("Trả lời công dân").fill(text)
        self.page.get_by_label("Trả lời công dân").press("Enter")

    def transfer(self, to: "OperatorPage", note: str) -> None:
        self.page.get_by_role("button", name="Chuyển", exact=True).click()
        dialog = self.page.get_by_role("dialog", name="Chuyển cho đồng nghiệp")
        dialog.get_by_label(f"{to.name} · Sẵn sàng").check()
        dialog.get_by_label("Lời nhắn").fill(note)
        dialog.get_by_role("button", name="Chuyển", exact=True).click()
        expect(dialog).to_have_count(0)

    def hand_back(self, summary: str) -> None:
        self.page.get_by_role("button", name="Giao lại trợ lý").click()
        self.page.get_by_label("Tóm tắt cho công dân").fill(summary)
        self.page.get_by_role("dialog").get_by_role("button", name="Giao lại").click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)


def press_together(*buttons: Locator) -> None:
    """Press buttons of several pages at the same moment."""
    moment = time.time() * 1000 + 400
    for button in buttons:
        button.evaluate(_PRESS_AT, moment)


class Room:
    """Pages in profiles of their own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def page(self, address: str) -> Page:
        context = self._browser.new_context(
            **DESKTOP, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce"
        )
        self._contexts.append(context)
        context.set_default_timeout(PAGE_SECONDS * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(address)
        return page

    def citizen(self, address: str) -> CitizenPage:
        return CitizenPage(self.page(address))

    def signed_in(self, address: str, member: Member, place: str = "") -> Page:
        """Sign somebody in with their password."""
        page = self.page(f"{address}/ban-lam-viec{place}")
        page.get_by_label("Tên đăng nhập").fill(member.principal.id)
        page.get_by_label("Mật khẩu").first.fill(member.password)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        expect(page.locator("#shell")).to_be_visible()
        return page

    def operator(self, address: str, member: Member) -> OperatorPage:
        return OperatorPage(self.signed_in(address, member, "#hoi-thoai"), member)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def room(browser: Browser) -> Iterator[Room]:
    """Open pages; at the end nothing may have gone wrong in their scripts."""
    made = Room(browser)
    expect.set_options(timeout=PAGE_SECONDS * 1000)
    try:
        yield made
    finally:
        expect.set_options(timeout=5_000)
        made.close()
    assert made.errors == []
