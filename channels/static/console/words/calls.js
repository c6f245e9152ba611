/* Vietnamese for codes of calls, filing and the review. */

export const CALL_STATES = { ringing: "đang đổ chuông", answered: "đang nghe", ended: "đã xong" };
export const SIDES = { caller: "Người gọi", citizen: "Người gọi", agent: "Tổng đài", operator: "Tổng đài", unknown: "Lời thoại" };
export const GAPS = { refused: "Không trả lời được", clarified: "Phải hỏi lại", wrong: "Bị chấm sai", outdated: "Lỗi thời", missing: "Thiếu" };
export const CONSENTS = [["spoken", "Đồng ý bằng lời"], ["written", "Đồng ý bằng văn bản"], ["none", "Không đồng ý (phiếu ẩn danh)"]];
