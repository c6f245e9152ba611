"""Steps of the browser tests of cases: the page of a case over the real desk, and what somebody does on it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console import Console, Open
from tests.integration.desk_client import ANSWER, Office

Opened = Callable[[str], "CasePage"]
ANSWER_LABELS = {
    "text": "Trả lời cho người dân",
    "reason": "Căn cứ",
    "document": "Số văn bản",
    "remedy": "Bước tiếp theo",
}


class CasePage:
    """The page of a case, and what somebody does on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.verbs = page.get_by_role("region", name="Việc tiếp theo")

    def form(self, verb: str) -> Locator:
        press = self.verbs.get_by_role("button", name=verb, exact=True).first
        if press.get_attribute("aria-expanded") == "false":
            press.click()
        return self.verbs.locator(".verb-form:visible")

    def refused(self, words: str) -> None:
        expect(self.verbs.locator(".refusal:visible")).to_contain_text(words)

    def status(self, words: str) -> None:
        expect(self.page.locator(".strip .status")).to_have_text(words)

    def answer(self, form: Locator, **changes: str) -> None:
        if form.get_by_label("Kết luận").count():
            form.get_by_label("Kết luận").select_option(label="Phản ánh đúng")
        for name, label in ANSWER_LABELS.items():
            form.get_by_label(label).fill({**ANSWER, **changes}[name])

    def reload(self) -> None:
        self.page.reload()
        expect(self.verbs).to_be_visible()


@pytest.fixture
def office(office_console: Console) -> Office:
    assert office_console.office
    return office_console.office


@pytest.fixture
def case_id(office: Office) -> str:
    return office.file(with_file=True)


@pytest.fixture
def opened(open_office_console: Open, case_id: str) -> Opened:
    def opened(who: str) -> CasePage:
        case = CasePage(open_office_console(who, f"#phieu/{case_id}"))
        expect(case.verbs).to_be_visible()
        return case

    return opened
