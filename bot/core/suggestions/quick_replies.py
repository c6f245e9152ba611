"""Quick replies: the shipped ones with people's own over them, found without accents, their variables filled in."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from bot.core.errors import ConfigurationError
from bot.core.phrases import DEFAULT_ADDRESS, vietnamese_date
from bot.core.suggestions.ports import QuickReply, Scope
from nlu.text import fold

FILE = "quick_replies.toml"
MOST_TEXT, MOST_TITLE, MOST_SHORTCUT = 2_000, 120, 32
#: Personal replies of one operator, and shared ones of the office.
MOST_KEPT = 300
#: What may stand in a text in braces, and what it means.
VARIABLES: Mapping[str, str] = {
    "ten_nguoi_truc": "tên người đang trực",
    "don_vi": "tên đơn vị",
    "ngay": "ngày hôm nay",
    "so_phieu": "số phiếu phản ánh của cuộc trò chuyện",
    "xung_ho": "cách gọi người dân",
}
_BRACED = re.compile(r"\{([^{}]*)\}")
_SHORTCUT = re.compile(r"[a-z0-9-]{1,32}")
#: Before what begins a sentence.
_BEGINS = re.compile(r"(?:\A|[.!?…\n])\s*\Z")
#: Where words are found: in the shortcut first, then in the title, then in the text.
_RANKS = 4


@dataclass(frozen=True)
class Values:
    """What variables stand for in one conversation; what is unknown is None."""

    ten_nguoi_truc: str
    don_vi: str
    ngay: date
    so_phieu: str | None = None
    xung_ho: str | None = None


def shipped() -> tuple[QuickReply, ...]:
    """Return the replies that come with the project. Raises ConfigurationError with one line."""
    try:
        table = tomllib.loads((resources.files("bot.core") / "data" / FILE).read_text(encoding="utf-8"))
        return tuple(
            QuickReply(f"mau-{key}", entry["title"], entry["text"], key, Scope.SHARED) for key, entry in table.items()
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{FILE} is unusable: {error!r}; restore it") from error


def problems(title: str, text: str, shortcut: str) -> dict[str, str]:
    """Return what is wrong with a reply, by field, in words for whoever wrote it; empty where nothing is."""
    found: dict[str, str] = {}
    if not title.strip() or len(title) > MOST_TITLE:
        found["title"] = f"cần từ 1 đến {MOST_TITLE} ký tự"
    if not text.strip() or len(text) > MOST_TEXT:
        found["text"] = f"cần từ 1 đến {MOST_TEXT} ký tự"
    elif unknown := unknown_variables(text):
        found["text"] = f"không có biến {{{unknown[0]}}}; dùng được: {', '.join(f'{{{name}}}' for name in VARIABLES)}"
    if shortcut and not _SHORTCUT.fullmatch(shortcut):
        found["shortcut"] = "chỉ gồm chữ thường không dấu, số và dấu gạch nối, tối đa 32 ký tự"
    return found


def unknown_variables(text: str) -> list[str]:
    """Return what stands in braces and is no variable, shortened."""
    return [name[:40] for name in _BRACED.findall(text) if name not in VARIABLES]


def variables_of(text: str) -> tuple[str, ...]:
    """Return the variables of a text, each once, in order."""
    return tuple(dict.fromkeys(name for name in _BRACED.findall(text) if name in VARIABLES))


def fill(text: str, values: Values) -> str:
    """Return the text with its variables filled in; one that is not known stays, so that a person sees it."""
    known = {
        "ten_nguoi_truc": values.ten_nguoi_truc,
        "don_vi": values.don_vi,
        "ngay": vietnamese_date(values.ngay),
        "so_phieu": values.so_phieu,
        "xung_ho": values.xung_ho or DEFAULT_ADDRESS,
    }

    def filled(match: re.Match[str]) -> str:
        value = known.get(match.group(1)) or match.group()
        begins = _BEGINS.search(text[: match.start()]) is not None
        return value[:1].upper() + value[1:] if begins else value

    return _BRACED.sub(filled, text)


def merged(given: Iterable[QuickReply], changed: Mapping[str, QuickReply | None]) -> list[QuickReply]:
    """Return the shipped replies as people changed them, then people's own; shared before personal, by title."""
    by_id: dict[str, QuickReply | None] = {reply.id: reply for reply in given}
    by_id.update(changed)
    found = [reply for reply in by_id.values() if reply is not None]
    return sorted(found, key=lambda reply: (reply.scope is Scope.PERSONAL, fold(reply.title), reply.id))


def search(replies: Sequence[QuickReply], query: str) -> list[QuickReply]:
    """Return the replies that have every word of the query, or words that begin so, accents or not; best first."""
    wanted = fold(query).split()
    if not wanted:
        return list(replies)
    ranked = [(rank, place, reply) for place, reply in enumerate(replies) if (rank := _rank(reply, wanted)) < _RANKS]
    return [reply for _, _, reply in sorted(ranked, key=lambda found: found[:2])]


def _rank(reply: QuickReply, wanted: Sequence[str]) -> int:
    shortcut, title, text = reply.shortcut, _words(reply.title), _words(reply.text)
    if len(wanted) == 1 and shortcut == wanted[0].lstrip("/"):
        return 0
    for rank, words in enumerate(([shortcut, *shortcut.split("-")], title, [*title, *text]), 1):
        if all(any(word.startswith(each.lstrip("/")) for word in words) for each in wanted):
            return rank
    return _RANKS


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))
