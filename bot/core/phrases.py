"""The assistant's sentences and the public lines they name, read from data files."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from bot.core.cases.faq import Faq
from bot.core.errors import ConfigurationError

DEFAULT_ADDRESS = "anh/chị"


@dataclass(frozen=True)
class Contacts:
    """Public lines with the day they were last checked; `procedure_url` holds `{code}`."""

    hotline: str
    inspection: str
    portal: str
    portal_url: str
    procedure_url: str
    checked_on: date


class Phrases:
    """Vietnamese sentences by act; immutable.

    `say(act, address, **facts)` fills `{you}`, `{You}`, the contacts and the given facts. Values are inserted as they
    are, never interpreted. An unknown act or a missing fact is a programming error (KeyError).
    """

    def __init__(self, table: Mapping[str, Any], contacts: Contacts) -> None:
        self._table = table
        self.contacts = contacts

    def say(self, act: str, address: str | None = None, **facts: object) -> str:
        """Return the reply of `act`, filled in."""
        return self._fill(self._table[act]["text"], address, facts)

    def variant(self, act: str, name: str, address: str | None = None, **facts: object) -> str:
        """Return another wording of `act` («again», «due» …), filled in; its `text` where it has none."""
        entry = self._table[act]
        return self._fill(entry.get(name, entry["text"]), address, facts)

    def note(self, act: str, address: str | None = None, **facts: object) -> str:
        """Return the note that stands below the reply of `act`, filled in."""
        return self._fill(self._table[act]["note"], address, facts)

    def word(self, name: str, **facts: object) -> str:
        """Return a short label of the `words` table, filled in."""
        return self._fill(self._table["words"][name], None, facts)

    def agency(self, agency: str, address: str | None = None, *, complaint: bool = False) -> tuple[str, str]:
        """Return (name, where to ask) of another body; for a complaint about it, where that one goes."""
        entry = self._table["agencies"][agency]
        where = entry.get("complaint", entry["where"]) if complaint else entry["where"]
        return entry["name"], self._fill(where, address, {})

    def acts(self) -> list[str]:
        """Return every act, sorted."""
        return sorted(set(self._table) - {"words", "agencies"})

    def _fill(self, template: str, address: str | None, facts: Mapping[str, object]) -> str:
        you = address or DEFAULT_ADDRESS
        values: dict[str, object] = {
            "you": you,
            "You": you[0].upper() + you[1:],
            "hotline": self.contacts.hotline,
            "inspection": self.contacts.inspection,
            "portal": self.contacts.portal,
            "checked": vietnamese_date(self.contacts.checked_on),
            **facts,
        }
        return _Fields().vformat(template, (), values)


class _Fields(string.Formatter):
    """Plain `{name}` fields only: no attribute or index access into values."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:  # noqa: ARG002  (inherited signature)
        return kwargs[field_name], field_name


def vietnamese_date(day: date) -> str:
    """Return 05/12/2026."""
    return f"{day:%d/%m/%Y}"


def load_phrases(contacts_file: Path | None = None) -> Phrases:
    """Read the packaged sentences and the contacts (the packaged ones, or those of `contacts_file`).

    Raises ConfigurationError with one line when a file is unreadable or lacks a key.
    """
    data = resources.files("bot.core") / "data"
    try:
        table = tomllib.loads((data / "phrases.toml").read_text(encoding="utf-8"))
        cases = tomllib.loads((data / "case_phrases.toml").read_text(encoding="utf-8"))
        for labels in [name for name in cases if name.endswith("_words")]:
            table["words"] |= cases.pop(labels)
        table |= cases
        for part in ("channel", "filing", "call", "handover"):
            more = tomllib.loads((data / f"{part}_phrases.toml").read_text(encoding="utf-8"))
            table["words"] |= more.pop(f"{part}_words")
            table |= more
        table |= Faq.load().acts()
        raw = contacts_file.read_text(encoding="utf-8") if contacts_file else None
        source = tomllib.loads(raw or (data / "contacts.toml").read_text(encoding="utf-8"))
        contacts = Contacts(
            hotline=source["hotline"]["text"],
            inspection=source["inspection"]["text"],
            portal=source["portal"]["text"],
            portal_url=source["portal"]["url"],
            procedure_url=source["portal"]["procedure_url"],
            checked_on=source["checked_on"],
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigurationError(
            f"contacts or phrases file is unusable: {error!r}; restore it or fix the key"
        ) from error
    return Phrases(table, contacts)
