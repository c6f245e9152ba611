"""«Tôi muốn hỏi về quỹ»: a matter that many procedures are about, named alone. The citizen is asked which one."""

import re

from bot.core.enquiry.settling import Settling
from bot.core.enquiry.signals import Enquiry, Kind, Remark, Signal
from bot.core.enquiry.titles import plain_name
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet
from nlu.text import clean, expand, fold, strip_accents

MAX_TOPIC_WORDS = 4
# From so many words on, the beginning of a name means the record: «thi tuyển công chức», but not «quỹ (tự giải thể)».
NAME_WORDS = 3
# So many matters make a topic; so many of them are offered.
LEAST, MOST = 3, 4
_ASKS = "hoi"
_I = r"(?:toi|tui|em|chau|con|bac|minh|anh|chi|co|chu|ong|ba)"
_ASK = r"(?:(?:duoc )?(?:hoi|tim hieu|tu van|biet|xem|tra cuu|tra)(?: (?:chut|ti|xiu|them))? )"
_LEAD = re.compile(
    r"^(?:(?:da|alo|chao(?: \S+)?|xin chao|ad|oi|a)\b[ ,.]*)*"
    rf"(?:{_I} )?(?:(?:muon|can|dang(?! ky)|dinh|xin|nho) )*(?:(?:cho|giup) (?:{_I} )?)?{_ASK}*"
    r"(?:thong tin )?(?P<about>(?:ve|chuyen|vu|viec|van de|mang|linh vuc|cac) )*(?:(?:thu tuc|quy dinh)(?: ve)? )?"
)
_SOMEBODY = re.compile(rf"{_I}(?: {_I})*")
_TAIL = re.compile(r"(?:\s+(?:a|nhe|nha|voi|di|day|ay|ban|ban oi|ad)|[\s.,!?])+$")
# Words that stand in many names and say nothing of what they are about.
_SAYS_NOTHING = frozenset(
    """ho so|giay to|giay|don|thu tuc|cap|cap lai|cap moi|nguoi|viec|noi|xa|phuong|tinh|thanh pho|ha noi|so|thong bao
    |ket qua|bao cao|cong|dan|hoat dong|giai quyet|xac nhan|dang ky|cong nhan|thanh lap|lam|co quan|don vi|to chuc
    |ca nhan|nha nuoc|mat|doi|nam|thang|ngay""".replace("\n", "")
    .replace(" " * 4, "")
    .split("|")
)


def topic_of(text: str) -> str | None:
    """Return the words, as typed, of a message that names a matter and nothing else; None for any other."""
    typed = " ".join(expand(clean(text)).lower().split())
    folded = strip_accents(typed)
    if len(folded) != len(typed) or (lead := _LEAD.match(folded)) is None:
        return None
    end = tail.start() if (tail := _TAIL.search(folded)) else len(folded)
    topic = typed[lead.end() : end].strip(" ,.?!")
    if not 0 < len(topic.split()) <= MAX_TOPIC_WORDS or strip_accents(topic) in _SAYS_NOTHING:
        return None
    if _SOMEBODY.fullmatch(strip_accents(topic)):
        return None
    # «toi muon hoi» without accents asks about nothing yet; «hỏi về hội» does.
    return None if topic == _ASKS and not lead["about"] else topic


class Topics:
    """Finds matters that several procedures are about. Blocking (search)."""

    def __init__(self, knowledge: KnowledgeBase, settling: Settling) -> None:
        self._knowledge = knowledge
        self._settling = settling

    def resolve(self, signal: Signal, level: str | None, facet: Facet) -> Enquiry | None:
        """Return the choice among the procedures that a bare topic stands in; None where it names fewer than three.

        One that begins with the words is named by them: «thi tuyển công chức».
        """
        topic = topic_of(signal.text)
        if topic is None:
            return None
        found = self._settling.procedures(self._knowledge.search(topic, signal.now), signal.now)
        plain = topic.isascii()
        names = {p.id: fold(plain_name(p)) if plain else plain_name(p).lower() for p in found}
        size, begins = len(topic.split()), any(name.startswith(topic) for name in names.values())
        # One syllable that begins no name («quản lý») is a part of words.
        if begins if size >= NAME_WORDS else size == 1 and not begins:
            return None
        about = [p for p in found if f" {topic} " in f" {names[p.id]} "]
        choices = self._settling.choices(about, level, MOST)
        if len(choices) < LEAST:
            return None
        return Enquiry(Kind.CLARIFY, facet=facet, choices=choices, remarks=(Remark.TOPIC,))
