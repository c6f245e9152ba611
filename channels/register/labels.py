"""The register's words: names of units, behaviours, findings and desks."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.cases.register import Entry
from bot.core.cases.state import Finding
from bot.core.story import DeskKind
from bot.core.units import UnitRegistry

NO_UNIT = "Chưa xác định cơ quan"


@dataclass(frozen=True)
class Labels:
    """Vietnamese for what entries hold as codes; `word` is Phrases.word, `behaviour` Taxonomy.label."""

    registry: UnitRegistry
    word: Callable[[str], str]
    behaviour: Callable[[str], str]

    def unit(self, unit_id: str | None) -> str:
        """Return a unit's name; its id where the data no longer know it."""
        found = self.registry.unit(unit_id) if unit_id else None
        return found.name if found else unit_id or NO_UNIT

    def behaviours(self, entry: Entry) -> str:
        """Return what was complained of, in words."""
        return "; ".join(map(self.behaviour, entry.behaviours)) or self.kind(entry.input_type)

    def kind(self, input_type: str) -> str:
        """Return the kind of input in words, its code where there is none."""
        try:
            return self.word(f"kind_{input_type}")
        except KeyError:
            return input_type

    def finding(self, finding: Finding) -> str:
        """Return an outcome in words, beginning with a capital."""
        words = self.word(f"finding_{finding.value}")
        return words[0].upper() + words[1:]

    def desk(self, desk: DeskKind) -> str:
        """Return a kind of desk in words."""
        return self.word(f"desk_{desk.value}")
