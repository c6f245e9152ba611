"""What is told against somebody: conduct, and money for oneself. Pure."""

from bot.core.kinds.marking import Hit, Marked, is_number, word_set

CONDUCT = ("conduct.rude", "conduct.idle", "conduct.hinders", "conduct.slow", "conduct.wrong", "conduct.menace")
_UNITS = frozenset(
    (
        *(
            "triệu",
            "nghìn",
            "ngàn",
            "trăm",
            "tr",
            "k",
            "củ",
            "lít",
            "chai",
            "xị",
            "đô",
            "usd",
            "tỷ",
            "tỉ",
            "đồng",
            "chục",
        ),
        *("trieu", "nghin", "ngan", "tram", "cu", "lit", "xi", "do", "ty", "dong", "chuc", "đ", "vnd"),
    )
)
# Units that make an amount of any word that may be a number: «ba triệu», not «bà đông».
_SUMS = frozenset({"triệu", "nghìn", "ngàn", "trăm", "chục", "tỷ", "trieu", "nghin", "ngan", "tram", "chuc", "ty"})
_AMOUNT_REACH = 5
_FEES = word_set("le vien")
_NO = word_set("khong chua chang cha")


def denied(marked: Marked, hit: Hit) -> bool:
    """True for «không quát», «không hề đòi tiền», «sợ bị trả thù»: a no, or fear, stands right before."""
    if marked.words[hit.start].plain in _NO:
        return False
    before = marked.plains(hit.start - 2, hit.start)
    if "so" in before and hit.tag == "conduct.menace":
        return True
    return bool(before) and (before[-1] in {"khong", "chang", "dung"} or before[-2:] == ["khong", "he"])


def conduct_hits(marked: Marked) -> list[Hit]:
    """Return what is told of conduct, in order; what is denied does not count."""
    return [hit for hit in marked.all(*CONDUCT) if not denied(marked, hit)]


def money_hits(marked: Marked) -> list[Hit]:
    """Return where an official asks for, hints at or takes money or a gift for himself."""
    harmless = marked.all("crime.gains")
    asked = [*marked.all("crime.money"), *(h for h in marked.all("crime.gives") if _amount_behind(marked, h.end))]
    return [
        hit
        for hit in asked
        if not denied(marked, hit) and not any(g.start < hit.end and hit.start < g.end for g in harmless)
    ]


def _amount_behind(marked: Marked, start: int) -> bool:
    """True when a sum of money follows within a few words."""
    words = marked.words[start : start + _AMOUNT_REACH]
    for at, word in enumerate(words):
        if word.after == 2 or word.plain in _FEES:
            return False
        unit = word.norm.lstrip("0123456789.,")
        following = words[at + 1].norm if at + 1 < len(words) else ""
        digits = word.plain[0].isdigit()
        if digits and unit != word.norm and unit in _UNITS:
            return True
        if following in _UNITS and (digits or (is_number(word) and (following in _SUMS or not word.norm.isascii()))):
            return True
    return False
