"""Which bodies a message names, and what each does there: acts, is called for help, is a place or a paper. Pure."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from bot.core.kinds.marking import Hit, Marked, word_set
from bot.core.routes import Agency


class Ours(Enum):
    """The city's own offices and their people."""

    OURS = "ours"


OURS = Ours.OURS
Body = Agency | Ours

AGENCIES = {
    "people.cong_an_staff": Agency.CONG_AN,
    "people.thue_staff": Agency.THUE,
    "people.bhxh_staff": Agency.BHXH,
    "people.toa_an_staff": Agency.TOA_AN,
    "people.truong_hoc_staff": Agency.TRUONG_HOC,
    "people.benh_vien_staff": Agency.BENH_VIEN,
    "people.ngan_hang_staff": Agency.NGAN_HANG,
    "people.other_staff": Agency.OTHER,
}
_OURS = frozenset({"people.ours_staff", "people.ours_body"})
_PLACE, _ANYBODY, _NOBODY = "people.ours_place", "people.anybody", "people.nobody"

# Words (without accents) before a body that make it something else than the one who acts.
_KIN = word_set("chong vo con bo me anh em chi ba ong chu bac co cau di toi minh nha chau ban")
_WORKS = word_set("lam nghe nganh day")
_PAPERS = word_set("giay don phieu dau ban nhan so ho bang the hoc xac")
_OUR_PAPERS = word_set("giay nhan khau dau")
_SEALS = word_set("giay dau nhan")
_BESIDE = word_set("gan canh sau ke sat cach doi truoc")
_LIKE = word_set("nhu giong kieu tuong hon")
_CALLS = word_set("nghi cau mong goi bao keu nho moi thua gui giao dua chuyen kien")
_LIES = word_set("nam dieu mo kham hoc sinh nhap ra tri")
_BETWEEN = word_set("cua o ben trong tai thuoc tu do cho len ra voi den toi vao sang qua may cac anh chi chu ong xin")
# «bảo tôi sang công an mà hỏi»: sent there, not treated there.
_SENDERS = word_set("bao keu day noi chi")
_SENDS_TO = word_set("sang qua len ra toi den ve")
_SENT_REACH, _NEAR_REACH = 7, 4
_PLACES = word_set("phuong xa quan huyen thon thanh tinh so")
_OF_PLACES = word_set("len ra toi den xuong bo cua vien tren ben")
# So few words may stand between a body and the place it belongs to («trường tiểu học ở xã»).
_PLACE_GAP = 4
_JOIN_GAP = 2


class Role(StrEnum):
    """What a mention does in its sentence."""

    ACTS = "acts"
    CALLED = "called"  # asked for help, or named as where to go: meant only where it did nothing
    AROUND = "around"  # in hospital, at school: a circumstance
    NOT = "not"  # a relation, a paper, a landmark, a comparison


@dataclass(frozen=True)
class Mention:
    """A body named at words[start:end]; None stands for «cán bộ», «họ»: whoever is spoken of."""

    body: Body | None
    role: Role
    start: int
    end: int


def find_mentions(marked: Marked) -> list[Mention]:
    """Return the bodies named, in order; where names overlap, the longer one."""
    mentions: list[Mention] = []
    last_end = 0
    for hit, body in _named(marked):
        if hit.start < last_end:
            continue
        if hit.tag == _NOBODY:
            last_end = hit.end
        elif (hit.tag == _PLACE and _only_where(marked, mentions, hit)) or _within(marked, mentions, hit, body):
            last_end = hit.start + 1
        else:
            _add(marked, mentions, hit, body)
            last_end = hit.end
    return mentions


def _named(marked: Marked) -> list[tuple[Hit, Body | None]]:
    found: list[tuple[Hit, Body | None]] = []
    for hit in marked.hits:
        if hit.tag in AGENCIES:
            found.append((hit, AGENCIES[hit.tag]))
        elif hit.tag in _OURS or hit.tag == _PLACE:
            found.append((hit, OURS))
        elif hit.tag in {_ANYBODY, _NOBODY}:
            found.append((hit, None))
    return sorted(found, key=lambda pair: (pair[0].start, pair[0].start - pair[0].end, pair[0].tag == _ANYBODY))


def _add(marked: Marked, mentions: list[Mention], hit: Hit, body: Body | None) -> None:
    previous = mentions[-1] if mentions else None
    if isinstance(body, Agency) and previous and previous.body is None and _joined(marked, previous.end, hit.start):
        # «cán bộ ở chi cục thuế», «mấy anh bên công an»: one and the same.
        mentions[-1] = Mention(body, Role.ACTS, previous.start, hit.end)
    else:
        mentions.append(Mention(body, _role(marked, hit, body), hit.start, hit.end))


def _joined(marked: Marked, end: int, start: int) -> bool:
    between = marked.words[end:start]
    together = not any(word.after for word in marked.words[end : start + 1])
    return len(between) <= _JOIN_GAP and together and all(word.plain in _BETWEEN for word in between)


def _within(marked: Marked, mentions: list[Mention], hit: Hit, body: Body | None) -> bool:
    """True for «phường bao che» right after «công an»: the place belongs to the body before it."""
    previous = mentions[-1] if mentions else None
    word = marked.words[hit.start]
    follows = previous is not None and isinstance(previous.body, Agency) and previous.end == hit.start
    return body is OURS and follows and not word.after and word.plain in _PLACES


def _only_where(marked: Marked, mentions: list[Mention], hit: Hit) -> bool:
    """True for a place that only says where the body before it is, or where the writer lives."""
    if marked.words[hit.start].plain in {"quay", "tru"}:
        return False
    previous = mentions[-1] if mentions else None
    if previous and isinstance(previous.body, Agency):
        gap = marked.words[previous.end : hit.start + 1]
        if len(gap) <= _PLACE_GAP + 1 and not any(word.after for word in gap):
            return True
    before = marked.plains(hit.start - 1, hit.start)
    return not before or before[0] not in _OF_PLACES


def _role(marked: Marked, hit: Hit, body: Body | None) -> Role:
    if body is None:
        return Role.ACTS
    clause = marked.clause_of
    first = next(
        at for at in range(max(0, hit.start - _SENT_REACH), hit.start + 1) if clause[at] == clause[hit.start]
    )
    before = marked.plains(first, hit.start)
    sent = bool(before) and before[-1] in _SENDS_TO and not _SENDERS.isdisjoint(before[:-1])
    before = before[-_NEAR_REACH:]
    near = list(before)
    while near and near[-1] in _BETWEEN:
        near.pop()
    last = near[-1] if near else ""
    if _is_none(before, near, last, body):
        return Role.NOT
    if body is OURS:
        return Role.ACTS
    if sent or (last in _CALLS and len(before) - len(near) <= 1):
        return Role.CALLED
    around = last in _LIES and marked.words[hit.start].plain != "cong"
    return Role.AROUND if around else Role.ACTS


def _is_none(before: list[str], near: list[str], last: str, body: Body) -> bool:
    """True for «chồng tôi là công an», «giấy của công an», «như công an», «cạnh bệnh viện»."""
    if before and before[-1] == "la" and not _KIN.isdisjoint(before[:-1]):
        return True
    if last in _WORKS and not _KIN.isdisjoint(near[:-1]):
        return True
    beside = last in _BESIDE and len(before) - len(near) <= 1
    if last in _LIKE or beside or near[-2:] == ["doi", "dien"]:
        return True
    if body is OURS:
        return last in _OUR_PAPERS
    return last in _PAPERS and (len(near) < len(before) or last in _SEALS)
