"""Words that tell what a message may be about before it is read for a complaint; all take folded text. Pure."""

import re

# Words that a short question about complaints has: «nếu cán bộ đòi tiền thì làm gì».
_OF_OFFICIALS = re.compile(
    r"\b(?:can bo|nhan vien|cong chuc|hoi lo|phong bi|doi tien|voi tien|to cao|khieu nai|phan anh|hach sach"
    r"|sach nhieu)\b"
)
# «tra bằng số điện thoại được không» is about a case, not about data.
_LOOKS_UP = re.compile(r"\b(?:mat phieu|quen ma|mat ma|ma phieu|tra cuu|tra (?:bang|theo|phieu)|xem phieu)\b")
_RETURNS = re.compile(r"\b(?:van (?:cu )?(?:gui|phan anh|lam)|cu gui|quay lai|tiep tuc|lam tiep|gui (?:lai|luon))\b")
_ASKS_PAPERS = re.compile(
    r"\bcan (?:nhung |co )?(?:giay|giay to|ho so|thu tuc) (?:gi|chi|nao|j|ji)\b|\bnop (?:o|tai) (?:dau|mo|cho nao)\b"
    r"|\b(?:thu tuc|ho so) (?:gom|the nao|ra sao|nhu the nao)\b"
)
_WOULD_FILE = re.compile(
    r"\b(?:nop|lam|gui)\b.{0,25}\bthi\b.{0,20}\b(?:bao gio|khi nao|may ngay|bao lau|hom nao|ngay nao)\b"
)
_HAS_FILED = re.compile(
    r"\b(?:da (?:nop|gui|lam)|(?:nop|gui|lam) (?:roi|tu|hom qua|hom kia|hom truoc|tuan truoc)|ma ho so)\b"
)


def of_officials(folded: str) -> bool:
    """True where officials or complaints are named."""
    return bool(_OF_OFFICIALS.search(folded))


def looks_up(folded: str) -> bool:
    """True where a filed case is to be looked up."""
    return bool(_LOOKS_UP.search(folded))


def returns(folded: str) -> bool:
    """True where what was called off is wanted after all."""
    return bool(_RETURNS.search(folded))


def asks_papers(folded: str) -> bool:
    """True where papers or the way of a procedure are asked for."""
    return bool(_ASKS_PAPERS.search(folded))


def would_file(folded: str) -> bool:
    """True for «hôm nay nộp thì bao giờ có», which asks how long it takes, not how a file stands."""
    return bool(_WOULD_FILE.search(folded)) and not _HAS_FILED.search(folded)
