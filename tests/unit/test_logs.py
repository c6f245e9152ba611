"""Logs tell the operator the cause and nobody a citizen's words."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.errors import StoreUnavailable
from bot.logs import HIDDEN, configure_logging, hide_secrets

SECRET = "tôi bị cán bộ gây khó dễ"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("info", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("bot", "channels", "actions", "knowledge", "nlu", "__main__", "uvicorn"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_line_with_its_fields(stream: io.StringIO) -> None:
    logging.getLogger("bot.core.turns").info("turn\nanswered", extra={"turn_id": "0912345678", "ms": 12})
    (line,) = lines(stream)
    assert line["message"] == "turn"
    assert (line["level"], line["logger"], line["turn_id"], line["ms"]) == (
        "info",
        "bot.core.turns",
        "0912345678",
        12,
    )
    assert line["at"].endswith("+00:00")


@pytest.mark.parametrize("field", ["text", "message_text", "body", "narrative", "phone", "reply_text", "api_token"])
def test_fields_that_hold_words_are_dropped(stream: io.StringIO, field: str) -> None:
    logging.getLogger("bot").info("stored", extra={field: SECRET, "parts": {field: SECRET, "n": 1}})
    (line,) = lines(stream)
    assert field not in line
    assert line["parts"] == {"n": 1}


def test_numbers_are_masked_wherever_they_stand(stream: io.StringIO) -> None:
    log = logging.getLogger("bot")
    log.warning("call %s", "0912 345 678", extra={"cause": "xe 30A-123.45", "all": ["H26.15.02-261008-0975"]})
    (line,) = lines(stream)
    assert (line["message"], line["cause"], line["all"]) == ("call [số điện thoại]", "xe [biển số]", ["[mã hồ sơ]"])


def test_an_exception_shows_its_place_and_not_its_text(stream: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        logging.getLogger("bot").exception("failed")
        try:
            raise StoreUnavailable("the database did not answer") from error
        except StoreUnavailable:
            logging.getLogger("bot").exception("failed")
    first, second = lines(stream)
    assert first["error"]["type"] == "ValueError"
    assert "test_an_exception_shows_its_place" in first["error"]["where"][0]
    assert second["error"]["cause"] == "the database did not answer"
    assert second["error"]["from"] == "ValueError"
    assert SECRET not in stream.getvalue()


def test_a_library_that_quotes_an_exception_below_its_message_is_cut(stream: io.StringIO) -> None:
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: ValueError('{SECRET}')")
    assert lines(stream)[0]["message"] == "Task exception was never retrieved"


def test_other_libraries_speak_from_warnings_on(stream: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("bot").debug("detail")
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    assert [line["message"] for line in lines(stream)] == ["Started server process [7]"]


def test_requests_are_logged_without_address_and_query(stream: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "203.0.113.9:1", "GET", "/api/events?token=abc", "1.1", 200
    )
    (line,) = lines(stream)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/events", 200)
    assert "abc" not in stream.getvalue()
    assert "203.0.113.9" not in stream.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/channels/telegram/0a1b2c3d4e5f", "/channels/telegram/…"),
        ("/channels/telegram/0a1b/c", "/channels/telegram/…"),
        ("POST https://api.telegram.org/bot123456789:AAabcdefghijklmnopqrstu-/sendMessage", None),
        ("file/bot42%3AABCDEFGHIJKLMNOPQRSTUVWX/photos/1.jpg", None),
        ("/api/web/sessions/s_Q3Jx0bXo2mJ7bqf1yK9d5g/events", "/api/web/sessions/…/events"),
        ("token v1.1790000000.abcdefghijklmnopqrstuvwxyz", "token …"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("GET /webhook?token=abcdef&x=1", "GET /webhook?…&x=1"),
    ],
)
def test_what_opens_something_is_hidden(text: str, shown: str | None) -> None:
    hidden = hide_secrets(text)
    assert HIDDEN in hidden
    assert "AB" not in hidden
    assert "AA" not in hidden
    assert shown is None or hidden == shown


@pytest.mark.parametrize(
    "text",
    [
        "/channels/zalo",
        "/channels/telegram",
        "/api/web/notices",
        "/api/desk/cases/4f0c2d/release",
        "at 2026-11-26T17:56:00.123+00:00 in 12:34 s",
        "sqlite 3.40.1 at v1.2",
        "case_status and s_one",
        "/widget.js?v=12&lang=vi",
    ],
)
def test_what_opens_nothing_stays(text: str) -> None:
    assert hide_secrets(text) == text


def test_a_secret_that_is_cut_off_is_hidden_whole(stream: io.StringIO) -> None:
    secret = "s_Q3Jx0bXo2mJ7bqf1yK9d5g"
    logging.getLogger("bot").warning(
        "x" * 490 + " " + secret, extra={"session_id": secret, "cause": "y" * 495 + secret}
    )
    (line,) = lines(stream)
    assert "Q3Jx" not in json.dumps(line)
