"""Cues: phrases that point to a behaviour, strongly or weakly, as data (cues.toml)."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.core.errors import ConfigurationError
from knowledge.complaints.words import Stretch
from nlu.text import strip_accents

CUES = Path(__file__).with_name("cues.toml")
STRONG = "strong"
_GROUPS = "groups"
_ACCENTED_ONLY = "="
_GAP = re.compile(r" ~(\d)")


class Cues:
    """Finds the cues of a stretch; immutable.

    A text that is typed with accents is compared with them: «tiện» is no «tiền».
    """

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        """Take the table of cues.toml: code → strength → phrases; `groups` stand in phrases as {name}."""
        self._typed: dict[str, re.Pattern[str]] = {}
        self._bare: dict[str, re.Pattern[str]] = {}
        groups = {name: phrases.strip() for name, phrases in table.get(_GROUPS, {}).items()}
        for code, listed in table.items():
            for strength, phrases in listed.items() if code != _GROUPS else ():
                name, alternatives = f"{code} {strength}", _alternatives(phrases)
                bare = [phrase for phrase in alternatives if not phrase.startswith(_ACCENTED_ONLY)]
                self._typed[name] = _compile([phrase.removeprefix(_ACCENTED_ONLY) for phrase in alternatives], groups)
                self._bare[name] = _compile([strip_accents(phrase) for phrase in bare], groups, strip_accents)

    @classmethod
    def load(cls, path: Path = CUES) -> "Cues":
        """Read the cues. Raises ConfigurationError with one line."""
        try:
            return cls(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, re.error, TypeError, AttributeError) as error:
            reason = " ".join(str(error).split())[:160]
            raise ConfigurationError(f"{path.name} không dùng được, hãy sửa lại tệp này: {reason}") from error

    def names(self, text: Stretch) -> list[str]:
        """Return «CODE strong» and «CODE weak» of what is found, each once."""
        found = [name for name, pattern in self._typed.items() if pattern.search(text.line)]
        if text.guessed:
            found += [n for n, pattern in self._bare.items() if n not in found and pattern.search(text.bare)]
        return found


def _alternatives(phrases: str) -> list[str]:
    """Return the phrases that are parted by «|» or a line's end outside brackets."""
    found, depth = [""], 0
    for char in phrases.strip():
        depth += (char == "(") - (char == ")")
        if char == "\n" or (char == "|" and depth == 0):
            found.append("")
        else:
            found[-1] += char
    return found


def _compile(phrases: Iterable[str], groups: Mapping[str, str], form: Callable[[str], str] = str) -> re.Pattern[str]:
    joined = "|".join(phrases)
    for name, group in reversed(list(groups.items())):
        joined = joined.replace(f"{{{name}}}", form(group))
    spread = _GAP.sub(r"(?: [^ .]+){0,\1}", joined)
    return re.compile(rf"(?<!\S)(?:{spread})(?!\S)")
