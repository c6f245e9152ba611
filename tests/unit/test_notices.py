"""The office's notices: when they are shown, and what a careless edit does."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from bot.core.notices import Notices, read_notices
from bot.settings import PROJECT_ROOT
from bot.settings.widget import WidgetSettings

STORM = """
[[notice]]
from = 2026-12-01T00:00:00
until = 2026-12-03T17:00:00
text = "Bão số 9: các điểm một cửa ngừng tiếp dân."
english = "Storm no. 9."
"""


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "notices.toml"
    file.write_text(STORM, "utf-8")
    return file


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (utc(2026, 11, 30, 16, 59, 59), False),  # still 30 November in Hà Nội
        (utc(2026, 11, 30, 17), True),
        (utc(2026, 12, 3, 9, 59, 59), True),
        (utc(2026, 12, 3, 10), False),
    ],
)
def test_it_is_shown_between_its_moments_of_viet_nam(path: Path, now: datetime, shown: bool) -> None:
    assert [n.english for n in Notices(path).at(now)] == (["Storm no. 9."] if shown else [])


def test_dates_alone_and_other_offsets_are_understood(path: Path) -> None:
    path.write_text('[[notice]]\nfrom = 2026-12-01\nuntil = 2026-12-01T10:00:00Z\ntext = "Nghỉ lễ."\n', "utf-8")
    (notice,) = read_notices(path)
    assert (notice.start, notice.end, notice.english) == (utc(2026, 11, 30, 17), utc(2026, 12, 1, 10), "")


def test_an_edit_is_seen_and_a_broken_one_keeps_the_last(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices(path)
    now = utc(2026, 12, 2)
    for number, (content, expected) in enumerate(
        ((STORM.replace("số 9", "số 10"), "Bão số 10"), ("[[notice", "Bão số 10"), ("", None)), 1
    ):
        path.write_text(content, "utf-8")
        os.utime(path, ns=(number, number))
        texts = [notice.text for notice in notices.at(now)]
        assert [text.startswith(str(expected)) for text in texts] == ([True] if expected else [])
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "content",
    [
        '[[notice]]\ntext = "x"\n',
        '[[notice]]\nfrom = 2026-12-02\nuntil = 2026-12-01\ntext = "x"\n',
        '[[notice]]\nfrom = 2026-12-01\nuntil = 2026-12-02\ntext = " "\n',
        '[[notice]]\nfrom = "mai"\nuntil = 2026-12-02\ntext = "x"\n',
        f'[[notice]]\nfrom = 2026-12-01\nuntil = 2026-12-02\ntext = "{"x" * 401}"\n',
        'notice = "x"\n',
    ],
)
def test_what_is_wrong_stops_the_start(path: Path, content: str) -> None:
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError):
        Notices(path)


def test_the_file_that_is_delivered_is_read_and_announces_nothing() -> None:
    assert read_notices(PROJECT_ROOT / WidgetSettings().notices_file) == []


def test_origins_are_listed_as_browsers_write_them() -> None:
    listed = WidgetSettings(origins="https://Cong.example.vn/, http://localhost:8080\n https://[::1]:9").origin_set
    assert listed == {"https://cong.example.vn", "http://localhost:8080", "https://[::1]:9"}
    assert WidgetSettings().origin_set == frozenset()


@pytest.mark.parametrize(
    "origins",
    [
        "*",
        "https://*.example.vn",
        "cong.example.vn",
        "https://a.vn/trang",
        "null",
        "https://",
        "ftp://a.vn",
        "https://a b",
    ],
)
def test_an_origin_that_no_browser_would_send_is_refused(origins: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        WidgetSettings(origins=origins)
