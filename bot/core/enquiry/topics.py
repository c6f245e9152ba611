"""«Tôi muốn hỏi về quỹ»: a matter that many procedures are about, named alone. The citizen is asked which one."""

import re
from collections.abc import Sequence

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
_I = r"(?:tôi|tui|em|cháu|con|bác|mình|anh|chị|cô|chú|ông|bà)"
_WANT = r"(?:muốn|cần(?! bộ)|đang(?! ký)|định|xin|nhờ)"
_ASK = r"(?:(?:được )?(?:hỏi|tìm hiểu|tư vấn|biết|xem|tra cứu|tra)(?: (?:chút|tí|xíu|thêm))? )"
_LEADING = (
    r"^(?:(?:dạ|alo|chào(?: \S+)?|xin chào|ad|ơi|à)\b[ ,.]*)*"
    rf"(?:{_I} (?={_WANT} |hỏi|tìm|được|tra ))?(?:{_WANT} )*(?:(?:cho|giúp) (?:{_I} )?)?{_ASK}*"
    r"(?:thông tin )?(?P<about>(?:về|chuyện|vụ|việc(?! làm)|vấn đề|mảng|lĩnh vực|các) )*"
    r"(?:(?:thủ tục|quy định)(?: về)? )?"
)
_TRAILING = r"(?:\s+(?:ạ|nhé|nha|với|đi|đấy|ấy|ad)|[\s.,!?])+$"
# As typed, and for a text without accents; there «hoi» at the beginning may as well be «hội».
_LEADS = {False: re.compile(_LEADING), True: re.compile(rf"(?!hoi (?!ve|chuyen|vu )){strip_accents(_LEADING)}")}
_TAILS = {False: re.compile(_TRAILING), True: re.compile(strip_accents(_TRAILING))}
_SOMEBODY = re.compile(strip_accents(rf"{_I}(?: {_I})*"))
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
    plain = typed.isascii()
    lead = _LEADS[plain].match(typed)
    tail = _TAILS[plain].search(typed)
    begin, end = lead.end() if lead else 0, tail.start() if tail else len(typed)
    topic = typed[begin:end].strip(" ,.?!")
    folded = strip_accents(topic)
    if not 0 < len(topic.split()) <= MAX_TOPIC_WORDS or folded in _SAYS_NOTHING or _SOMEBODY.fullmatch(folded):
        return None
    # «toi muon hoi» without accents asks about nothing yet; «hỏi về hội» does.
    return None if topic == _ASKS and not (lead and lead["about"]) else topic


class Topics:
    """Finds matters that several procedures are about. Blocking (search)."""

    def __init__(self, knowledge: KnowledgeBase, settling: Settling) -> None:
        self._knowledge = knowledge
        self._settling = settling

    def resolve(self, signal: Signal, level: str | None, facets: Sequence[Facet]) -> Enquiry | None:
        """Return the choice among the procedures that a bare topic stands in; None where it names fewer than three.

        One that begins with the words is named by them: «thi tuyển công chức». `facets` (one at least) are those to
        answer once the choice is made.
        """
        topic = topic_of(signal.text)
        if topic is None:
            return None
        found = self._settling.procedures(self._knowledge.search(topic, signal.now), signal.now)
        plain = topic.isascii()
        names = {p.id: _words(fold(plain_name(p)) if plain else plain_name(p)) for p in found}
        size, begins = len(topic.split()), any(name.startswith(f" {topic} ") for name in names.values())
        # One syllable that begins no name («quản lý») is a part of words.
        if begins if size >= NAME_WORDS else size == 1 and not begins:
            return None
        about = [p for p in found if f" {topic} " in names[p.id]]
        choices = self._settling.choices(about, level, MOST)
        if len(choices) < LEAST:
            return None
        facet, *more = facets
        return Enquiry(Kind.CLARIFY, facet=facet, choices=choices, more=tuple(more), remarks=(Remark.TOPIC,))


def _words(name: str) -> str:
    """Return a name's words between blanks, without commas and brackets."""
    return " ".join(("", *re.findall(r"\w+", name.lower()), ""))
