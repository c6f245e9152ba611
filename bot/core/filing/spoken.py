"""What an officer says to a caller: the questions still open, and the case read back. Short sentences. Pure."""

import re
from collections.abc import Sequence
from datetime import date, time

from bot.core.address import address_of
from bot.core.cases.draft import SKIPPABLE, Draft, Slot
from bot.core.cases.telling import CaseTelling
from bot.core.filing.reading import Reading
from bot.core.kinds import InputType
from bot.core.phrases import Phrases
from bot.core.story import Identity
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry

# Of a longer story it is said that it is written down; nobody listens to two minutes of their own words.
_STORY_WORDS = 45
# «Anh/chị mong muốn: muốn được xin lỗi» says it twice.
_WANTS = re.compile(
    r"^(?:(?:t[ôo]i|em|ch[áa]u|con|m[ìi]nh|tui|b[áa]c|gia đình) )?(?:ch[ỉi] )?(?:mong mu[ốo]n|mu[ốo]n|mong) ",
    re.IGNORECASE,
)
_KINDS = ("Phường ", "Xã ", "Trung tâm ", "Điểm ", "Chi nhánh ", "Ủy ban ")
_FIELD_OF_SLOT = {
    Slot.NARRATIVE: "text",
    Slot.UNIT: "unit",
    Slot.DESK: "desk",
    Slot.WHEN: "event_date",
    Slot.STAFF: "staff",
    Slot.IDENTITY: "identity",
    Slot.CONSENT: "consent",
    Slot.CONTACT: "contact",
}


class Spoken:
    """Composes what is said aloud; immutable."""

    def __init__(self, phrases: Phrases, units: UnitRegistry, taxonomy: Taxonomy) -> None:
        self._phrases = phrases
        self._telling = CaseTelling(phrases, units)
        self._taxonomy = taxonomy

    def missing(self, reading: Reading) -> list[dict[str, object]]:
        """Return what is not known yet: its field, the question to ask, and whether it may stay open."""
        draft = reading.draft
        address = address_of(reading.heard.text)
        slots = [slot for slot in draft.order if slot in _FIELD_OF_SLOT and not self._known(slot, reading)]
        return [
            {
                "field": _FIELD_OF_SLOT[slot],
                "question": self._question(slot, draft, address),
                "required": slot not in SKIPPABLE,
            }
            for slot in slots
        ]

    def back(self, reading: Reading) -> list[str]:
        """Return the sentences by which a case is read back to who told it, the question for consent among them."""
        address = address_of(reading.heard.text)
        draft, say, word = reading.draft, self._phrases.say, self._phrases.word
        kind = word(f"kind_{draft.input_type.value}")
        lines = [say("say_back", address), say("say_kind", address, kind=f"{kind[0].lower()}{kind[1:]}")]
        if Slot.UNIT in draft.order:
            lines += self._what_happened(draft, address)
        if draft.behaviours:
            labels = "; ".join(self._taxonomy.label(code) for code in draft.behaviours)
            lines.append(say("say_what", address, behaviours=f"{labels[0].lower()}{labels[1:]}"))
        lines += self._details(draft, address)
        lines += self._about_self(reading, address)
        lines.append(say(f"say_law_{draft.input_type.value}", address))
        if not self._anonymous(draft) and not draft.child and self._reachable(reading):
            lines.append(say("say_ask_consent", address))
        lines.append(say("say_right", address))
        return lines

    def when(self, day: date | None, clock: time | None, *, approximate: bool) -> str | None:
        """Return «khoảng 9 giờ 30 ngày 24 tháng 11 năm 2026», as it is read aloud."""
        if day is None:
            return None
        word = self._phrases.word
        parts = [word("spoken_day", day=day.day, month=day.month, year=day.year)]
        if clock:
            name = "spoken_minutes" if clock.minute else "spoken_time"
            parts.insert(0, word(name, hour=clock.hour, minute=clock.minute))
        told = " ".join(parts)
        return word("spoken_about", when=told) if approximate else told

    def _known(self, slot: Slot, reading: Reading) -> bool:
        draft = reading.draft
        if slot is Slot.CONSENT:
            # Asked last, when the case has been read back; until then it is open.
            return self._anonymous(draft) or draft.child or not self._reachable(reading)
        if slot is Slot.CONTACT:
            return draft.child or self._anonymous(draft) or draft.identity is None or self._reachable(reading)
        return draft.known(slot)

    def _question(self, slot: Slot, draft: Draft, address: str | None) -> str:
        variant = "text"
        if slot is Slot.UNIT and draft.unit_options:
            variant = "options"
        elif slot is Slot.IDENTITY and draft.child:
            variant = "child"
        elif slot is Slot.IDENTITY and draft.input_type is InputType.TO_CAO:
            variant = "secret"
        return self._phrases.variant(f"say_ask_{slot.value}", variant, address)

    def _what_happened(self, draft: Draft, address: str | None) -> list[str]:
        say, variant = self._phrases.say, self._phrases.variant
        when = self.when(draft.event_date, draft.event_time, approximate=draft.approximate)
        told: Sequence[tuple[str, str, str | None]] = (
            ("say_where", "unit", _in_sentence(self._telling.unit(draft))),
            ("say_when", "when", when),
            ("say_staff", "staff", draft.staff),
        )
        lines = [
            say(act, address, **{name: value}) if value else variant(act, "unknown", address)
            for act, name, value in told
        ]
        if desk := self._telling.desk(draft):
            lines.append(say("say_desk", address, desk=f"{desk[0].lower()}{desk[1:]}"))
        return lines

    def _details(self, draft: Draft, address: str | None) -> list[str]:
        say, story = self._phrases.say, draft.story
        told = " ".join(draft.narrative.split())
        short = len(told.split()) <= _STORY_WORDS
        lines = [
            say("say_story", address, story=told) if short else self._phrases.variant("say_story", "long", address)
        ]
        if story.amount:
            lines.append(say("say_amount", address, amount=f"{story.amount:,}".replace(",", ".") + " đồng"))
        if draft.dossier_code:
            lines.append(say("say_dossier", address, code=draft.dossier_code))
        if story.wanted:
            lines.append(say("say_wanted", address, wanted=_WANTS.sub("", story.wanted).rstrip(".")))
        return lines

    def _about_self(self, reading: Reading, address: str | None) -> list[str]:
        draft, say, variant = reading.draft, self._phrases.say, self._phrases.variant
        if draft.identity is None:
            return []
        lines = [say(f"say_identity_{draft.identity.value}", address)]
        if self._anonymous(draft):
            return lines
        if draft.contact.phone:
            lines.append(say("say_reach", address, digits=" ".join(draft.contact.phone[-3:])))
        elif reading.form.facts.caller_number:
            lines.append(variant("say_reach", "here", address))
        elif draft.contact.email:
            lines.append(variant("say_reach", "email", address))
        return lines

    def _reachable(self, reading: Reading) -> bool:
        contact = reading.draft.contact
        return bool(contact.phone or contact.email or reading.form.facts.caller_number)

    def _anonymous(self, draft: Draft) -> bool:
        return draft.identity is Identity.ANONYMOUS


def _in_sentence(name: str | None) -> str | None:
    """Return the name of an office as it stands within a sentence: «phường Cầu Giấy», «Sở Nội vụ»."""
    return f"{name[0].lower()}{name[1:]}" if name and name.startswith(_KINDS) else name
