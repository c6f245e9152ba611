"""The facts of a draft in words: which office, when, at which desk. Pure; for the chat and for what is read aloud."""

from datetime import date, time

from bot.core.cases.draft import Draft
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.story import DeskKind
from bot.core.units import UnitRegistry


class CaseTelling:
    """Tells facts; immutable."""

    def __init__(self, phrases: Phrases, units: UnitRegistry) -> None:
        self._phrases = phrases
        self._units = units

    def unit(self, draft: Draft) -> str | None:
        """Return the unit's name, with the one that the citizen used."""
        unit = self._units.unit(draft.unit) if draft.unit else None
        if unit is None:
            return draft.unit_said
        former = f" ({self._phrases.word('former_name', former=draft.unit_said)})" if draft.unit_said else ""
        return f"{unit.name}{former}"

    def when(self, day: date | None, clock: time | None, approximate: bool) -> str | None:
        """Return «khoảng 09:30 ngày 24/11/2026», or None."""
        if day is None:
            return None
        about = f"{self._phrases.word('about')} " if approximate else ""
        at = f"{clock:%H:%M} " if clock else ""
        return f"{about}{at}{self._phrases.word('day', date=vietnamese_date(day))}"

    def desk(self, draft: Draft) -> str | None:
        """Return the kind of desk and its number, or None."""
        if draft.desk is None or draft.desk is DeskKind.UNKNOWN:
            return draft.counter
        return ", ".join(filter(None, (self._phrases.word(f"desk_{draft.desk.value}"), draft.counter)))
