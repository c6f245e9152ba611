"""The conversations that benchmarks play: eight of five messages, as citizens write. Used for speed alone."""

SCRIPTS: tuple[tuple[str, ...], ...] = (
    (
        "Chào bạn, mình muốn hỏi thủ tục",
        "Xóm mình định lập hội những người nuôi ong thì phải nộp giấy tờ gì vậy?",
        "thế mất bao nhiêu ngày thì xong",
        "nộp ở đâu, có nộp qua mạng được không",
        "cảm ơn nhiều nhé, mình đi làm hồ sơ đây",
    ),
    (
        "bac toi la thuong binh mat giay chung nhan thi lam lai the nao",
        "giay to can nhung gi a",
        "le phi het bao nhieu",
        "can cu vao van ban nao vay",
        "ok cam on",
    ),
    (
        "e muốn đk thi công chức thì hồ sơ gồm j ạ",
        "bh có kq v ạ",
        "k phải thi, xét tuyển cơ",
        "đc ủy quyền cho ng khác nộp k",
        "cho em gặp người tư vấn đi",
    ),
    (
        "Ông nội tôi là liệt sĩ, gia đình muốn xin di chuyển hài cốt về quê cần làm những gì?",
        "Ai được đứng tên làm đơn?",
        "Thời hạn giải quyết mấy ngày làm việc?",
        "còn trợ cấp thờ cúng thì xin ở đâu",
        "Vâng",
    ),
    (
        "bạn có thể làm được những việc gì thế",
        "công ty tôi muốn đăng ký nội quy lao động",
        "cái thứ hai trong đó",
        "mẫu đơn tải ở chỗ nào",
        "thế còn thỏa ước lao động tập thể thì gửi cho ai",
    ),
    (
        "Sáng nay ra phường nộp hồ sơ mà chị cán bộ một cửa cứ ngồi bấm điện thoại, hỏi còn gắt",
        "tôi bức xúc lắm, làm việc kiểu gì thế",
        "quy định thời gian tiếp dân là mấy giờ",
        "hồ sơ của tôi giờ đến đâu rồi",
        "thôi được rồi",
    ),
    (
        "mai trời Hà Nội có mưa không nhỉ",
        "làm hộ chiếu thì đến đâu",
        "vay tiền mua nhà ở xã hội lãi suất mấy phần trăm",
        "vậy hỏi chuyện thành lập quỹ từ thiện được chứ",
        "cần bao nhiêu tiền góp ban đầu",
    ),
    (
        "thu tuc cap giay phep lao dong cho nguoi nuoc ngoai",
        "khong phai cap moi, gia han",
        "thoi gian bao lau",
        "phi bao nhieu tien",
        "thong tin ca nhan toi gui o day co bi lo khong",
    ),
)
