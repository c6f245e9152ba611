"""The words of suggestions, read from data/suggest_words.toml."""

import re
import tomllib
from collections.abc import Mapping
from importlib import resources

from bot.core.errors import ConfigurationError
from bot.core.phrases import DEFAULT_ADDRESS

FILE = "suggest_words.toml"
_FIELD = re.compile(r"\{([a-z_]+)\}")


class SuggestWords:
    """Vietnamese words and sentences by section and key; immutable. An unknown one is a programming error."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._table = table

    @classmethod
    def load(cls) -> "SuggestWords":
        """Read the packaged file. Raises ConfigurationError with one line where it is unusable."""
        try:
            return cls(tomllib.loads((resources.files("bot.core") / "data" / FILE).read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigurationError(f"{FILE} is unusable: {error!r}; restore it") from error

    def say(self, section: str, key: str, address: str | None = None, **facts: object) -> str:
        """Return the words, filled in; facts are inserted as they are, never interpreted."""
        values = {"you": address or DEFAULT_ADDRESS, **facts}
        return _FIELD.sub(lambda match: str(values[match.group(1)]), self._table[section][key])

    def entries(self) -> list[tuple[str, str]]:
        """Return every section and key, in the order of the file."""
        return [(section, key) for section, entries in self._table.items() for key in entries]
