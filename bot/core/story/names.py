"""What a Vietnamese name looks like, typed with capitals or without."""

from bot.core.story.line import Line, Phrase, bare
from nlu.text import is_syllable

# Family names, folded; the commonest hundred and those of the peoples of the North.
SURNAMES = frozenset(
    """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh mai trinh dao doan lam
    cao ha to ta vuong luong chu kieu quach thai nghiem phung luu trieu luc tong tang la lai mac quan au
    bach cu cung dam dau doi giang hua khuat khuc kim lo lu ma nong nhu ninh ong phi phuong sam thach
    than thieu tieu tiet ton tu truong uong van vi viet xa yen lang an chau bien cam dong hac hoa huu
    khong khuong mau nhan nhac ngac pho que thuong tien
    """.split()  # noqa: SIM905 (a table is easier to read)
)
MIDDLES = frozenset(
    """
    van thi duc huu quang minh xuan thanh ngoc kim thu hong ba dinh the cong dang gia hai trong
    """.split()  # noqa: SIM905 (a table is easier to read)
)
# How a family name is cut short in writing («Ng Minh Anh»).
_SHORTENED = frozenset({"Ng", "Ngx", "Tr", "Ph"})
LONGEST_NAME = 5
# Words that no name goes on with; folded ones for lines typed without accents.
_NOT_NAME = Phrase(
    r"(?:chủ tịch|phó|trưởng|cán bộ|nhân viên|công chức|chuyên viên|lãnh đạo|giám đốc|một cửa|tư pháp|địa chính"
    r"|hộ tịch|tiếp nhận|bảo vệ|ủy ban|ubnd|trung tâm|hà nội|văn phòng|công an|phường|xã|quận|huyện|sở|phòng"
    r"|bộ phận|quầy|bàn|đảng|hội đồng|chị|anh|ông|bà|tôi|thành phố|số|ngày|hôm|nay|bí thư|đồng chí|kính|thưa|xin"
    r"|việt nam|zalo|facebook|sđt|điện thoại|email|cccd|là|có|không|và|nói|bảo)",
    strict=True,
)
# What a word after a title is when it is no name: the grammar of a story. Folded.
FUNCTION_WORDS = frozenset(
    """
    ay kia do nay ta nao gi can nhan ngoi o lam ben tu truc em toi chi anh co cung mac deo ao toc tre
    gia beo gay cao thap map hoi phuong xa mot phu tiep dia ho la thi va noi bao cho khong ko bi duoc
    dang da se cua trong ngoai tren duoi ra vao len xuong den tai theo voi nhu hay hoac roi xong moi nua
    rat qua lai cu van chua hom ngay sang chieu luc khi nguoi quat mang chui doi dua vien cong chuc bo
    so phong quay ban nhiet tinh xinh dep hach dich vo y thuc khac minh chinh ong ba chu bac con chau
    nha xin xac ten ki ky giai quyet huong dan nhin dung di ve goi phai dau tien ma neu vi boi nen tuy
    du thieu gap thay nghe biet hieu tra loi nop rang giam truong pho ghi mat de mau sau
    """.split()  # noqa: SIM905 (a table is easier to read)
)


def name_at(line: Line, token: int) -> int:
    """Return how many tokens from this one on make a name with capitals; 0 for none."""
    if all_capitals(line):
        return 0
    count = 0
    while count < LONGEST_NAME and token + count < len(line.tokens):
        if count and not _next_to(line, token + count):
            break
        word = line.tokens[token + count].text
        if count == 0 and word in _SHORTENED and _followed(line, token):
            count += 1
            continue
        given = count >= 2 and word == "Anh"  # «Lê Minh Anh»
        if not _capitalised(word) or (not given and _NOT_NAME.begins(line, line.offset(token + count))):
            break
        count += 1
    return count


def plain_name_at(line: Line, token: int) -> int:
    """Return how many tokens from this one on make a full name typed without capitals; 0 for none."""
    words = _plain_words(line, token)
    if len(words) < 2 or words[0] not in SURNAMES:
        return 0
    if words[1] in MIDDLES and len(words) > 2:
        return min(len(words), 4) if len(words) > 3 and words[2] in MIDDLES else 3
    return 0


def given_name_at(line: Line, token: int) -> bool:
    """True when the token may be a given name without capitals."""
    return bool(_plain_words(line, token)[:1])


def all_capitals(line: Line) -> bool:
    """True for a line typed in capitals, where they say nothing."""
    return line.text.isupper() and sum(map(str.isalpha, line.text)) > LONGEST_NAME


def _plain_words(line: Line, token: int) -> list[str]:
    words: list[str] = []
    for at in range(token, min(token + 4, len(line.tokens))):
        word = bare(line.tokens[at].text.lower())
        if at > token and not _next_to(line, at):
            break
        named = len(words) == 1 and words[0] in SURNAMES and word in MIDDLES
        named = named or (len(words) == 2 and words[1] in MIDDLES and is_syllable(word, plain=True))
        if not named and not _is_plain(line, at, word, first=at == token):
            break
        words.append(word)
    return words


def _is_plain(line: Line, at: int, word: str, *, first: bool) -> bool:
    if not word.isalpha() or not is_syllable(word, plain=True):
        return False
    if first and word in SURNAMES and at + 1 < len(line.tokens):
        return bare(line.tokens[at + 1].text.lower()) in MIDDLES or word not in FUNCTION_WORDS
    return word not in FUNCTION_WORDS


def _followed(line: Line, token: int) -> bool:
    """True where another part of a name stands behind a family name cut short."""
    return token + 1 < len(line.tokens) and _next_to(line, token + 1) and _capitalised(line.tokens[token + 1].text)


def _capitalised(word: str) -> bool:
    if len(word) == 1:
        return word.isupper()
    return word[0].isupper() and word[1:].islower() and is_syllable(word, plain=True)


def _next_to(line: Line, token: int) -> bool:
    before = line.tokens[token - 1]
    return line.tokens[token].start == before.start + len(before.text) + 1
