"""The ten legal kinds of input and the facts about them, which are data that the office can change."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from bot.core.errors import ConfigurationError


class InputType(StrEnum):
    """What a message is in law; the codes of input_types.toml."""

    HOI_TTHC = "HOI_TTHC"
    PHAN_ANH_HANH_VI = "PHAN_ANH_HANH_VI"
    PHAN_ANH_QDHC = "PHAN_ANH_QDHC"
    KIEN_NGHI = "KIEN_NGHI"
    KHIEU_NAI = "KHIEU_NAI"
    TO_CAO = "TO_CAO"
    KHAN_CAP = "KHAN_CAP"
    DANH_GIA = "DANH_GIA"
    YEU_CAU_DLCN = "YEU_CAU_DLCN"
    NGOAI_PHAM_VI = "NGOAI_PHAM_VI"


class Anonymity(StrEnum):
    """Whether a name is needed."""

    ALLOWED = "allowed"
    RECORDED = "recorded"
    CONTACT = "contact"
    VERIFIED = "verified"
    NOT_ALLOWED = "not_allowed"


class Mark(StrEnum):
    """How far a time limit has been checked; only verified ones may be told as facts."""

    VERIFIED = "verified"
    MEMORY = "memory"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Deadline:
    """A time limit in words; `source` is where it was read, None for what is unknown."""

    name: str
    text: str
    mark: Mark
    source: str | None


@dataclass(frozen=True)
class InputTypeFacts:
    """What the law and the office's rules say about one kind of input."""

    code: InputType
    label: str
    who: str
    object: str
    anonymous: Anonymity
    anonymous_note: str | None
    required: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    legal_basis: tuple[str, ...]

    @property
    def may_be_anonymous(self) -> bool:
        """True when it may be written down without a name."""
        return self.anonymous in {Anonymity.ALLOWED, Anonymity.RECORDED}

    @property
    def certain_deadlines(self) -> tuple[Deadline, ...]:
        """The time limits that may be told as facts."""
        return tuple(deadline for deadline in self.deadlines if deadline.mark is Mark.VERIFIED)


class InputTypes:
    """All kinds of input; immutable."""

    def __init__(self, version: str, order: tuple[InputType, ...], facts: Mapping[InputType, InputTypeFacts]) -> None:
        self.version = version
        self.order = order
        self._facts = dict(facts)

    @classmethod
    def load(cls, text: str | None = None) -> "InputTypes":
        """Read the text of an input_types.toml, the packaged one by default.

        Raises ConfigurationError that says what is wrong with it.
        """
        try:
            table = tomllib.loads(text if text is not None else packaged())
            order = tuple(InputType(code) for code in table["decision_order"])
            facts = [_facts(entry) for entry in table["type"]]
            version = str(table["version"])
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(f"input_types.toml is unusable: {error!r}; restore it or mend it") from error
        for name, codes in (("decision_order", order), ("type", tuple(fact.code for fact in facts))):
            if sorted(codes) != sorted(InputType):
                raise ConfigurationError(f"input_types.toml: {name} must hold each of the ten codes once")
        return cls(version, order, {fact.code: fact for fact in facts})

    def facts(self, code: InputType) -> InputTypeFacts:
        """Return what is known about a kind."""
        return self._facts[code]

    def first(self, *codes: InputType) -> InputType:
        """Return the code that decides where several fit. Raises ValueError when none is given."""
        return min(codes, key=self.order.index)


def packaged() -> str:
    """Return the text of the packaged input_types.toml."""
    return (resources.files("bot.core") / "data" / "input_types.toml").read_text(encoding="utf-8")


def _facts(entry: Mapping[str, Any]) -> InputTypeFacts:
    return InputTypeFacts(
        code=InputType(entry["code"]),
        label=str(entry["label"]),
        who=str(entry["who"]),
        object=str(entry["object"]),
        anonymous=Anonymity(entry["anonymous"]),
        anonymous_note=entry.get("anonymous_note"),
        required=tuple(entry["required"]),
        deadlines=tuple(_deadline(raw) for raw in entry.get("deadline", ())),
        legal_basis=tuple(entry["legal_basis"]),
    )


def _deadline(raw: Mapping[str, Any]) -> Deadline:
    mark, source = Mark(raw["mark"]), raw.get("source")
    if mark is Mark.VERIFIED and not source:
        raise ValueError(f"deadline {raw['name']} is marked verified without a source")
    return Deadline(str(raw["name"]), str(raw["text"]), mark, source)
