"""When a message sets right what was taken down, and what is then said about it. Pure."""

import re

from bot.core.cases.draft import Draft, Slot
from bot.core.cases.heard import Heard

# «à nhớ ra rồi, là hôm kia cơ», «sai rồi»: more than the reader's own words of correction.
_AMENDS = re.compile(r"\b(?:nho ra|sai roi|ghi sai|khong dung|chua dung|moi phai)\b")
_RATHER = re.compile(r"\bcơ(?: (?:ạ|mà|nhé|đấy))*[ .!]*$", re.IGNORECASE)
# A longer message tells on; a short one at the read-back puts something right.
_SHORT = 16


def amends(draft: Draft, heard: Heard, target: str | None) -> bool:
    """True when what a message says takes the place of what was known: said so, or at the read-back."""
    if target is not None or heard.corrects or _AMENDS.search(heard.folded) or _RATHER.search(heard.text):
        return True
    return draft.asked is Slot.REVIEW and heard.words <= _SHORT and bool(heard.units or heard.when)


def corrected(before: Draft, after: Draft) -> str | None:
    """Return the act that says what was set right, or None where nothing that was known has changed."""
    changes = (
        ("unit", before.unit or before.unit_said, after.unit or after.unit_said),
        ("when", before.event_date, after.event_date),
        ("staff", before.staff, after.staff),
    )
    changed = [name for name, old, new in changes if old and new and old != new]
    return f"case_corrected_{changed[0]}" if len(changed) == 1 else "case_corrected" if changed else None
