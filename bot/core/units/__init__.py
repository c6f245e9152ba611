"""The units that can be complained about, what became of the former ones, and the reading of a unit from a text."""

from bot.core.units.finder import UnitFinder
from bot.core.units.model import (
    Certainty,
    DeskHint,
    FormerDistrict,
    FormerUnit,
    Succession,
    Unit,
    UnitKind,
    UnitMention,
)
from bot.core.units.registry import UnitRegistry

__all__ = [
    "Certainty",
    "DeskHint",
    "FormerDistrict",
    "FormerUnit",
    "Succession",
    "Unit",
    "UnitFinder",
    "UnitKind",
    "UnitMention",
    "UnitRegistry",
]
