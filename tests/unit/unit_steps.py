"""Steps of the tests of the finder of units: the finder over the real registry, and what it finds in a phrase."""

from bot.core.units import Certainty, UnitFinder, UnitMention, UnitRegistry

REGISTRY = UnitRegistry.load()
FINDER = UnitFinder(REGISTRY)
CERTAIN, SPLIT, AMBIGUOUS = Certainty.CERTAIN, Certainty.SPLIT, Certainty.AMBIGUOUS
DISTRICT, OTHER_BODY = Certainty.DISTRICT, Certainty.OTHER_BODY


def one(text: str) -> UnitMention:
    found = FINDER.find(text)
    assert len(found) == 1, (text, found)
    return found[0]


def names(mention: UnitMention) -> list[str]:
    return [unit.name for key in mention.units if (unit := REGISTRY.unit(key))]
