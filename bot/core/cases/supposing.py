"""Messages that a model takes for complaints although nothing has happened: rules for the plain cases. Pure."""

import re

from bot.core.cases.heard import Heard
from bot.core.cases.scoring import praises
from bot.core.kinds import CONDUCT, mark, only_wonders
from bot.core.routes import Route

_COMPLAINTS = frozenset({Route.REPORT_STAFF, Route.FORMAL_COMPLAINT, Route.DENUNCIATION, Route.REGULATION_FEEDBACK})
# Feedback on a rule says what should be otherwise, or why it is bad; «có mẫu đơn góp ý không» says neither.
_PROPOSES = ("rule.change", "asking.rhetorical")
_JUST_ASKS = re.compile(
    r"\b(?:chi|moi) (?:la )?hoi(?: (?:cho biet|thoi|thu|truoc|tham|vay|choi))|\bchua co (?:chuyen|viec) gi\b"
)
_NEVER_MET = re.compile(
    r"\bchua (?:tung |bao gio )?(?:gap|bi) (?:chuyen|canh|phai)\b.{0,30}\b(?:bao gio|lan nao)\b|\bphong xa\b"
)
# Time limits and rights of a complaint are asked about; «chưa định làm gì» has nothing to send yet.
_OF_TIME_LIMITS = re.compile(
    r"\b(?:thoi hieu|thoi han|\d+ (?:ngay|thang|nam)|het han|qua han|qua lau)\b.{0,60}"
    r"\b(?:khieu nai|to cao|khoi kien|kien)\b"
    r"|\b(?:khieu nai|to cao|khoi kien)\b.{0,40}\b(?:thoi hieu|thoi han|tinh tu|trong (?:vong )?(?:bao|may))\b"
)
_NOT_YET = re.compile(
    r"\bchua (?:dinh|muon|tinh|can) (?:lam gi|gui|khieu nai|kien|phan anh|to cao)\b|\bhoi truoc (?:thoi|cho|de)\b"
)
_SUPPOSES = re.compile(
    r"(?:(?:cho|xin|muon) (?:toi |em |chau |minh )?hoi )?(?:la )?(?:neu|gia su|gia du|lo ma|nho ma|vi du)\b"
)
_OWN_FAULT = re.compile(
    r"\b(?:toi|em|minh|chau|tui|chung toi|cong ty toi|hoi toi) (?:da )?(?:tu )?(?:nop thieu|lam sai|khai sai|ghi sai"
    r"|ghi nham|khai nham|sai (?:roi|that)|quen nop|nham)\b"
)
_FORM = re.compile(r"\b(?:mau don|bieu mau|don mau)\b")
# What is asked to be done with data that are kept: «xóa giúp», «rút đồng ý», «cho tôi xem đang lưu gì».
_DATA_WISH = re.compile(
    r"\b(?:xoa|go (?:xuong|bo|di|giup|gium)|(?:rut|thu hoi|huy)(?: lai)?(?: su)? (?:dong y|so|sdt|thong tin|du lieu)"
    r"|(?:khong|ko|k) (?:con |muon |duoc )?(?:cho (?:phep )?(?:dung|su dung|luu|xu ly|chia se)|dong y)"
    r"|(?:ngung|dung|khong duoc) (?:dung|su dung|luu)|dinh chinh"
    r"|sua (?:lai|giup|so|sdt|thong tin|du lieu|trong|gium|dum|cho)"
    r"|cho (?:toi|em|minh|tui|chau) (?:xem|biet|ban sao)|xem (?:lai )?(?:du lieu|thong tin)|han che|phan doi"
    r"|luu (?:nhung |cac )?(?:thong tin|du lieu)? ?gi|ban sao|cung cap)\b"
)
# «xóa giúp … được không» is a wish in the form of a question.
_PLEADS = re.compile(r"\b(?:yeu cau|de nghi|(?:xoa|go|sua|rut|huy) (?:giup|ho|gium|dum|cho|het|di|luon))\b")
# «tôi có quyền yêu cầu xoá không» asks what the law gives.
_ASKS_RIGHT = re.compile(r"\b(?:co quyen|co duoc (?:quyen|phep))\b.{0,60}\b(?:khong|ko|k|chu|chua)\b")
_OWN_DATA = re.compile(
    r"\b(?:du lieu|thong tin|xoa|sua|rut|dong y|luu|so dien thoai|sdt|tin nhan|lich su|hinh|anh chup|cccd|can cuoc"
    r"|ten)\b"
)


def only_asks(heard: Heard) -> bool:
    """True for «tôi chỉ hỏi cho biết», «nếu sau này …»: nothing has happened that could be reported."""
    if _NEVER_MET.search(heard.folded) or (_JUST_ASKS.search(heard.folded) and heard.words <= 20):
        return True
    if heard.asks and (_OF_TIME_LIMITS.search(heard.folded) or _NOT_YET.search(heard.folded)):
        return True
    named = bool(heard.facts.staff or heard.facts.counter)
    if not heard.units and only_wonders(heard.text, named=named):
        return True
    told = heard.kind.decision or heard.kind.told or bool(heard.judgement.behaviours)
    if heard.route in _COMPLAINTS and heard.asks and not told:
        return True
    if heard.route is Route.REGULATION_FEEDBACK and _proposes_nothing(heard):
        return True
    if heard.route is Route.FORMAL_COMPLAINT and heard.asks and not heard.kind.decision:
        return True
    if heard.route is Route.PRIVACY_REQUEST and not (
        _OWN_DATA.search(heard.folded) and (heard.kind.told or not heard.asks)
    ):
        return True
    return bool(_SUPPOSES.match(heard.folded)) and heard.when is None


def of_ours(heard: Heard) -> bool:
    """True where an office of the city is named, or its officials and no other body."""
    return bool(heard.units) or (heard.kind.ours and heard.kind.agency is None)


def proposes(heard: Heard) -> bool:
    """True where the content itself is feedback on a rule, not the intent alone."""
    return heard.kind.told or mark(heard.text).has(*_PROPOSES)


def attacks(heard: Heard) -> bool:
    """True where a decision against the writer is complained about, not a form for that asked for."""
    marked = mark(heard.text)
    attacked = heard.kind.decision and marked.has("decision.attack", "decision.petition")
    asks = marked.has("asking.if") or _FORM.search(heard.folded) or _OWN_FAULT.search(heard.folded)
    return heard.route is Route.FORMAL_COMPLAINT and attacked and not asks


def tells_of_conduct(heard: Heard) -> bool:
    """True where officials' conduct or a complaint is spoken of at all, be it only in a question."""
    marked = mark(heard.text)
    if heard.kind.agency or heard.intent == Route.OTHER_AGENCY:
        return marked.has("crime.money", "crime.strong", "asking.hearsay")  # another body's, and no news of ours
    # «muốn xin tiền hỗ trợ» is money as well; asked about, it is officials who take it.
    money = marked.has("crime.money") and (heard.asks or marked.has("asking.if"))
    if money or marked.has(*CONDUCT, "crime.strong", "decision.petition"):
        return True
    return bool(heard.judgement.behaviours) and heard.asks


def only_praises(heard: Heard) -> bool:
    """True for «một cửa làm việc tốt lắm», whatever the reader of behaviours makes of it."""
    bad = mark(heard.text).has(*CONDUCT, "crime.money", "crime.strong", "decision.petition")
    corrupt = any(code.startswith("TN-") for code in heard.judgement.behaviours)
    return praises(heard.text) and not bad and not corrupt and not heard.asks


def wants_own_data(heard: Heard) -> bool:
    """True where something is to be done with the writer's own data; «ẩn danh được không» only asks."""
    folded = heard.folded
    if _ASKS_RIGHT.search(folded) or not (_DATA_WISH.search(folded) and _OWN_DATA.search(folded)):
        return False
    return not heard.asks or bool(_PLEADS.search(folded))


def _proposes_nothing(heard: Heard) -> bool:
    """True for a question, or a request for a form, that only has the words of feedback on a rule."""
    marked = mark(heard.text)
    return not marked.has(*_PROPOSES) and (heard.asks or marked.has("asking.matter", "asking.legal", "asking.if"))
