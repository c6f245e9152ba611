"""What personal numbers look like in Viet Nam, and which numbers are everybody's: the data of bot.core.privacy.

Patterns with letters are regular expressions on folded text (no accents, lower case); numbers made of digits alone
are told apart by length and beginning in bot.core.digit_runs, since citizens group and spell digits as they like.
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a number (or address) in a text is."""

    EMAIL = "email"
    MOBILE = "mobile"
    LANDLINE = "landline_hn"
    CCCD = "cccd_pin"
    CMND = "cmnd"
    PASSPORT = "passport"
    HEALTH_CARD = "bhyt"
    TAX_ORG = "tax_org"
    TEN_DIGITS = "ten_digit_id"
    LONG = "bank_or_long"
    PLATE = "plate"
    DOSSIER_CODE = "dossier_code"
    PROCEDURE_CODE = "procedure_code"
    PUBLIC = "public"


# Kinds without a placeholder are left as they are.
PLACEHOLDERS: dict[Kind, str] = {
    Kind.EMAIL: "[email]",
    Kind.MOBILE: "[số điện thoại]",
    Kind.LANDLINE: "[số điện thoại]",
    Kind.CCCD: "[số giấy tờ]",
    Kind.CMND: "[số giấy tờ]",
    Kind.PASSPORT: "[số giấy tờ]",
    Kind.HEALTH_CARD: "[số giấy tờ]",
    Kind.TAX_ORG: "[số giấy tờ]",
    Kind.TEN_DIGITS: "[số giấy tờ]",
    Kind.LONG: "[số tài khoản]",
    Kind.PLATE: "[biển số]",
}
DOSSIER_PLACEHOLDER = "[mã hồ sơ]"

# Hotlines and emergency numbers, digits only (1022 also behind an area code).
PUBLIC_NUMBERS = frozenset(
    {"1022", "0241022", "19001009", "0768221221", "113", "114", "115", "18001096", "111", "112"}
)
# 1800 xxxx and 1900 xxxx are service numbers, never a person's.
SERVICE_NUMBER = re.compile(r"1[89]00\d{4}(?:\d{2})?")

# Tried in this order; a later one never takes what an earlier one took.
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.PROCEDURE_CODE, re.compile(r"(?<![\d.])\d\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.h\d{2})?(?![\d.]?\d)")),
    (
        Kind.DOSSIER_CODE,
        re.compile(r"(?<![a-z0-9.])(?:000\.\d{2}\.\d{2}\.)?[hg]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,7}(?!\d)"),
    ),
    # «118/2025/NĐ-CP», «2479/QĐ-UBND», «02/2011/QH13»
    (Kind.PUBLIC, re.compile(r"(?<![\d.])\d{1,6}/(?:(?:19|20)\d{2}/)?[a-z][a-z0-9-]{1,20}")),
    # 15/11/2026, 15.11.2026, 2026-11-21
    (Kind.PUBLIC, re.compile(r"(?<![\d.])\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}(?![./-]?\d)")),
    (Kind.PUBLIC, re.compile(r"(?<![\d.-])(?:19|20)\d{2}([/-])\d{2}\1\d{2}(?![.-]?\d)")),
    (
        Kind.EMAIL,
        re.compile(
            r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64} ?(?:@|\(at\)|\ba cong\b) ?"
            r"[a-z0-9-]{1,63}(?: ?(?:\.| cham ) ?[a-z0-9-]{2,63}){1,4}"
        ),
    ),
    (Kind.TAX_ORG, re.compile(r"(?<!\d)\d{10} ?- ?\d{3}(?!\d)")),
    (Kind.HEALTH_CARD, re.compile(r"(?<![a-z0-9])[a-z]{2}\d(?:[ .-]?\d){12}(?!\d)")),
    (Kind.PASSPORT, re.compile(r"(?<![a-z0-9])[a-z][ .-]?\d{7,8}(?!\d)")),
    (Kind.PASSPORT, re.compile(r"(?<![a-z0-9])[a-z]\d(?:[ .-]?\d){6,7}(?!\d)")),
    (
        Kind.PLATE,
        re.compile(r"(?<![a-z0-9])\d{2}[ -]?[a-z]{1,2}\d?(?:[ .-]{0,2}\d{3}[. -]?\d{2}|[ .-]{1,2}\d{4})(?![.,]?\d)"),
    ),
)

# A 14h30, 20 m2 or 50 k is no number plate, though it has its beginning.
PLATE_UNITS = frozenset({"h", "m", "m2", "k", "tr", "km", "kg", "cm", "ha", "g", "d", "vn", "ty"})

DIGIT_WORDS: dict[str, str] = {
    "khong": "0",
    "mot": "1",
    "hai": "2",
    "ba": "3",
    "bon": "4",
    "tu": "4",
    "nam": "5",
    "lam": "5",
    "nham": "5",
    "sau": "6",
    "bay": "7",
    "tam": "8",
    "chin": "9",
    "muoi": "1",
    "linh": "0",
    "le": "0",
}

# Words before a number that make any six digits or more personal.
KEYWORD = re.compile(
    r"\b(?:cccd|cmnd|cmt|can cuoc|chung minh|dinh danh|ho chieu|passport|stk|tai khoan|so the|bhxh|bhyt|mst"
    r"|ma so thue|sdt|so dt|dt|dien thoai|di dong|zalo|phone|lien he|alo)\b[^\d\n]{0,24}$"
)
# Words after a number that make it an amount: «đồng», but not «đồng ý».
CURRENCY = re.compile(
    r" ?(?:dong(?! (?:y|chi|nghiep|thoi|bao|su)\b)|d|vnd|trieu|ty|ti|nghin|ngan|usd|m2|met)(?![a-z0-9])"
)
MOBILE = re.compile(r"(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])\d{7}")
