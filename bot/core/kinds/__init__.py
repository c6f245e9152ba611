"""Of which legal kind an input is, whether it is only asked about, who is meant, whether somebody is in danger."""

from bot.core.kinds.asking import asks, happened, only_wonders
from bot.core.kinds.children import child
from bot.core.kinds.conduct import CONDUCT
from bot.core.kinds.danger import Danger, despairs
from bot.core.kinds.input_types import Anonymity, Deadline, InputType, InputTypeFacts, InputTypes, Mark
from bot.core.kinds.lexicon import mark
from bot.core.kinds.parts import clauses, part_of_kind, part_of_ours
from bot.core.kinds.reading import KindReading, read_kind
from bot.core.kinds.routing import route_of

__all__ = [
    "CONDUCT",
    "Anonymity",
    "Danger",
    "Deadline",
    "InputType",
    "InputTypeFacts",
    "InputTypes",
    "KindReading",
    "Mark",
    "asks",
    "child",
    "clauses",
    "despairs",
    "happened",
    "mark",
    "only_wonders",
    "part_of_kind",
    "part_of_ours",
    "read_kind",
    "route_of",
]
