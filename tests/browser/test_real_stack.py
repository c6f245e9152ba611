"""The chat page on the real stack: a question without accents, a follow-up, another procedure; and its pictures."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import PHONE
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(600)]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"


@pytest.mark.parametrize(("name", "device"), [("phone", PHONE), ("desktop", DESKTOP)])
def test_citizen_gets_the_dossier_then_the_time_then_another_procedure(
    browser: Browser, running_stack: RunningStack, name: str, device: dict[str, Any]
) -> None:
    context = browser.new_context(**device, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(running_stack.base_url)
    answers = page.locator(".assistant")
    expect(answers).to_have_count(1)

    def ask(text: str, count: int) -> str:
        page.get_by_role("textbox").fill(text)
        page.get_by_role("textbox").press("Enter")
        expect(answers).to_have_count(count)
        return answers.last.inner_text()

    dossier = ask("muon lap hoi o xa can giay to gi", 2)
    assert "Thành lập hội (cấp xã)" in dossier
    assert "Đơn đề nghị thành lập hội" in dossier
    assert "126/2024/NĐ-CP" in dossier
    assert dossier.startswith("Tiếp Dân ·")  # who says it, whatever it is about
    assert "Quyết định công bố" in dossier
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-dossier.png")
    time = ask("thế bao lâu xong", 3)
    assert "60 ngày làm việc" in time
    where = ask("còn trợ cấp thất nghiệp thì nộp ở đâu", 4)
    assert "trợ cấp thất nghiệp" in where.lower()
    assert "nộp tại" in where
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    assert errors == []
    context.close()
