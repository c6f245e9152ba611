"""The words around a unit's name, and the names that are also ordinary words: the data of the finder.

Phrases stand with their accents: what was typed may lack them but must not contradict them. Sets of single words are
folded (no accents, lower case).
"""

from bot.core.units.model import DeskHint
from nlu.text import fold


def _list(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",")]


def _bares(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


def _keys(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold(phrase).split()) for phrase in _list(text))


WARD, COMMUNE, TOWNSHIP, TOWN, DISTRICT, COUNTY = "phường", "xã", "thị trấn", "thị xã", "quận", "huyện"
DISTRICT_TYPES = frozenset({DISTRICT, COUNTY, TOWN})
TYPE_WORDS: dict[str, str] = {
    **dict.fromkeys(_list("phường, fường, phườg, fườg, phg, fg"), WARD),
    **dict.fromkeys(_list("xã"), COMMUNE),
    **dict.fromkeys(_list("thị trấn"), TOWNSHIP),
    **dict.fromkeys(_list("thị xã"), TOWN),
    **dict.fromkeys(_list("quận, qận"), DISTRICT),
    **dict.fromkeys(_list("huyện, hyện"), COUNTY),
}
# Letters that stand for a type word; they are other words, too.
LETTERS: dict[str, str] = {
    "p": WARD,
    "ph": WARD,
    "f": WARD,
    "x": COMMUNE,
    "q": DISTRICT,
    "h": COUNTY,
    "tt": TOWNSHIP,
    "tx": TOWN,
}

# Before a letter they prove it: «cán bộ p định công».
BACKING = _bares("của cb bộ nv viên tịch thư dân chức")

# What leads up to a name and says which desk is meant; None: an office, but no desk.
OFFICES: dict[str, DeskHint | None] = {
    **dict.fromkeys(
        _list(
            "ủy ban nhân dân, ủy ban nd, ub nhân dân, ub nd, ủy ban, ubnd, ubnn, ub, hội đồng nhân dân, hđnd, "
            "chính quyền"
        ),
        DeskHint.COMMITTEE,
    ),
    **dict.fromkeys(
        _list(
            "một cửa, 1 cửa, bộ phận một cửa, bộ phận 1 cửa, bp một cửa, bp 1 cửa, phòng một cửa, "
            "một cửa liên thông, bộ phận một cửa liên thông, bộ phận tiếp nhận, bộ phận tiếp nhận và trả kết quả, "
            "bộ phận tiếp nhận và trả kết quả hồ sơ, điểm phục vụ hành chính công, điểm phục vụ hcc, điểm pvhcc, "
            "điểm hành chính công, phục vụ hành chính công, pvhcc"
        ),
        DeskHint.ONE_STOP,
    ),
    **dict.fromkeys(_list("trụ sở, văn phòng, vp")),
}
# The same for the desks of the centre, and for the centre itself where no place follows.
CENTRES: dict[str, DeskHint | None] = dict.fromkeys(
    _list(
        "trung tâm phục vụ hành chính công, tt phục vụ hành chính công, trung tâm hành chính công, "
        "tt hành chính công, trung tâm phục vụ hành chánh công, trung tâm hành chánh công, "
        "trung tâm phục vụ hcc, trung tâm pvhcc, "
        "trung tâm hcc, tt phục vụ hcc, tt pvhcc, tt hcc, ttpvhcc, tthcc, trung tâm dịch vụ hành chính công, "
        "trung tâm một cửa, trung tâm hành chính một cửa"
    ),
    DeskHint.ONE_STOP,
)
LINKS = _bares("của ở tại thuộc cấp trên bên dưới và")

# Bodies that are none of the city's units. A place follows the plain ones; the named ones bear a name of their own.
PLAIN_BODIES: dict[str, bool] = dict.fromkeys(
    _list(
        "công an, ca, csgt, csqlhc, cảnh sát, cảnh sát khu vực, cảnh sát giao thông, đồn công an, đội csgt, "
        "chi cục thuế, cục thuế, đội thuế, cơ quan thuế, cán bộ thuế, nhân viên thuế, bên thuế, thuế, thuế cơ sở, "
        "chi cục hải quan, hải quan, bưu điện, bưu cục, tòa án, tòa án nhân dân, tòa án nd, tand, tòa, "
        "viện kiểm sát, viện ks, vks, vksnd, viện kiểm sát nhân dân, thi hành án, thi hành án dân sự, thads, "
        "chi cục thi hành án, chi cục thads, kho bạc, kho bạc nhà nước, bhxh, bảo hiểm xã hội, bảo hiểm, điện lực, "
        "quân sự, ban chỉ huy quân sự, bch quân sự, đội quản lý thị trường, quản lý thị trường, qltt, "
        "trạm y tế, trạm yte, trung tâm y tế, ttyt, trạm xá, y tế"
    ),
    False,
)
NAMED_BODIES: dict[str, bool] = dict.fromkeys(
    _list(
        "bệnh viện, bv, bệnh viện đa khoa, bvđk, phòng khám, nhà thuốc, trường mầm non, trường mẫu giáo, "
        "trường tiểu học, trường th, trường thcs, trường thpt, trường trung học, trường cấp 1, trường cấp 2, "
        "trường cấp 3, trường c1, trường c2, trường c3, trường đại học, trường cao đẳng, trường liên cấp, trường, "
        "mầm non, mẫu giáo, tiểu học, thcs, thpt, đại học, cao đẳng, ngân hàng, agribank, vietcombank, bidv, "
        "vietinbank, quỹ tín dụng nhân dân, "
        "quỹ tín dụng, văn phòng công chứng, phòng công chứng, vpcc, công ty, cty, hợp tác xã, htx, "
        "nước sạch, cấp nước, ban quản trị, siêu thị"
    ),
    True,
)
# Other words, unless a type word or a name follows at once: «ca», «thuê nhà», «trưởng».
BODIES_AT_ONCE = _keys("ca, thuế, trường, quân sự, tòa, y tế")
# The same, and only before a type word.
BODIES_BEFORE_TYPE = _keys("ca, quân sự, tòa, y tế, thuế")
BODY_CAPITALS = {"CAP": WARD, "CAX": COMMUNE, "CAQ": DISTRICT, "CAH": COUNTY}
BODY_LINKS = _bares("của ở tại thuộc bên khu vực địa bàn nhân dân cấp trên dưới công lập số cơ sở thành phố tp")
# What ends the search for a named body's place: something happens, or somebody else comes in.
BREAKS = _bares(
    "ra lên xuống đến tới đi về qua gặp bảo kêu nói và hay hoặc rồi thì mà nhưng với làm xin nộp bị được đã không ko "
    "cũng hỏi gọi ubnd ub ủy phản kiện sang hôm ngày lúc khi vì nên để cho tôi "
    "yêu cầu giấy xác nhận cần phải muốn đòi bắt hồ sơ thủ tục hẹn trả chê"
)

# Without accents «so» behind these is «sơ», «sở» of another word, «số».
NO_DEPARTMENT = _bares("hồ cơ trụ mã con một bao số các những đăng khai tổng vài nhiều")

# Where somebody is or goes, before a name without a type word.
LOCATIVES: dict[str, bool] = {
    **dict.fromkeys(_list("ở, tại, bên, trên, dưới, ra, lên, về, xuống, đến, khu, khu vực, địa bàn, quê"), False),
    # Without accents these are other words.
    **dict.fromkeys(_list("tới, sang, qua, trong, ngoài, vùng"), True),
}
# How the city itself is named.
CITY = dict.fromkeys(
    _list("thành phố hà nội, tp hà nội, tp hn, tphn, t p hà nội, thành phố hn, hà nội, thành phố, tp"), True
)
# Behind these «trường» is no school: «môi trường», and without accents «tổ trưởng».
NO_SCHOOL = _bares("môi thị hiện công thương hội tổ đội phó hiệu nhóm thôn phòng cục viện xóm lập quan khối ban")
# Behind these somebody lives.
HOMES = dict.fromkeys(
    _list(
        "sống ở, sống tại, sinh sống ở, sinh sống tại, cư trú ở, cư trú tại, cư trú, thường trú, thường trú ở, "
        "thường trú tại, tạm trú, tạm trú ở, tạm trú tại, hộ khẩu, hộ khẩu ở, hộ khẩu tại, hktt, đăng ký ở, nhà ở, "
        "nhà tôi ở, nhà em ở, nhà tôi, nhà em, tôi ở, em ở, cháu ở, mình ở, con ở, bác ở, tui ở, dân, người dân, "
        "cư dân, công dân, người, quê, quê ở, quê tôi ở"
    ),
    True,
)
OPENERS = _bares("dạ vâng là thuộc em tôi mình cháu con bác thưa ừ ok chắc có lẽ hình như")
CLOSERS = _bares("ạ nhé nha đó đây em bạn ơi ah ak nè vậy chắc thì phải")
# Between two places of which one is meant.
OR_ELSE = dict.fromkeys(
    _list("hay, hay là, hay ở, hay là ở, hay bên, hoặc, hoặc là, hoặc ở, hoặc là ở, không thì, ko thì"), True
)

FORMER_AFTER = dict.fromkeys(
    _list("cũ, trước sáp nhập, trước khi sáp nhập, hồi chưa sáp nhập, khi chưa sáp nhập, lúc chưa sáp nhập"), False
)
# These only in brackets or before a pause.
FORMER_ASIDE = dict.fromkeys(_list("trước đây, trước kia, ngày trước, hồi trước, ngày xưa, trước, hồi xưa"), True)
FORMER_BEFORE = dict.fromkeys(
    _list(
        "hồi còn, khi còn, lúc còn, ngày còn, hồi còn là, khi còn là, lúc còn là, ngày còn là, trước là, "
        "trước đây là, "
        "ngày trước là, nguyên là, vốn là, hồi đó là, trước kia là, hồi trước là, trước đây thuộc, trước thuộc, "
        "trước kia thuộc, hồi trước thuộc, ngày xưa là, cũ là"
    ),
    True,
)
# Without accents «cu» is also «cứ»: it is «cũ» before one of these, or before a pause.
AFTER_BARE_OLD = _bares("là nay bây giờ thuộc ở tại")

HONORIFICS = _bares(
    "anh chị ông bà cô chú bác em cháu thầy cậu dì mợ chế cụ bố mẹ bs tên họ người viên vợ chồng con bạn mr ms"
)
PLACE_HEADS = _bares(
    "đường phố ngõ ngách hẻm cầu chợ hồ chùa đền đình ga xe viên cư thị kđt ktt sân hàng tòa trường học khách máy "
    "sông núi làng thọ vòng thể đình miếu nhà số"
)
DIRECTIONS = frozenset(["nam", "bắc", "đông", "tây", "trung", "bac", "dong", "tay"])
TIMES = _bares("ngoái nay trước sau rồi tháng kia ngày hôm tuần tâm")

# Names that stand for more than a place: without a type word they need their capitals and accents.
NOT_ALONE = _keys(
    """
    Tự Nhiên, Hợp Đồng, Liên Quan, Tự Lập, Thành Công, Thắng Lợi, Cộng Hòa, Hòa Bình, Đồng Tâm, Liên Minh, Bình
    Minh, Phúc Lợi, Bách Khoa, Tân Dân, Tân Tiến, Tân Lập, Tân Hội, Tân Hưng, Tân Minh, Tiến Thịnh, Tiến Thắng,
    Đại Đồng, Hợp Tiến, Hợp Thanh, Hùng Tiến, Dũng Tiến, Tiền Phong, Tiên Phong, Nam Phong, Nam Tiến, Quang Trung,
    Quang Tiến, Quang Minh, Quang Hà, Trần Phú, Trần Hưng Đạo, Hưng Đạo, Phan Chu Trinh, Lý Thái Tổ, Lê Đại Hành,
    Lê Lợi, Lê Thanh, Nguyễn Du, Nguyễn Trãi, Phạm Đình Hổ, Tô Hiệu, Trương Định, Ngô Quyền, Hoàng Diệu, Hoàng Văn
    Thụ, Hoàng Long, Hoàng Kim, Bạch Đằng, Minh Khai, Minh Châu, Minh Quang, Minh Đức, Minh Phú, Minh Trí, Minh
    Tân, Minh Cường, Kim Anh, Kim Hoa, Kim Sơn, Kim Thư, Kim Chung, Kim Đức, Kim An, Kim Quan, Kim Đường, Hồng Hà,
    Hồng Vân, Hồng Sơn, Hồng Minh, Hồng Thái, Hồng Phú, Hồng Kỳ, Hồng Dương, Hương Sơn, Ngọc Hà, Ngọc Lâm, Ngọc
    Khánh, Ngọc Mỹ, Ngọc Hòa, Phúc Thịnh, Phúc Lộc, Phúc Sơn, Phúc Lâm, Phúc Tiến, Phúc Hòa, Thanh Mai, Thanh Cao,
    Thanh Bình, Thanh Lâm, Thanh Thùy, Thanh Văn, Thanh Lương, Thanh Nhàn, Thanh Đa, Thanh Mỹ, Xuân Mai, Xuân Sơn,
    Xuân Thu, Xuân Giang, Xuân Phương, Phương Mai, Phương Trung, Phương Tú, Phương Đình, Phương Canh, Phượng Sơn,
    Vân Hà, Liên Hà, Khánh Hà, Nam Hà, Nam Sơn, Lam Sơn, Bắc Sơn, Đông Sơn, Mai Đình, Mai Lâm, Mai Động, Mai Dịch,
    Thái Hòa, Việt Long, Việt Hùng, Việt Hưng, Đại Cường, Đại Hùng, Đại Hưng, Đức Thắng, Đức Hòa, Đức Giang, Văn
    Phú, Văn Bình, Hữu Văn, Hữu Hòa, Dân Hòa, An Khánh, An Phú, An Tiến, An Mỹ, An Thượng, Thư Lâm, Thiên Đức,
    Thiên Lộc, Yên Bình, Bình Yên, Phú Yên, Phú Cường, Phú Minh, Phú Sơn, Phú Thịnh, Phú Hồng, Đồng Tháp, Điện
    Biên, Vĩnh Phúc, Vĩnh Thanh, Hương Ngải, Cổ Bi, Đông Hội, Vân Hòa, Đồng Trúc, Đồng Nhân, Thượng Thanh, Phong
    Vân, Định Công, Cổ Đông, Bồ Đề, Đông Quang, Đồng Quang, Đội Cấn, Lại Thượng, Đông La, Cống Vị, Hòa Xá, Vân
    Côn, Trung Tú, Chu Minh, Dục Tú, Liên Trung, Nam Đồng, Nhân Chính, Tam Đồng, Tiên Dược, Thọ Xuân, Thượng Mỗ,
    Đông Phương Yên, Đông Yên, Đức Thượng, Cần Kiệm, Dương Nội, Đa Phúc, Chi Đông, Trung Văn, Văn Chương, Quan
    Hoa, Trung Hưng, Đồng Mai, Đồng Lạc, Đồng Tân, Hiền Giang, Cửa Nam, Cửa Đông, Hàng Mã, Hàng Bột, Bưởi, Láng,
    Phùng, Phố Huế, Dương Hòa, Hòa Phú, Quốc Tử Giám
    """
)
# Read as ordinary words even behind «xã», «phường» when typed without accents: «xa an tien» (xã ăn tiền).
HEARD_OTHERWISE = _keys(
    "An Tiến, Cổ Bi, Vân Hòa, Dũng Tiến, Phong Vân, Vân Côn, Tam Đồng, Phương Tú, Chu Minh, Cần Kiệm, Đông La"
)
# Ordinary words as they are spelled: «xã tự nhiên đòi thêm giấy».
ORDINARY = _keys("Tự Nhiên, Hợp Đồng, Liên Quan, Tự Lập")
# A name that ends before one of these words is none: «phường buổi sáng», «phường Láng, Hà Nội».
NOT_BEFORE: dict[tuple[str, ...], frozenset[str]] = {
    ("lang", "ha"): _bares("nội"),
    ("buoi",): _bares("sáng trưa chiều tối đầu họp"),
    ("lang",): _bares("nhằng xã lẽ lẳng thang mang phí nghe xóm"),
    ("mai", "dong"): _bares("cửa"),
    ("da", "phuc"): _bares("vụ hồi"),
    ("dong", "nhan"): _bares("dân viên"),
    ("thanh", "xuan", "trung"): _bares("tâm tuần"),
    ("lien", "minh"): _bares("htx hợp"),
    ("thanh", "cong"): _bares("an"),
}

OTHER_PROVINCES: dict[str, bool] = dict.fromkeys(
    _list(
        """
        Hồ Chí Minh, HCM, TPHCM, Sài Gòn, Đà Nẵng, Hải Phòng, Cần Thơ, Thủ Đức, Hưng Yên, Bắc Ninh, Bắc Giang, Hải
        Dương, Hà Nam, Nam Định, Ninh Bình, Thái Bình, Thanh Hóa, Nghệ An, Hà Tĩnh, Quảng Bình, Quảng Trị, Quảng
        Nam, Quảng Ngãi, Quảng Ninh, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận, Bình Thuận, Lâm Đồng, Đắk Lắk, Đắk
        Nông, Gia Lai, Kon Tum, Bình Dương, Bình Phước, Tây Ninh, Đồng Nai, Vũng Tàu, Long An, Tiền Giang, Bến
        Tre, Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang, Kiên Giang, Hậu Giang, Sóc Trăng, Bạc Liêu, Cà Mau, Phú
        Thọ, Vĩnh Phúc, Hòa Bình, Thái Nguyên, Bắc Kạn, Tuyên Quang, Hà Giang, Cao Bằng, Lạng Sơn, Lào Cai, Yên
        Bái, Lai Châu, Điện Biên, Sơn La
        """
    ),
    True,
)
# Words around an answer to «which of these?» that name nothing, and those before a place in the list.
FILLERS = _bares(
    "phường xã p x ph f ubnd ủy ban nhân dân cái là ở tại thuộc chắc em tôi mình cháu con bác nhé nha ạ dạ vâng đó "
    "đấy ấy này chọn lấy bấm nút ý thì cơ mới đúng ừ ok chỗ bên đơn vị nơi của thôi rồi e"
)
DENIALS = dict.fromkeys(
    _list("không phải là, không phải, ko phải, k phải, hông phải, chứ không phải, đâu phải, chẳng phải"), True
)
ORDINALS = _bares("số thứ mục câu phương án lựa chọn ô")
NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        ("một nhất", "hai nhì", "ba", "bốn tư", "năm", "sáu", "bảy", "tám", "chín", "mười"), start=1
    )
    for word in words.split()
}
