"""The behaviours of officials that a complaint may be about: data that the office can change, with a version."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any

from bot.core.errors import ConfigurationError

_SEVERITIES = range(1, 6)


class Mark(StrEnum):
    """How sure a legal basis is; only `verified` ones may be shown to a citizen as they are."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    MEMORY = "memory"
    UNMARKED = "unmarked"


class Denunciation(StrEnum):
    """Whether a behaviour goes the way of a denunciation (tố cáo); `possible` means: ask for signs of it first."""

    NO = "no"
    POSSIBLE = "possible"
    YES = "yes"


@dataclass(frozen=True)
class LegalBasis:
    """Where a behaviour is forbidden, and how that is known."""

    text: str
    mark: Mark
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Behaviour:
    """One code: `severity` 1–5, `route` who handles it, `extra_slots` what is asked besides the usual."""

    code: str
    label: str
    definition: str
    severity: int
    default_input_type: str
    denunciation: Denunciation
    route: str
    extra_slots: tuple[str, ...]
    do_not_confuse_with: tuple[str, ...]
    legal_basis: tuple[LegalBasis, ...]


@dataclass(frozen=True)
class Taxonomy:
    """The behaviours by code, in the order of the file; immutable.

    `money_code` outranks every other code, `danger_code` is the one that is answered with safety first.
    """

    behaviours: Mapping[str, Behaviour]
    version: str
    as_of: date
    money_code: str
    danger_code: str
    severity_without_code: int
    severity_scale: Mapping[int, str]

    @classmethod
    def load(cls, text: str | None = None) -> "Taxonomy":
        """Read the packaged behaviours, or those of `text` (TOML). Raises ConfigurationError with one line."""
        source = text or (resources.files("bot.core") / "data" / "behaviours.toml").read_text(encoding="utf-8")
        try:
            raw = tomllib.loads(source)
            found = [_behaviour(entry) for entry in raw["behaviour"]]
            taxonomy = cls(
                behaviours={b.code: b for b in found},
                version=str(raw["version"]),
                as_of=raw["as_of"],
                money_code=raw["money_code"],
                danger_code=raw["danger_code"],
                severity_without_code=raw["severity_without_code"],
                severity_scale={int(level): str(name) for level, name in raw["severity_scale"].items()},
            )
            _check(taxonomy, found)
        except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"behaviours.toml is unusable: {error!r}; restore it or fix the key") from error
        return taxonomy

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the file."""
        return tuple(self.behaviours)

    def behaviour(self, code: str) -> Behaviour:
        """Return the behaviour of a code. Raises KeyError for an unknown one."""
        return self.behaviours[code]

    def label(self, code: str) -> str:
        """Return the Vietnamese label of a code; the code itself where a later taxonomy has dropped it."""
        known = self.behaviours.get(code)
        return known.label if known else code

    def severity(self, codes: Iterable[str], *, money: bool = False, danger: bool = False) -> int:
        """Return the severity (1–5) of a complaint: the highest of its codes, of money and of danger.

        Codes that this taxonomy no longer has count as none.
        """
        hints = ((self.money_code, money), (self.danger_code, danger))
        counted = (*codes, *(code for code, holds in hints if holds))
        levels = [self.behaviours[code].severity for code in counted if code in self.behaviours]
        return max(levels, default=self.severity_without_code)


def _behaviour(entry: Mapping[str, Any]) -> Behaviour:
    return Behaviour(
        **{
            **entry,
            "denunciation": Denunciation(entry["denunciation"]),
            "extra_slots": _texts(entry["extra_slots"]),
            "do_not_confuse_with": _texts(entry["do_not_confuse_with"]),
            "legal_basis": tuple(LegalBasis(**{**b, "mark": Mark(b["mark"])}) for b in entry["legal_basis"]),
        }
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{value!r} is not a list of texts")
    return tuple(value)


def _check(taxonomy: Taxonomy, found: list[Behaviour]) -> None:
    """Raise ValueError that names the entry that is wrong."""
    if len(found) != len(taxonomy.behaviours):
        raise ValueError("a code occurs twice")
    if type(taxonomy.as_of) is not date or not taxonomy.version:
        raise ValueError("version or as_of is missing")
    if set(taxonomy.severity_scale) != set(_SEVERITIES):
        raise ValueError("severity_scale must name 1 to 5")
    for code in (taxonomy.money_code, taxonomy.danger_code):
        if code not in taxonomy.behaviours:
            raise ValueError(f"{code} is not a behaviour")
        if taxonomy.behaviours[code].severity != max(_SEVERITIES):
            # Restricted access, and never first to the accused unit, hang on it.
            raise ValueError(f"{code} must have severity {max(_SEVERITIES)}")
    _level("severity_without_code", taxonomy.severity_without_code)
    for behaviour in found:
        _level(behaviour.code, behaviour.severity)
        if not behaviour.code or not behaviour.label or not behaviour.default_input_type or not behaviour.route:
            raise ValueError(f"{behaviour.code or 'a behaviour'} lacks code, label, default_input_type or route")
        if unknown := set(behaviour.do_not_confuse_with) - set(taxonomy.behaviours):
            raise ValueError(f"{behaviour.code}: do_not_confuse_with names {sorted(unknown)}")


def _level(name: str, severity: object) -> None:
    if type(severity) is not int or severity not in _SEVERITIES:
        raise ValueError(f"{name}: severity {severity!r} is not 1 to 5")
