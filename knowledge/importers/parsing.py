"""Facts out of the running text that portals and offices write: levels, ways, limits, papers, legal documents."""

import datetime as dt
import hashlib
import re
from typing import Any

from knowledge.facts import Channel, Level, clean
from nlu.text import fold

CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)")
_DOCUMENT = re.compile(
    r"(?<![\d/.])\d{1,5}(?:\.\d+)?/(?:(?:19|20)\d\d/)?(?:QH\d{1,2}|UBTVQH\d{1,2}|(?:[A-ZĐƯ]+\d?(?:-[A-ZĐƯ]+)*)(?![a-zà-ỹ]))"
)
_LIMIT = re.compile(r"(\d{1,4})(?:\s*\([^)\d]{1,30}\))?\s*(ngày làm việc|ngày|tháng|giờ)", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-–+*•]|\d{1,2}[.)]|[a-zđ][.)]|bước\s+\d+\s*[:.)])\s*", re.IGNORECASE)
_STEP = re.compile(r"(?:^|(?<=[-+*.;\s]))(?=Bước\s+\d+\s*[:.])", re.IGNORECASE)
_PIECES = re.compile(r"(\d{1,3})\s*(?:\([^)]{1,20}\)\s*)?bản\s+(chính|sao)", re.IGNORECASE)
_LEVELS = (
    ("trung uong", Level.CENTRAL), ("bo", Level.CENTRAL), ("tinh", Level.PROVINCE), ("thanh pho", Level.PROVINCE),
    ("huyen", Level.DISTRICT), ("xa", Level.COMMUNE), ("phuong", Level.COMMUNE),
)  # fmt: skip
_FREE = {"khong", "mien phi", "khong thu phi", "khong mat phi", "0 dong", "0", "khong co phi", "khong thu"}


def text_of(value: Any) -> str | None:
    """Return cleaned text, or None for an empty or missing value. Raises ValueError for anything that is not text."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("phải là chữ")
    return clean(str(value)) or None


def lines(text: str | None) -> list[str]:
    """Split at line ends, without bullets and blank lines."""
    pieces = (_BULLET.sub("", clean(line)).strip(" ;") for line in (text or "").splitlines())
    return [piece for piece in pieces if piece]


def steps(text: str | None) -> list[str]:
    """Split at «Bước 1:», else at line ends."""
    marked = [clean(piece).strip(" -+*;") for piece in _STEP.split(text or "")]
    marked = [re.sub(r"^Bước\s+\d+\s*[:.]\s*", "", piece, flags=re.IGNORECASE) for piece in marked]
    return [piece for piece in marked if piece] if len(marked) > 1 else lines(text)


def level(text: str | None) -> Level | None:
    """Return the level a source names; MANY where it names several, None where none is known."""
    folded = fold(text or "")
    if "lien thong" in folded:
        return Level.JOINT
    found = {name for word, name in _LEVELS if re.search(rf"\b{word}\b", folded)}
    return found.pop() if len(found) == 1 else Level.MANY if found else None


def channels(text: str | None) -> list[Channel]:
    """Return the ways of handing in that a text names, each once."""
    folded = fold(text or "")
    found = []
    if "truc tiep" in folded:
        found.append(Channel.IN_PERSON)
    if "buu chinh" in folded or "buu dien" in folded:
        found.append(Channel.POST)
    online = {
        Channel.ONLINE_FULL: "toan trinh" in folded,
        Channel.ONLINE_PARTIAL: "mot phan" in folded,
    }
    found += [channel for channel, named in online.items() if named]
    if not any(online.values()) and ("truc tuyen" in folded or "qua mang" in folded):
        found.append(Channel.ONLINE)
    return found


def time_limit(text: str | None) -> dict[str, Any] | None:
    """Return a limit: a number where the text gives exactly one in days, always with the text as its wording."""
    text = clean(text or "")
    if not text:
        return None
    found = {(int(n), unit.lower()) for n, unit in _LIMIT.findall(text)}
    if len(found) == 1:
        (value, unit) = next(iter(found))
        if unit in ("ngày", "ngày làm việc") and value <= 3_660:
            bare = _LIMIT.fullmatch(text.rstrip(" ."))
            days = {"value": value, "unit": "working_days" if unit == "ngày làm việc" else "days"}
            return days if bare else {**days, "counting": text}
    return {"counting": text}


def fee(text: str | None) -> str | None:
    """Return the fee's text, «không» where the source says that there is none."""
    text = clean(text or "")
    return "không" if fold(text).strip(" .") in _FREE else text or None


def papers(text: str | None) -> list[dict[str, Any]]:
    """Return the papers of a dossier, one a line; «1 bản chính», «2 bản sao» give the quantities."""
    return [paper(line) for line in lines(text)]


def paper(line: str, **facts: Any) -> dict[str, Any]:
    """Return one paper with the quantities that its line states."""
    counts = {kind.lower(): int(count) for count, kind in _PIECES.findall(line)}
    quantities = {"original": counts.get("chính"), "copy": counts.get("sao")}
    return {"name": line, **{k: v for k, v in quantities.items() if v}, **facts}


def legal_documents(text: str | None) -> list[dict[str, Any]]:
    """Return the documents that a text names by number, each once, with the words before the number as title."""
    text = clean(text or "")
    found: dict[str, dict[str, Any]] = {}
    last = 0
    for match in _DOCUMENT.finditer(text):
        title = text[last : match.start()].strip(" \n;,.:-–()")
        title = re.sub(r"\s*(?:[Ss]ố)$", "", title)[:2_000]
        found.setdefault(match.group(), {"number": match.group(), **({"title": title} if title else {})})
        last = match.end()
    if not found:
        return [{"number": line[:2_000]} for line in lines(text)]
    return list(found.values())


def day(value: Any) -> dt.date | None:
    """Read a date, dd/mm/yyyy or ISO. Raises ValueError for other text."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = text_of(value)
    if text is None:
        return None
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError as error:
        raise ValueError("phải là ngày dạng ngày/tháng/năm") from error


def slug(text: str) -> str:
    """Return a readable id of at most 48 characters, the same for the same text and different for different ones."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    digest = hashlib.sha256(clean(text).encode()).hexdigest()[:6]
    return f"{words[:40].strip('-')}-{digest}".strip("-")


def distinct(values: list[str]) -> list[str]:
    """Return the values once each, in order."""
    return list(dict.fromkeys(values))


def present(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts without null, empty text and empty lists: what is not known is not set."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}
