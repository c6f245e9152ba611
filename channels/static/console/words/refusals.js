/* Why the desk refused something, said so that the next step is clear. The server tells no rule by name, on purpose. */

import { explain } from "./problems.js";

const FORBIDDEN = {
	publish: "Người viết câu trả lời không tự duyệt được. Cần người thứ hai: nhờ đồng nghiệp hoặc người phụ trách đọc và duyệt.",
	assign: "Không giao được như vậy. Có thể vì: phiếu hạn chế không bao giờ giao cho đơn vị; người nhận thuộc chính đơn vị bị nêu, hoặc trùng tên người trong phiếu; phiếu đang ở đoàn kiểm tra thì chỉ người phụ trách lấy ra.",
	reply: "Chỉ nơi được giao mới báo cáo cho phiếu này.",
};
const CONFLICT = {
	release: "Phiếu đã được cho chuyển, hoặc người khác vừa làm trước.",
	close: "Chưa đóng được: câu trả lời chưa có người thứ hai duyệt.",
	publish: "Câu trả lời vừa được viết lại, hoặc đã duyệt rồi. Đọc lại bản mới nhất rồi duyệt.",
	answer: "Phiếu đang có đoàn kiểm tra mà chưa ghi kết quả. Ghi kết quả kiểm tra trước, rồi viết trả lời.",
	correct: "Phiếu từng có đoàn kiểm tra mà chưa ghi kết quả, hoặc phiếu chưa đóng.",
	park: "Anh/chị đã đề nghị để riêng rồi: chờ người thứ hai cùng đề nghị. Phiếu đã từng trả lời thì không để riêng được.",
};
const MISSING = {
	reason: "Cần ghi lý do, ít nhất vài chữ có nghĩa.",
	text: "Cần ghi nội dung.",
	document: "Cần số văn bản mà việc này được ghi lại.",
	remedy: "Cần ghi bước tiếp theo.",
	finding: "Cần chọn kết luận.",
	team: "Cần ghi đoàn kiểm tra nào.",
	body: "Cần ghi cơ quan có thẩm quyền.",
	note: "Cần ghi đã sửa gì.",
	unit: "Không có đơn vị này, hoặc đơn vị nằm ngoài phạm vi.",
	person: "Chọn cán bộ xử lý phản ánh hoặc người phụ trách.",
	files: "Có tệp không thuộc phiếu này.",
	"unit or person": "Chọn một đơn vị, hoặc một cán bộ; không để trống và không chọn cả hai.",
	answer_sequence: "Phiếu chưa có câu trả lời để duyệt.",
};

/** Why the page of a case does not open. */
export const HIDDEN = "Không mở được phiếu này. Phiếu về chính đơn vị anh/chị, phiếu có nêu tên anh/chị, phiếu hạn chế, hoặc phiếu không được giao cho anh/chị thì người khác xử lý. Để giữ kín, hệ thống không nói là trường hợp nào.";

/** {say, fields} of a refused verb. */
export function refusalOf(problem, verb) {
	if (problem.code === "names-somebody") {
		return { say: "Câu chữ còn nêu tên người, nơi ở trong phiếu hoặc số riêng của ai. Trả lời này ai cũng đọc được; hãy bỏ chỗ đó rồi gửi lại.", fields: {} };
	}
	if (problem.status === 404) return { say: HIDDEN, fields: {} };
	if (problem.status === 403 && problem.code === "not-permitted") return { say: FORBIDDEN[verb] || "Việc này không thuộc quyền của tài khoản anh/chị với phiếu này.", fields: {} };
	if (problem.status === 409) return { say: CONFLICT[verb] || "Phiếu không ở bước làm được việc này, hoặc người khác vừa làm trước. Chữ đã gõ vẫn còn.", fields: {} };
	if (problem.status === 422 && problem.errors.length) {
		const fields = {};
		for (const { field, message } of problem.errors) {
			const name = field.replace(/^body\.?/, "").split(".")[0];
			if (name === "unit or person") fields.unit = MISSING[name];
			else fields[name] = /^dài/.test(message) ? `Chữ ${message}.` : MISSING[name] || message;
		}
		return { say: "Còn thiếu, xem dòng chữ dưới ô đó.", fields };
	}
	return { say: explain(problem), fields: {} };
}

/** The words that look like names, out of a problem «may-name-somebody»; null for any other problem. */
export function suspectedNames(problem) {
	if (problem.code !== "may-name-somebody") return null;
	return problem.errors.map(({ message }) => (/«([^»]*)»/.exec(message) || ["", message])[1]);
}

/** What a unit's report lacks, so that it may be sent back. */
export function lacking(body) {
	return [!(body.reason || "").trim() && "căn cứ", !(body.remedy || "").trim() && "cách khắc phục"].filter(Boolean);
}
