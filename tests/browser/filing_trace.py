"""Stories filed for callers on the real pages, by keys alone, with what it took; writes docs/filing-trace.md.

Run as: python -m tests.browser.filing_trace --output docs/filing-trace.md [--screenshots docs/screenshots]
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bot.core.cases.people import Role
from bot.core.story import VIETNAM
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.together import Member, Room, hire
from tests.stack import RunningStack

MOST_KEYS, MOST_SECONDS = 25, 120
ALOUD_WORDS_A_SECOND = 3.0
OPERATOR = ("thom.vt", "Vũ Thị Thơm", Role.OPERATOR, None)
TEMPLATE = Path(__file__).with_name("filing_trace.template.md")
# Every key that goes down counts, Ctrl by itself too; one that is held down counts once.
_COUNT = """() => {
  if (window.pressed) return;
  window.pressed = 0;
  addEventListener('keydown', (event) => { if (!event.repeat) window.pressed += 1; }, true);
}"""
_NUMBER = re.compile(r"\b(PA-)\d{4}-\d{4}\b")


@dataclass(frozen=True)
class Told:
    """A story, and how it comes: by a `call`, or as a letter that is typed in; `identity` begins the chosen way."""

    name: str
    text: str
    call: bool
    identity: str


def stories(today: datetime) -> tuple[Told, ...]:
    """Return three stories: without accents, in dialect, and a letter."""
    day = today - timedelta(days=9)
    return (
        Told(
            "Cuộc gọi, gõ không dấu",
            "hom qua luc 9 gio toi ra mot cua phuong cau giay nop ho so cho con, chi deo kinh o quay 3 nem tra giay "
            "to roi quat toi la do nha que khong biet doc. toi muon duoc xin loi",
            call=True,
            identity="Ẩn danh",
        ),
        Told(
            "Cuộc gọi, tiếng địa phương",
            "bựa qua tui lên ủy ban phường Ba Đình mần giấy, eng nớ ngồi chỗ một cửa nỏ thèm coi, cứ bấm điện thoại. "
            "Tui hỏi răng lâu rứa thì eng nớ nạt, biểu tui đi mô thì đi. Tui chờ hơn một tiếng đồng hồ.",
            call=True,
            identity="Giấu tên",
        ),
        Told(
            "Đơn thư gõ lại",
            f"Kính gửi Sở Nội vụ. Sáng ngày {day:%d/%m/%Y} tôi đến bộ phận một cửa phường Ba Đình nộp hồ sơ. Cán bộ "
            "ở quầy số 2 nhận hồ sơ nhưng không viết giấy hẹn, tôi hỏi lại thì bị nói là phiền phức, về đi. Đề nghị "
            "cơ quan nhắc nhở cán bộ và trả giấy hẹn cho tôi.",
            call=False,
            identity="Ẩn danh",
        ),
    )


@dataclass
class Trace:
    """What one filing took: steps with their second and the keys pressed by then; what the page read."""

    told: Told
    steps: list[tuple[str, float, int]] = field(default_factory=list)
    read: list[tuple[str, str]] = field(default_factory=list)
    script: str = ""
    number: str = ""
    seconds: float = 0.0
    story_keys: int = 0
    keys: int = 0

    @property
    def beyond(self) -> int:
        """Keys beyond the story."""
        return self.keys - self.story_keys

    @property
    def aloud(self) -> float:
        """Seconds that reading back takes, spoken calmly."""
        return len(self.script.split()) / ALOUD_WORDS_A_SECOND if self.told.call else 0.0

    @property
    def whole(self) -> float:
        return self.seconds + self.aloud


class Filer:
    """An operator at the keyboard. `pace` is the pause between two keys in milliseconds."""

    def __init__(self, page: Page, pace: float = 0) -> None:
        self.page = page
        self._pace = pace
        self._began = 0.0

    def file(self, told: Told, picture: Path | None = None) -> Trace:
        """File a story from the hotline's page to the slip, with keys alone."""
        page, trace = self.page, Trace(told)
        page.evaluate(_COUNT)
        page.evaluate("() => { location.hash = '#tong-dai'; }")
        expect(page.get_by_role("searchbox", name="Tra thủ tục")).to_be_focused()
        page.evaluate("() => { window.pressed = 0; }")
        self._began = time.monotonic()
        self._keys("Escape", "a" if told.call else "g")
        if told.call:
            expect(page.locator(".call-head")).to_contain_text("anh/chị đang nghe")
            self._keys("Escape")
        self._keys("f")
        story = page.get_by_label("Lời kể")
        expect(story).to_be_focused()
        self._step(trace, "Mở ô ghi (phím tắt)")
        before = self._pressed()
        story.press_sequentially(told.text, delay=self._pace, timeout=300_000)
        trace.story_keys = self._pressed() - before
        self._step(trace, f"Gõ lời kể ({len(told.text)} chữ cái)")
        self._complete(trace)
        if picture:
            page.screenshot(path=picture)
        self._keys("Space")
        self._keys("Control+Enter")
        slip = page.locator(".filing-done")
        expect(slip).to_be_visible()
        trace.number = slip.locator(".big-code").first.inner_text()
        trace.seconds, trace.keys = time.monotonic() - self._began, self._pressed()
        self._step(trace, "Đồng ý, gửi, nhận số phiếu và mã bí mật")
        return trace

    def _complete(self, trace: Trace) -> None:
        """Go from question to question, then have it read back."""
        identity = self.page.get_by_label("Ghi tên người kể")
        self._keys("Control+Enter")
        expect(identity).to_be_focused()
        self._step(trace, "Ctrl+Enter: trang đưa tới câu còn thiếu")
        options = identity.locator("option").all_inner_texts()
        place = next(at for at, option in enumerate(options) if option.startswith(trace.told.identity))
        self._keys(*["ArrowDown"] * place)
        self._step(trace, f"Hỏi cách ghi tên, chọn «{options[place]}»")
        trace.read = self._filled()
        self._keys("Control+Enter")
        script = self.page.locator(".filing-end .script")
        expect(script).to_be_visible()
        trace.script = script.inner_text()
        expect(self.page.get_by_label("Đồng ý bằng lời")).to_be_focused()
        self._step(trace, "Ctrl+Enter: lời đọc lại hiện ra")

    def _filled(self) -> list[tuple[str, str]]:
        """Return the fields that the page has read out of the story, by their labels."""
        grid = self.page.locator(".filing-read .filing-grid").first
        chips = grid.locator("[aria-label^='Bỏ hành vi']").evaluate_all(
            "(nodes) => nodes.map((node) => node.lastChild.textContent)"
        )
        found = [("Hành vi", chip) for chip in chips]
        for each in grid.locator(".field").all():
            box = each.locator("input:not([type=checkbox]), select").first
            if not box.count() or each.locator(".chip").count():
                continue
            value = box.evaluate("(node) => node.tagName === 'SELECT' ? node.selectedOptions[0].text : node.value")
            if value and value not in {"chưa rõ", "thêm hành vi…"}:
                found.append((each.locator("label").first.inner_text(), value))
        return found

    def _keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.page.wait_for_timeout(self._pace)

    def _pressed(self) -> int:
        return int(self.page.evaluate("() => window.pressed"))

    def _step(self, trace: Trace, what: str) -> None:
        trace.steps.append((what, time.monotonic() - self._began, self._pressed()))


def page_of(traces: Sequence[Trace], pace: float, today: datetime) -> str:
    """Return the traces as a page."""
    parts = []
    for place, trace in enumerate(traces, 1):
        aloud = f", đọc lại thành tiếng ≈ {trace.aloud:.0f} giây" if trace.aloud else ""
        steps = "\n".join(f"| {second:.1f} | {keys} | {what} |" for what, second, keys in trace.steps)
        read = "\n".join(f"- {label}: {value}" for label, value in trace.read)
        number = _NUMBER.sub(r"\1••••-••••", trace.number)
        time_taken = f"{trace.seconds:.0f} giây ở bàn phím{aloud} · cộng {trace.whole:.0f} giây"
        parts.append(
            f"## {place}. {trace.told.name}\n\n> {trace.told.text}\n\n"
            f"**{trace.beyond} phím ngoài lời kể · {time_taken}**\n\n"
            f"| giây | phím | bước |\n|---|---|---|\n{steps}\n\nTrang tự đọc ra:\n{read}\n\n"
            f"Phiếu: `{number}`\n"
        )
    return TEMPLATE.read_text(encoding="utf-8").format(
        day=f"{today:%d/%m/%Y}", pace=f"{pace:.0f}", most_keys=MOST_KEYS, traces="\n".join(parts)
    )


def main() -> int:
    """Record the traces on a stack of their own; 1 where one takes too many keys or too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--pace", type=float, default=150.0, help="milliseconds between two keys")
    given = parser.parse_args()
    today = datetime.now(VIETNAM)
    with tempfile.TemporaryDirectory() as folder:
        stack = RunningStack(Path(folder))
        stack.start()
        try:
            (member,) = hire(stack.settings, OPERATOR)
            traces = _recorded(stack.base_url, member, given.pace, today, given.screenshots)
        finally:
            stack.stop()
    given.output.write_text(page_of(traces, given.pace, today), encoding="utf-8")
    for trace in traces:
        print(f"{trace.told.name}: {trace.beyond} keys beyond the story, {trace.whole:.0f} s")
    return int(any(trace.beyond > MOST_KEYS or trace.whole > MOST_SECONDS for trace in traces))


def _recorded(address: str, member: Member, pace: float, today: datetime, pictures: Path | None) -> list[Trace]:
    path = chromium()
    assert path is not None, "no Chromium found"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        expect.set_options(timeout=30_000)
        room = Room(browser)
        filer = Filer(room.signed_in(address, member, "#tong-dai"), pace)
        traces = []
        for number, told in enumerate(stories(today), 1):
            picture = pictures / "filing-read-back.png" if pictures and number == 1 else None
            traces.append(filer.file(told, picture))
        room.close()
        browser.close()
    assert room.errors == []
    return traces


if __name__ == "__main__":
    sys.exit(main())
