"""Whether something told after a case was filed belongs to that case, to a new one, or may be either. Pure."""

import re
from enum import StrEnum

from bot.core.cases.announcing import announced
from bot.core.cases.following import says_case
from bot.core.cases.heard import Heard
from bot.core.cases.record import CaseRecord
from bot.core.routes import Route
from bot.core.units import Certainty

_COMPLAINTS = frozenset({Route.REPORT_STAFF, Route.FORMAL_COMPLAINT, Route.DENUNCIATION})
_OTHER_ROUTES = frozenset({Route.EMERGENCY, Route.PRIVACY_REQUEST})
# «tôi muốn phản ánh vụ khác»
_NEW = re.compile(
    r"\b(?:phieu|phan anh|vu|chuyen|viec|don vi|co quan|phuong|xa|noi|cho|lan|nguoi|can bo) (?:khac|moi)\b"
    r"|\bthem (?:mot|1) (?:vu|chuyen|viec|phan anh|phieu|can bo|nguoi)\b|\bphan anh (?:tiep|them) (?:ve )?(?:vu"
    r"|viec|chuyen)\b"
)
# The official, the place, the hour of the case: named by a word that only the case explains.
_BACK = re.compile(
    r"\b(?:chi|anh|co|ba|ong|nguoi|thang|con|cau|em|ten|can bo|nhan vien|chu|bac) (?:ay|do|ta|nay|kia"
    r"|can bo (?:ay|do))\b"
    r"|\b(?:luc|hom|khi|cho|o|tai|quay|chuyen|viec|vu) (?:do|ay|nay)\b|\b(?:ho|han|no|ban nay)\b (?:con|cung"
    r"|lai|da|bao|noi|van|moi)\b"
    r"|^(?:a |ah |da |va |ma )*(?:con|roi) (?:chi|anh|co|ba|ong|ho|han|no)\b"
)
_PROOF = re.compile(
    r"\b(?:lam chung|nhan chung|chung kien|nhin thay|cung thay|camera|ghi am|clip|video|anh chup|hinh chup"
    r"|bien lai|giay hen)\b"
)
_BACK_WORDS = 25


class Belongs(StrEnum):
    """Where something told belongs."""

    CASE = "case"
    NEW = "new"
    EITHER = "either"


def belongs(heard: Heard, record: CaseRecord, *, adds: bool, near: bool) -> Belongs | None:
    """Return where a message belongs that was told with `record` at hand; None for what tells nothing of a matter.

    `adds`: it says that something is added. `near`: the talk was about the case just now. Danger, questions about
    the law and other bodies are never a part of a case here.
    """
    kind = heard.kind
    if kind.danger or kind.hypothetical or heard.route in _OTHER_ROUTES:
        return None
    if kind.agency is not None and not kind.ours:
        return None
    if _NEW.search(heard.folded) or announced(heard.text):
        return Belongs.NEW
    other = names_other_unit(heard, record)
    if adds:
        return Belongs.EITHER if other and not says_case(heard.text) else Belongs.CASE
    if other:
        return Belongs.NEW
    back = refers_back(heard) and heard.words <= _BACK_WORDS
    if near and back and not heard.asks and not heard.judgement.behaviours and _PROOF.search(heard.folded):
        return Belongs.CASE
    if heard.route in _COMPLAINTS or (heard.judgement.behaviours and not heard.asks):
        return Belongs.EITHER
    if near and back and not heard.asks:
        return Belongs.EITHER
    return None


def refers_back(heard: Heard) -> bool:
    """True when a message names its people or its hour by words that only what was told before explains."""
    return bool(_BACK.search(heard.folded))


def names_other_unit(heard: Heard, record: CaseRecord) -> bool:
    """True when a unit is named that is not the case's, nor its desk or the house it stands in."""
    named = [m for m in heard.units if not m.home and m.certainty is not Certainty.OTHER_BODY]
    if not named:
        return False
    own = {_place(unit) for unit in (record.unit, *record.unit_options) if unit}
    if not own:
        former = record.unit_former
        return former is not None and all(former not in m.text for m in named)
    return not any(_place(unit) in own for m in named for unit in m.units)


def _place(unit: str) -> str:
    """Return what the ids of a ward (HN-00166) and of its desk (HN-DPV-00166) share."""
    return unit.rsplit("-", 1)[-1]
