"""Whether somebody is in danger now. Pure; where it is unclear, a life goes before a wrong alarm."""

import re
from enum import StrEnum

from bot.core.kinds.marking import Hit, Marked, word_set
from nlu.text import fold

# So short a message that tells of an accident tells it while it happens.
_SHORT_WORDS = 9
_NEAR = 12
_SELF = word_set("toi em chau con minh tui tao tau")
_FIRST_PERSON = _SELF | {"ta"}


class Danger(StrEnum):
    """What threatens; decides which numbers are named first."""

    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    FIRE = "fire"
    MEDICAL = "medical"
    CHILD = "child"


def read_danger(marked: Marked, *, school: bool, suspected: bool) -> Danger | None:
    """Return what threatens somebody now, or None.

    `school`: the text is about a school, whose teachers hit no child in danger of life. `suspected`: the intent is an
    emergency too, so that a bare word is enough.
    """
    if _self_harm(marked, suspected=suspected):
        return Danger.SELF_HARM
    if not school and any(_child(marked, hit, suspected=suspected) for hit in _hits(marked, "danger.child")):
        return Danger.CHILD
    abused = marked.near("danger.kid", "danger.abuse", _NEAR, ordered=True)
    if not school and abused and (suspected or marked.has("danger.now")):
        return Danger.CHILD
    if _fire(marked, suspected=suspected):
        return Danger.FIRE
    if _violence(marked, suspected=suspected):
        return Danger.CHILD if not school and marked.near("danger.kid", "danger.violent", _NEAR) else Danger.VIOLENCE
    if _medical(marked, suspected=suspected):
        return Danger.MEDICAL
    return Danger.VIOLENCE if suspected and _cries(marked) else None


# Behind words of ending it these go on with them; alone they are a tired citizen's.
_DESPAIR = re.compile(
    r"\b(?:met moi|kiet suc|bat luc|tuyet vong|vo vong|buong xuoi|bo cuoc|chiu het noi|chiu khong noi|khong chiu noi"
    r"|chiu dung|chan (?:qua|lam|roi|nan|song|het)|nan (?:qua|lam|roi)|khong con (?:gi|ai|cach|muon|suc|hy vong)"
    r"|het (?:hy vong|cach|suc|chiu noi|duong)|duong cung|co don|mot minh|dau kho|kho (?:qua|lam|so)|khoc|tui than"
    r"|khong (?:can|thiet|muon) (?:gi|ai|nua|song)|song lam gi|chet di|xong het|vo nghia|y nghia gi|giai thoat"
    r"|tam biet|xin loi (?:me|bo|con|vo|chong|moi nguoi)|khong ai (?:hieu|thuong|nghe|giup|can))\b"
)


def despairs(text: str) -> bool:
    """True where a message may go on with despair: to be asked only after one that was SELF_HARM.

    A message is read without those before it, so that it is for the talk to remember what was said.
    """
    return _DESPAIR.search(fold(text)) is not None


def idle_words(marked: Marked) -> bool:
    """True when words of danger are there only as figures of speech."""
    return marked.has("danger.idiom")


def _hits(marked: Marked, tag: str) -> list[Hit]:
    """Return the hits that are no part of a figure of speech or of a body's name («phòng cấp cứu»)."""
    idioms = [*marked.all("danger.idiom"), *marked.all("people.benh_vien_staff")]
    return [h for h in marked.all(tag) if not any(i.start < h.end and h.start < i.end for i in idioms)]


def _past(marked: Marked, hit: Hit) -> bool:
    sentence = marked.sentence_of[hit.start]
    return any(marked.sentence_of[p.start] == sentence for p in marked.all("danger.past"))


def _present(marked: Marked, hit: Hit) -> bool:
    """True when «đang», «vừa», a call for help stands near."""
    return any(
        abs(p.start - hit.start) <= _NEAR and not (hit.start <= p.start < hit.end)
        for p in marked.all("danger.now", "danger.help")
    )


def _child(marked: Marked, hit: Hit, *, suspected: bool) -> bool:
    grave = bool({"lac", "tich", "xam", "hiep"} & set(marked.plains(hit.start, hit.end)))
    return not _past(marked, hit) and (suspected or grave or _present(marked, hit))


def _self_harm(marked: Marked, *, suspected: bool) -> bool:
    procedure = marked.has("danger.procedure") and not suspected
    for hit in _hits(marked, "danger.self"):
        words = marked.plains(hit.start, hit.end)
        if _past(marked, hit) and not _present(marked, hit):
            continue
        before = marked.plains(hit.start - 4, hit.start)
        if "khong" in before[-2:] and words[0] not in {"khong"}:
            continue
        if procedure and not (_FIRST_PERSON & set(before)):
            continue
        # «muốn chết» after an adjective is an idiom (see there); «uống thuốc» alone is a cure.
        if words[:2] == ["uong", "thuoc"] and len(words) == 2 and not _wants_end(marked, hit):
            continue
        return True
    return False


def _wants_end(marked: Marked, hit: Hit) -> bool:
    near = set(marked.plains(hit.start - 8, hit.end + 8))
    return bool(near & {"chet", "tu", "xong", "nhe", "song", "vinh"})


def _violence(marked: Marked, *, suspected: bool) -> bool:
    for hit in _hits(marked, "danger.kill"):
        if not (_past(marked, hit) and not _present(marked, hit)):
            return True
    for hit in _hits(marked, "danger.violent"):
        words = marked.plains(hit.start, hit.end)
        bare = len(words) == 1
        if (_past(marked, hit) or marked.has("danger.chronic")) and not _now_before(marked, hit):
            continue
        if _now_before(marked, hit) or _cries(marked) or (suspected and not bare):
            return True
    return any(_pursued(marked, hit, suspected=suspected) for hit in _hits(marked, "danger.pursuit"))


def _pursued(marked: Marked, hit: Hit, *, suspected: bool) -> bool:
    """True for «đang đi theo cháu», «giờ nó chặn đường tôi»: it goes on; a hand on the sleeve last week does not."""
    if _past(marked, hit):
        return False
    near = marked.plains(max(0, hit.start - _NEAR), hit.end + 3)
    here = bool({"dang", "kia", "van"} & set(near)) or "bay gio" in " ".join(near) or _opens_with_now(marked, hit)
    return here or suspected or _cries(marked)


def _opens_with_now(marked: Marked, hit: Hit) -> bool:
    """True where the sentence begins with «giờ …», which tells the moment and no hour of the clock."""
    sentence = marked.sentence_of[hit.start]
    first = next(i for i, s in enumerate(marked.sentence_of) if s == sentence)
    return marked.words[first].plain == "gio"


def _now_before(marked: Marked, hit: Hit) -> bool:
    """True for «đang đánh», «vẫn đứng ngoài cửa»: it goes on."""
    for now in marked.all("danger.now"):
        word = marked.words[now.start].plain
        if word in {"dang", "sap"} and 0 <= hit.start - now.end <= 5:
            return True
        if word in {"ngoai", "van", "kia", "o", "truoc"} and 0 <= now.start - hit.end <= _NEAR:
            return True
    return False


def _cries(marked: Marked) -> bool:
    """True for «cứu tôi với», «gọi công an giúp»."""
    return any(
        marked.words[h.start].plain in {"cuu", "goi", "keu"} and (h.end - h.start > 1) and _asked_for(marked, h)
        for h in _hits(marked, "danger.help")
    )


def _asked_for(marked: Marked, hit: Hit) -> bool:
    """True for a call to the reader, not «tôi gọi công an», «dọa gọi công an»."""
    if marked.words[hit.start].plain == "cuu":
        return True
    before = marked.plains(hit.start - 2, hit.start)
    if before and (before[-1] in _SELF | {"doa", "bao", "se", "da", "neu", "dinh"}):
        return False
    after = marked.plains(hit.end, hit.end + 3)
    return (
        not before
        or bool({"giup", "voi", "ngay", "gap", "di", "gium", "dum", "ho"} & set(after))
        or (marked.words[hit.start].after > 0)
    )


def _fire(marked: Marked, *, suspected: bool) -> bool:
    for hit in _hits(marked, "danger.fire"):
        bare = hit.end - hit.start == 1
        if _past(marked, hit) or (marked.has("danger.procedure") and not suspected):
            continue
        if suspected or (not bare and (_present(marked, hit) or len(marked.words) <= _SHORT_WORDS)):
            return True
    return False


def _medical(marked: Marked, *, suspected: bool) -> bool:
    if marked.has("danger.procedure") and not suspected:
        return False
    for hit in [*_hits(marked, "danger.medical"), *_hits(marked, "danger.accident")]:
        grave = hit.tag == "danger.medical"
        if (_past(marked, hit) or marked.has("danger.chronic")) and not _just_now(marked, hit):
            continue
        if suspected or (_present(marked, hit) and _cries(marked)) or (grave and _just_now(marked, hit)):
            return True
    return False


def _just_now(marked: Marked, hit: Hit) -> bool:
    near = set(marked.plains(hit.start - 4, hit.start)) | set(marked.plains(hit.end, hit.end + 3))
    return bool(near & {"dang", "vua", "kia"}) or len(marked.words) <= _SHORT_WORDS
