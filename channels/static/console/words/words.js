/* Vietnamese for the codes that the server speaks in. */

export const ROLES = {
	operator: "Tổng đài viên",
	complaint_officer: "Cán bộ xử lý phản ánh",
	supervisor: "Người phụ trách",
	administrator: "Quản trị",
	auditor: "Kiểm soát",
	unit: "Đơn vị",
	knowledge_editor: "Biên tập dữ liệu",
};
export const PRESENCE = { available: "Sẵn sàng", busy: "Đang bận", lunch: "Nghỉ trưa", away: "Vắng mặt" };
export const CHANNELS = { web: "Trang web", zalo: "Zalo", telegram: "Telegram", phone: "Điện thoại", hotline: "Tổng đài", email: "Thư điện tử", letter: "Đơn giấy", suggestion_box: "Hòm thư góp ý", visit: "Đến trực tiếp", terminal: "Dòng lệnh" };
export const BOXES = { waiting: "Đang chờ", mine: "Của tôi", all: "Tất cả", closed: "Đã đóng" };
// Why a person is wanted; `icon` so that it is not told by a colour alone.
export const REASONS = {
	asked: { label: "Xin gặp người", icon: "hand" },
	failed: { label: "Trợ lý chưa hiểu hai lần", icon: "question" },
	anger: { label: "Đang bức xúc", icon: "heat" },
	severity: { label: "Việc nghiêm trọng", icon: "alert" },
	danger: { label: "Có thể nguy hiểm", icon: "siren" },
};
export const LIGHTS = { green: { label: "còn hiệu lực", icon: "check" }, amber: { label: "cần kiểm tra lại", icon: "alert" }, red: { label: "đã bãi bỏ", icon: "stop" } };
export const VERDICTS = [
	{ key: "d", code: "dung", label: "Đúng" },
	{ key: "x", code: "sai", label: "Sai" },
	{ key: "l", code: "loi_thoi", label: "Lỗi thời" },
	{ key: "t", code: "thieu", label: "Thiếu" },
];
export const OUTCOMES = { answered: "Đã trả lời xong", filed: "Đã lập phiếu phản ánh", referred: "Đã hướng dẫn đến cơ quan khác", called_back: "Đã gọi lại", no_reply: "Công dân không nhắn lại", other: "Khác" };
export const NOTES = { transfer: "lời nhắn khi chuyển", summary: "tóm tắt", abuse: "nhắc lời lẽ" };

/** A colleague by a short, polite name: «chị Lan». Only where the name itself tells; else the whole name. */
export function colleague(person) {
	if (!person) return "đồng nghiệp";
	const parts = (person.name || person.id).trim().split(/\s+/);
	const middle = parts.slice(1, -1);
	if (middle.includes("Thị")) return `chị ${parts[parts.length - 1]}`;
	if (middle.includes("Văn")) return `anh ${parts[parts.length - 1]}`;
	return parts.join(" ");
}

/** With a capital at its beginning. */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
