"""The draft of a case while it is talked about: what is known, what was asked, what was passed over."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from bot.core.cases.record import Contact, Story
from bot.core.kinds import InputType
from bot.core.story import DeskKind, Identity, Reach


class Slot(StrEnum):
    """What is asked of a citizen, one at a time; the values are also what buttons and corrections name."""

    PARALLEL = "parallel"  # a formal complaint: write a phản ánh down beside it?
    NARRATIVE = "narrative"
    UNIT = "unit"
    DESK = "desk"
    WHEN = "event_time"
    STAFF = "staff"
    IDENTITY = "anonymous"
    CONSENT = "consent"
    CONTACT = "contact"
    REVIEW = "review"


# Asked in this order; what the story told already is not asked.
_REPORT = (
    Slot.NARRATIVE,
    Slot.UNIT,
    Slot.DESK,
    Slot.WHEN,
    Slot.STAFF,
    Slot.IDENTITY,
    Slot.CONSENT,
    Slot.CONTACT,
    Slot.REVIEW,
)
_SUGGESTION = (Slot.NARRATIVE, Slot.IDENTITY, Slot.CONSENT, Slot.CONTACT, Slot.REVIEW)
_ORDER = {
    InputType.PHAN_ANH_QDHC: _SUGGESTION,
    InputType.KIEN_NGHI: _SUGGESTION,
    InputType.YEU_CAU_DLCN: _SUGGESTION,
    InputType.KHIEU_NAI: (Slot.PARALLEL, *_REPORT),
}
# What may be left unknown. The story and the choice of identity may not; consent has a «no».
SKIPPABLE = frozenset({Slot.UNIT, Slot.DESK, Slot.WHEN, Slot.STAFF, Slot.CONTACT})


@dataclass(frozen=True)
class Draft:
    """A case in the making. Immutable; lives in the sealed state of its conversation until it is sent or dropped.

    `told` are the citizen's messages with personal numbers masked, `told_raw` the same as typed, in order.
    `unit_said` is the name used where it is no current unit's, `unit_options` what it may stand for. `contact` is
    what they gave; it enters a record only with `consent`, to the wording `consent_version` (None: the chat's).
    `case_id` is made at the first read-back. `asked` is the open question, `tries` how often it was asked, `before`
    what was asked before it, latest last.
    """

    input_type: InputType
    started_at: datetime
    touched_at: datetime
    told: tuple[str, ...] = ()
    told_raw: tuple[str, ...] = ()
    others: tuple[InputType, ...] = ()
    behaviours: tuple[str, ...] = ()
    severity: int = 1
    unit: str | None = None
    unit_said: str | None = None
    unit_options: tuple[str, ...] = ()
    desk: DeskKind | None = None
    counter: str | None = None
    staff: str | None = None
    event_date: date | None = None
    event_time: time | None = None
    approximate: bool = False
    procedure: str | None = None
    dossier_code: str | None = None
    story: Story = field(default_factory=Story)
    identity: Identity | None = None
    consent: bool | None = None
    consent_at: datetime | None = None
    consent_version: str | None = None
    contact: Contact = field(default_factory=Contact)
    attachments: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    asked: Slot | None = None
    tries: int = 0
    before: tuple[Slot, ...] = ()
    passed: tuple[Slot, ...] = ()
    case_id: str | None = None
    child: bool = False
    thin: bool = False
    reach: Reach | None = None

    @property
    def narrative(self) -> str:
        """The whole story, masked."""
        return "\n".join(self.told)

    @property
    def order(self) -> tuple[Slot, ...]:
        """The slots of this kind of input, in the order of asking."""
        return _ORDER.get(self.input_type, _REPORT)

    def known(self, slot: Slot) -> bool:
        """True when a slot needs no asking: it is filled, was passed over, or does not apply."""
        if slot in self.passed:
            return True
        match slot:
            case Slot.NARRATIVE:
                return bool(self.told) and not self.thin
            case Slot.UNIT:
                return self.unit is not None
            case Slot.DESK:
                return self.desk is not None
            case Slot.WHEN:
                return self.event_date is not None
            case Slot.STAFF:
                return self.staff is not None
            case Slot.IDENTITY:
                return self.identity is not None
            case Slot.CONSENT:
                return self.identity is Identity.ANONYMOUS or self.consent is not None
            case Slot.CONTACT:
                reachable = bool(self.contact.phone or self.contact.email)
                return self.child or self.identity is Identity.ANONYMOUS or self.consent is not True or reachable
            case _:
                return False

    @property
    def next(self) -> Slot:
        """The first slot that needs asking; REVIEW when all is known."""
        return next((slot for slot in self.order if not self.known(slot)), Slot.REVIEW)

    @property
    def complete(self) -> bool:
        """True when nothing but the read-back is left."""
        return self.next is Slot.REVIEW

    def asking(self, slot: Slot) -> "Draft":
        """Return the draft with `slot` as its open question; the same one again counts a try."""
        if slot is self.asked:
            return replace(self, tries=self.tries + 1)
        before = (*self.before, self.asked) if self.asked else self.before
        return replace(self, asked=slot, tries=0, before=before[-8:])

    def passing(self, slot: Slot) -> "Draft":
        """Return the draft with a slot left unknown for good."""
        return replace(self, passed=tuple(dict.fromkeys((*self.passed, slot))))

    def reopening(self, slot: Slot) -> "Draft":
        """Return the draft with a slot emptied, so that it is asked anew."""
        emptied: dict[str, Any] = {"passed": tuple(s for s in self.passed if s is not slot)}
        match slot:
            case Slot.UNIT:
                emptied |= {"unit": None, "unit_said": None, "unit_options": ()}
            case Slot.DESK:
                emptied |= {"desk": None, "counter": None}
            case Slot.WHEN:
                emptied |= {"event_date": None, "event_time": None, "approximate": False}
            case Slot.STAFF:
                emptied |= {"staff": None}
            case Slot.IDENTITY:
                emptied |= {"identity": None, "consent": None, "consent_at": None}
            case Slot.CONSENT:
                emptied |= {"consent": None, "consent_at": None}
            case Slot.CONTACT:
                emptied |= {"contact": Contact()}
            case _:
                pass
        return replace(self, **emptied)

    @property
    def hurried(self) -> "Draft":
        """The draft with everything passed over that may stay open."""
        draft = self
        for slot in (Slot.PARALLEL, Slot.UNIT, Slot.DESK, Slot.WHEN, Slot.STAFF, Slot.CONTACT):
            if slot in draft.order and not draft.known(slot) and not (slot is Slot.UNIT and draft.unit_options):
                draft = draft.passing(slot)
        return draft

    def identified(self, identity: Identity) -> "Draft":
        """Return the draft with a choice of name; whoever stays anonymous leaves no contact."""
        draft = replace(self, identity=identity)
        if identity is Identity.ANONYMOUS:
            return replace(draft, consent=None, consent_at=None).reopening(Slot.CONTACT)
        return draft

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        raw = asdict(self)
        for key in ("started_at", "touched_at", "consent_at", "event_date"):
            raw[key] = raw[key].isoformat() if raw[key] else None
        raw["event_time"] = self.event_time.isoformat("minutes") if self.event_time else None
        return raw

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Draft":
        """Read back what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        known = {k: v for k, v in raw.items() if k in cls.__dataclass_fields__}
        for key in ("told", "told_raw", "behaviours", "unit_options", "attachments", "statements"):
            known[key] = tuple(known[key])
        story = known["story"]
        moment, day = known["consent_at"], known["event_date"]
        return cls(
            **{
                **known,
                "input_type": InputType(known["input_type"]),
                "others": tuple(InputType(o) for o in known["others"]),
                "started_at": datetime.fromisoformat(known["started_at"]),
                "touched_at": datetime.fromisoformat(known["touched_at"]),
                "consent_at": datetime.fromisoformat(moment) if moment else None,
                "event_date": date.fromisoformat(day) if day else None,
                "event_time": time.fromisoformat(known["event_time"]) if known["event_time"] else None,
                "desk": DeskKind(known["desk"]) if known["desk"] else None,
                "identity": Identity(known["identity"]) if known["identity"] else None,
                "reach": Reach(known["reach"]) if known.get("reach") else None,
                "story": Story(**{**story, "evidence": tuple(story["evidence"])}),
                "contact": Contact(**known["contact"]),
                "asked": Slot(known["asked"]) if known["asked"] else None,
                "before": tuple(Slot(s) for s in known["before"]),
                "passed": tuple(Slot(s) for s in known["passed"]),
            }
        )
