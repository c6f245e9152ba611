"""One matter at two levels of government: whether two records are such twins, and whether they say the same. Pure."""

from collections.abc import Callable, Iterable, Sequence

from bot.core.enquiry.titles import matter_name
from bot.core.procedures import Facet, Procedure, Status
from nlu.text import fold, tokens

# Twins' names differ by words that one of them adds; of all their words at least this share is common.
COMMON_WORDS = 0.7
# The levels of which a citizen may have to choose one.
LEVELS = ("xã", "tỉnh")


def same_matter(one: Procedure, other: Procedure) -> bool:
    """True for records of one matter at different levels. A word put for another («hội», «quỹ») is another matter."""
    if one.id == other.id or one.level == other.level or one.field != other.field:
        return False
    left, right = _words(one), _words(other)
    return (left <= right or right <= left) and len(left & right) >= COMMON_WORDS * len(left | right)


def twin_among(procedure: Procedure, others: Iterable[Procedure]) -> Procedure | None:
    """Return the first record in force of the same matter at the other of the two levels, if both stand there."""
    if procedure.status is not Status.IN_FORCE or procedure.level not in LEVELS:
        return None
    fitting = (o for o in others if o.status is Status.IN_FORCE and o.level in LEVELS)
    return next((o for o in fitting if same_matter(procedure, o)), None)


def alike(one: Procedure, other: Procedure, facets: Sequence[Facet]) -> bool:
    """True when a citizen who asks for these facets hears the same about both."""
    return all(_FACTS[facet](one) == _FACTS[facet](other) for facet in facets)


def _words(procedure: Procedure) -> set[str]:
    return {token.norm for token in tokens(fold(matter_name(procedure)))} - {"thu", "tuc"}


def _text(text: str | None) -> str:
    return fold(text or "").rstrip(".")


def _papers(p: Procedure) -> object:
    return {(_text(d.name), d.original, d.copy, _text(d.form), _text(d.case)) for d in p.dossier}


def _limit(p: Procedure) -> object:
    t = p.time_limit
    if t is None:
        return None
    return (t.value, t.unit, t.for_result) if t.value is not None else (_text(t.counting), t.per_agency)


_FACTS: dict[Facet, Callable[[Procedure], object]] = {
    Facet.GENERAL: lambda p: (_text(p.applicants), _papers(p), _limit(p), _text(p.fee), _text(p.place)),
    Facet.DOCUMENTS: _papers,
    Facet.FEE: lambda p: _text(p.fee),
    Facet.TIME: _limit,
    Facet.WHERE: lambda p: _text(p.place),
    Facet.ONLINE: lambda p: (p.online, frozenset(p.channels)),
    Facet.STEPS: lambda p: tuple(_text(step) for step in p.steps),
    Facet.CONDITIONS: lambda p: _text(p.conditions),
    Facet.RESULT: lambda p: _text(p.result),
    Facet.LEGAL: lambda p: frozenset(b.number for b in p.legal_basis),
    Facet.AUTHORITY: lambda p: _text(p.authority),
}
