"""The words of figures, read from data/figures_words.toml."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from bot.core.errors import ConfigurationError

FILE = "figures_words.toml"


class FigureWords:
    """Vietnamese words by section and code; immutable. A code that has none is said as it is."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._table = table

    @classmethod
    def load(cls) -> "FigureWords":
        """Read the packaged file. Raises ConfigurationError with one line where it is unusable."""
        try:
            return cls(tomllib.loads((resources.files("bot.core") / "data" / FILE).read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigurationError(f"{FILE} is unusable: {error!r}; restore it") from error

    def say(self, section: str, code: str) -> str:
        """Return the words of a code, or the code."""
        return self._table.get(section, {}).get(code, code)

    def of(self, section: str) -> Mapping[str, str]:
        """Return a section in the order of the file."""
        return self._table.get(section, {})
