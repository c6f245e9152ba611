"""How a case is spoken about: acknowledgement, question with its buttons, read-back. Pure."""

from collections.abc import Sequence

from bot.core.cases.draft import SKIPPABLE, Draft, Slot
from bot.core.cases.interview import OWN_BUTTON
from bot.core.cases.telling import CaseTelling
from bot.core.kinds import InputType
from bot.core.phrases import Phrases
from bot.core.replies import Block, Button
from bot.core.story import DeskKind, Identity, Reach
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry

MAX_OPTIONS = 6
MAX_STORY_CHARACTERS = 600
# Kinds whose legal line comes before the details.
LAW_FIRST = frozenset({InputType.KHIEU_NAI, InputType.TO_CAO})


class CaseWording:
    """Composes the parts of replies about a case; immutable."""

    def __init__(self, phrases: Phrases, units: UnitRegistry, taxonomy: Taxonomy) -> None:
        self._phrases = phrases
        self._units = units
        self._taxonomy = taxonomy
        self._telling = CaseTelling(phrases, units)

    def acknowledgement(self, draft: Draft, address: str | None) -> str:
        """Return the first sentence after a story."""
        acts = self._phrases.acts()
        keys = [draft.input_type.value, *draft.behaviours[:1]]
        if draft.input_type is InputType.PHAN_ANH_HANH_VI:
            keys.reverse()
        if not draft.told and draft.input_type is InputType.PHAN_ANH_HANH_VI:
            return self._phrases.say("ack_announced", address)
        found = next((f"ack_{k}" for k in keys if f"ack_{k}" in acts), None)
        return self._phrases.say(found or ("ack_announced" if draft.thin else "ack"), address)

    def law(self, draft: Draft, address: str | None) -> Block:
        """Return the legal line for this kind of input."""
        return Block("note", self._phrases.say(f"law_{draft.input_type.value}", address))

    def question(self, draft: Draft, address: str | None) -> str:
        """Return the words of the draft's open question."""
        slot = draft.asked or draft.next
        act, variant = f"ask_{slot.value}", "again" if draft.tries else "text"
        if slot is Slot.UNIT and draft.unit_options:
            variant = "options"
        elif slot is Slot.NARRATIVE and draft.told and not draft.thin:
            variant = "more"
        elif slot is Slot.IDENTITY and draft.child:
            variant = "child"
        elif slot is Slot.IDENTITY and draft.input_type is InputType.TO_CAO:
            variant = "secret"
        return self._phrases.variant(act, variant, address)

    def buttons(self, draft: Draft) -> tuple[Button, ...]:
        """Return the quick replies of the open question."""
        slot = draft.asked or draft.next
        word = self._phrases.word
        match slot:
            case Slot.PARALLEL:
                own = [("yes", word("yes")), ("no", word("no"))]
            case Slot.UNIT:
                shown = draft.unit_options[:MAX_OPTIONS]
                own = [(u, unit.name) for u in shown if (unit := self._units.unit(u))]
            case Slot.DESK:
                own = [(d.value, word(f"desk_{d.value}")) for d in DeskKind if d is not DeskKind.UNKNOWN]
            case Slot.IDENTITY if draft.child:
                own = [(Identity.ANONYMOUS.value, word("identity_anonymous"))]
            case Slot.IDENTITY:
                secret = draft.input_type is InputType.TO_CAO
                ways = [i for i in Identity if not (secret and i is Identity.NAMED)]
                own = [(i.value, word(f"identity_{i.value}")) for i in ways]
            case Slot.CONSENT:
                own = [("yes", word("consent_yes")), ("no", word("consent_no"))]
            case _:
                own = []
        buttons = [Button(f"{OWN_BUTTON}{slot.value}:{value}", title) for value, title in own]
        if slot in SKIPPABLE:
            buttons.append(Button(f"{OWN_BUTTON}{slot.value}:skip", word("skip")))
        if slot is Slot.REVIEW:
            return self._review_buttons(draft)
        return (*buttons, Button(f"{OWN_BUTTON}cancel", word("case_cancel")))

    def _review_buttons(self, draft: Draft) -> tuple[Button, ...]:
        word = self._phrases.word
        editable = [s for s in (Slot.UNIT, Slot.WHEN, Slot.STAFF, Slot.NARRATIVE, Slot.IDENTITY) if s in draft.order]
        edits = [Button(f"{OWN_BUTTON}{s.value}:edit", word(f"edit_{s.value}")) for s in editable]
        return (
            Button(f"{OWN_BUTTON}send", word("case_send")),
            *edits,
            Button(f"{OWN_BUTTON}cancel", word("case_cancel")),
        )

    def review(self, draft: Draft) -> tuple[Block, ...]:
        """Return the whole record read back: what will be sent, and who will see the number."""
        word = self._phrases.word
        unknown = word("case_unknown")
        rows = [
            ("row_kind", word(f"kind_{draft.input_type.value}")),
            ("row_behaviour", "; ".join(self._taxonomy.label(b) for b in draft.behaviours)),
        ]
        if Slot.UNIT in draft.order:
            rows += [
                ("row_unit", self._telling.unit(draft) or unknown),
                ("row_desk", self._telling.desk(draft) or unknown),
                ("row_when", self._telling.when(draft.event_date, draft.event_time, draft.approximate) or unknown),
                ("row_staff", draft.staff or unknown),
            ]
        story = draft.story
        rows += [
            ("row_dossier", draft.dossier_code or ""),
            ("row_amount", f"{story.amount:,}".replace(",", ".") + " đồng" if story.amount else ""),
            ("row_evidence", ", ".join(story.evidence)),
            ("row_files", word("files_count", count=len(draft.attachments)) if draft.attachments else ""),
            ("row_wanted", story.wanted or ""),
            ("row_contact", self._contact(draft)),
        ]
        items = tuple(f"{word(name)}: {value}" for name, value in rows if value)
        told = draft.narrative
        if len(told) > MAX_STORY_CHARACTERS:
            told = told[:MAX_STORY_CHARACTERS].rsplit(" ", 1)[0] + "…"
        return (
            Block("list", title=word("review_title"), items=items),
            Block("paragraph", title=word("review_story"), text=told),
        )

    def _contact(self, draft: Draft) -> str:
        word = self._phrases.word
        if draft.identity is None or draft.identity is Identity.ANONYMOUS or not draft.consent:
            return word("identity_anonymous")
        contact = draft.contact
        # Events are masked: enough to recognise one's own number, not enough for anybody else to call it.
        phone = word("phone_ending", digits=contact.phone[-3:]) if contact.phone else None
        email = word("email_given") if contact.email else None
        way = word(f"reach_{draft.reach.value}") if draft.reach and draft.reach is not Reach.CALL else None
        reach = ", ".join(filter(None, (contact.name, phone, email, way)))
        return f"{reach or word('case_unknown')} ({word(f'identity_{draft.identity.value}').lower()})"

    def notes(self, acts: Sequence[str], address: str | None, **facts: object) -> str:
        """Return the sentences said before a question."""
        return " ".join(self._phrases.say(act, address, **facts) for act in acts)
