"""By when each step of a case is due: dated rules counted in working days."""

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources

from bot.core.errors import ConfigurationError
from bot.core.ports import Calendar

ANY_KIND = "*"


@dataclass(frozen=True)
class Rule:
    """One rule: `value` working_days or days after the day a step of a kind of input began, in force from `since`."""

    kind: str
    step: str
    value: int
    unit: str
    since: date
    source: str
    confidence: str


class Deadlines:
    """Due days by rule; immutable."""

    def __init__(self, rules: tuple[Rule, ...], version: str, calendar: Calendar) -> None:
        self._rules = rules
        self._calendar = calendar
        self.version = version

    @classmethod
    def load(cls, calendar: Calendar, text: str | None = None) -> "Deadlines":
        """Read the packaged rules, or those of `text` (TOML). Raises ConfigurationError with one line."""
        source = text or (resources.files("bot.core") / "data" / "deadlines.toml").read_text(encoding="utf-8")
        try:
            raw = tomllib.loads(source)
            rules = tuple(Rule(**r) for r in raw["rule"])
            version = str(raw["version"])
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise ConfigurationError(f"deadlines.toml is unusable: {error!r}; restore it or fix the key") from error
        for rule in rules:
            if rule.unit not in {"working_days", "days"} or rule.value < 1:
                raise ConfigurationError(f"deadlines.toml: rule {rule.kind}/{rule.step} has a bad unit or value")
        return cls(rules, version, calendar)

    def first_answer(self, kind: str, received: date) -> tuple[date | None, str]:
        """Return the day the citizen is to hear by, and the rule it rests on; (None, "") without a rule."""
        return self.due(kind, "first_answer", received)

    def due(self, kind: str, step: str, start: date) -> tuple[date | None, str]:
        """Return the due day of a step begun on `start`, and the rule's source."""
        fitting = [r for r in self._rules if r.step == step and r.kind in {kind, ANY_KIND} and r.since <= start]
        if not fitting:
            return None, ""
        rule = max(fitting, key=lambda r: (r.kind == kind, r.since))
        count = self._calendar.add_working_days if rule.unit == "working_days" else self._calendar.add_days
        return count(start, rule.value), rule.source
