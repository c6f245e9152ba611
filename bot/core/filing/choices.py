"""What may be set by hand in a form: offices by a part of their name, behaviours, kinds of input. Pure."""

from collections.abc import Sequence

from bot.core.cases.lifecycle import Incomplete
from bot.core.filing.form import Form
from bot.core.kinds import InputType
from bot.core.taxonomy import Taxonomy
from bot.core.units import Unit, UnitRegistry
from nlu.text import fold

# What becomes a case; the rest is answered, or goes elsewhere.
TYPES = (
    InputType.PHAN_ANH_HANH_VI,
    InputType.PHAN_ANH_QDHC,
    InputType.KIEN_NGHI,
    InputType.KHIEU_NAI,
    InputType.TO_CAO,
    InputType.YEU_CAU_DLCN,
)
MAX_BEHAVIOURS = 3
MAX_UNITS = 12


def units_like(registry: UnitRegistry, words: str, limit: int = MAX_UNITS) -> list[Unit]:
    """Return offices of the city whose name has all these words, or beginnings of words; with or without accents."""
    wanted = fold(words).split()
    if not wanted:
        return []
    found = [unit for unit in registry.units if unit.in_remit and _fits(wanted, unit)]
    return sorted(found, key=lambda unit: (_place(wanted, unit), len(unit.name), unit.name))[:limit]


def require_choices(form: Form, registry: UnitRegistry, taxonomy: Taxonomy) -> None:
    """Raise Incomplete where something was set by hand that there is not."""
    facts, wrong = form.facts, []
    if facts.unit and "unit" in form.by_hand:
        unit = registry.unit(facts.unit)
        if unit is None or not unit.in_remit:
            wrong.append("draft.unit")
    known = set(taxonomy.codes)
    if "behaviours" in form.by_hand and (
        len(facts.behaviours) > MAX_BEHAVIOURS or not known >= set(facts.behaviours)
    ):
        wrong.append("draft.behaviours")
    if "input_type" in form.by_hand and facts.input_type is not None and facts.input_type not in TYPES:
        wrong.append("draft.input_type")
    if wrong:
        raise Incomplete(tuple(wrong))


def _fits(wanted: Sequence[str], unit: Unit) -> bool:
    words = fold(unit.name).split()
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _place(wanted: Sequence[str], unit: Unit) -> int:
    """Return how well a name fits: the words as they stand, at its beginning or behind its kind, come first."""
    name, phrase = fold(unit.short_name), " ".join(wanted)
    return 0 if name == phrase else 1 if name.startswith(phrase) else 2
