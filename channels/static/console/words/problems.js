/* What went wrong, in words that say what to do. */

const BY_CODE = {
	"claimed": "Đồng nghiệp đã nhận cuộc này trước.",
	"body-too-large": "Nội dung dài quá. Hãy rút ngắn rồi gửi lại.",
};
const BY_STATUS = {
	0: "Chưa nối được với máy chủ. Chữ đã gõ vẫn còn đây; anh/chị thử lại sau ít giây.",
	401: "Phiên làm việc đã hết. Anh/chị đăng nhập lại; chữ đã gõ vẫn được giữ.",
	403: "Tài khoản này không được làm việc này.",
	404: "Không tìm thấy, hoặc tài khoản này không được xem.",
	409: "Người khác vừa làm trước. Xem lại nội dung mới nhất rồi làm tiếp.",
	413: "Nội dung dài quá. Hãy rút ngắn rồi gửi lại.",
	422: "Có ô chưa đúng, xem dòng chữ dưới ô đó.",
	423: "Tài khoản tạm khóa vì nhập sai nhiều lần.",
	429: "Thao tác nhanh quá. Anh/chị chờ vài giây rồi thử lại.",
	503: "Hệ thống đang tạm gián đoạn. Anh/chị thử lại sau ít phút.",
};

/** «1 phút», «40 giây»: how long to wait. */
export function wait(seconds) {
	return seconds >= 90 ? `${Math.round(seconds / 60)} phút` : `${Math.max(1, Math.round(seconds))} giây`;
}

/** A sentence for a problem; the server's own where it has said one that is not general. */
export function explain(problem) {
	if (BY_CODE[problem.code]) return BY_CODE[problem.code];
	const told = problem.detail || BY_STATUS[problem.status] || "Hệ thống đang trục trặc. Anh/chị thử lại sau ít phút.";
	return problem.retry && (problem.status === 429 || problem.status === 423) ? `${told} Chờ khoảng ${wait(problem.retry)}.` : told;
}
