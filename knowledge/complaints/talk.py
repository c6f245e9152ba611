"""What citizens say that is no complaint about an official: questions, requests, small talk of our own data."""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

import nlu.text
from bot.core.errors import ConfigurationError
from knowledge import lexicon

DIALOGUE_DATA = Path(nlu.text.__file__).parents[1] / "data"
#: Kinds of turns that tell of no behaviour; the others may.
_INTENTS = frozenset(
    {
        "affirm", "ask_procedure", "capability", "choose_option", "correction", "deny", "follow_up", "greeting",
        "injection", "out_of_scope", "privacy_request", "regulation_feedback", "survey", "talk_to_human",
        "thanks_bye", "track_case",
    }
)  # fmt: skip
#: Kinds in which a behaviour may be named and is still only asked about.
QUESTIONS = "ask_procedure"
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
# One text in five is never trained on, to count false alarms with.
_HELD_OUT = 5


@lru_cache(maxsize=1)
def dialogue_talk() -> dict[str, tuple[str, ...]]:
    """Return the examples of the dialogue model by kind of turn. Raises ConfigurationError that names a bad file."""
    found: dict[str, list[str]] = {}
    for path in dialogue_files():
        for intent, text in _examples(path):
            if intent in _INTENTS:
                found.setdefault(intent, []).append(text)
    return {intent: tuple(dict.fromkeys(texts)) for intent, texts in sorted(found.items())}


def lexicon_talk() -> list[str]:
    """Return questions that no catalogue answers, and how matters are asked for, ours and those of other bodies."""
    asked = [phrase for phrases in lexicon.situations().values() for phrase in phrases]
    for agency in lexicon.foreign().values():
        asked += [phrase for matter in agency["matters"] for phrase in matter["asked"]]
    return sorted({*lexicon.out_of_scope(), *asked})


def held_out(text: str) -> bool:
    """True for a text that is kept for measuring."""
    return zlib.crc32(text.encode()) % _HELD_OUT == 0


def dialogue_files() -> list[Path]:
    """Return the files that `dialogue_talk` reads."""
    return sorted(DIALOGUE_DATA.glob("*.yml"))


def _examples(path: Path) -> Iterator[tuple[str, str]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in content.get("nlu") or ():
            for line in str(entry.get("examples", "")).splitlines():
                if "intent" in entry and line.startswith("- "):
                    yield entry["intent"], _ENTITY.sub(r"\1", line[2:]).strip()
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise ConfigurationError(f"{path.name} không đọc được, hãy sửa lại tệp này: {error}") from error
