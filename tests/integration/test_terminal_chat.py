"""`tiepdan chat` over the real web channel with the fake dialogue behind it."""

import asyncio
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from bot.cli.chat import chat, usable
from bot.webclient import WebClientError
from tests.browser.fake_dialogue import CLARIFICATION, fake_service
from tests.browser.fakes import serving


class Typist(Console):
    """A terminal at which somebody types these lines and then leaves."""

    def __init__(self, *lines: str) -> None:
        super().__init__(file=StringIO(), record=True, width=200)
        self._lines = iter(lines)

    def input(self, *_prompt: Any, **_options: Any) -> str:
        line = next(self._lines, None)
        if line is None:
            raise EOFError
        return line


def talk(*lines: str) -> tuple[list[tuple[str, str | None]], str]:
    """Return (text, button) of each message that reached the service, and what the terminal showed."""
    app, store, _notify = fake_service(delay_seconds=0)
    terminal = Typist(*lines)
    with serving(app) as address:
        asyncio.run(chat(address, terminal))
    return [(message.text, message.button) for message in store.tables.messages], terminal.export_text()


def test_choices_outlast_an_empty_line_and_a_number_that_none_of_them_has() -> None:
    sent, shown = talk("giấy phép lao động", "", "  ", "9", "0", "3")
    chosen = CLARIFICATION.buttons[2]
    assert sent == [("giấy phép lao động", None), (chosen.title, chosen.id)]
    assert shown.count("Lựa chọn có các số từ 1 đến 3.") == 2


def test_a_number_is_a_message_where_nothing_is_to_choose_from() -> None:
    sent, _shown = talk("113", "thoát", "không gửi nữa")
    assert sent == [("113", None)]


@pytest.mark.parametrize(
    "url",
    ["xyz", "localhost:8080", "", "http://", "ftp://127.0.0.1", "//127.0.0.1:8080", "http://a:cổng", "http://[::1"],
)
def test_a_bad_address_is_called_one(url: str) -> None:
    with pytest.raises(WebClientError, match="không đúng dạng"):
        asyncio.run(chat(url, Typist()))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", " https://tiepdan.example/ ", "http://[::1]:8080"])
def test_a_good_address_is_taken(url: str) -> None:
    assert usable(url).host


def test_a_good_address_at_which_nobody_answers_is_not_called_bad() -> None:
    with pytest.raises(WebClientError, match="không trả lời"):
        asyncio.run(chat("http://127.0.0.1:1", Typist()))
