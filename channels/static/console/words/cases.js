/* The office's work on cases in words: states, verbs with what each needs, and why something was refused.
 *
 * `before` and `roles` mirror bot/core/cases/lifecycle.RULES: they only say what is offered. The server decides. */

export const STATUSES = {
	received: "Mới nhận", released: "Đã cho chuyển", assigned: "Đã giao", inspection: "Đang kiểm tra", explained: "Đã có báo cáo",
	answered: "Chờ duyệt trả lời", closed: "Đã đóng", withdrawn: "Người dân rút", parked: "Để riêng",
};
// The way a case goes; what lies beside it (inspection, parked, withdrawn) is told in words.
export const WAY = ["received", "released", "assigned", "explained", "answered", "closed"];
export const FINDINGS = {
	dung: "Phản ánh đúng", dung_mot_phan: "Đúng một phần", khong_co_co_so: "Không có cơ sở",
	khong_du_thong_tin: "Không đủ thông tin để kết luận", khong_thuoc_tham_quyen: "Không thuộc thẩm quyền",
};
export const DESKS = { one_stop: "Quầy một cửa", specialist: "Phòng chuyên môn", leader: "Lãnh đạo", unknown: "" };
export const IDENTITIES = { anonymous: "Ẩn danh", hidden: "Giấu tên với nơi bị nêu", named: "Cho ghi tên" };
export const LEVELS = {
	status: "Phiếu này về chính nơi anh/chị làm việc: chỉ thấy trạng thái, và chuyển ra ngoài.",
	redacted: "Bản đã lược danh tính người phản ánh.",
	masked: "Bản che tên. Họ tên, số điện thoại không hiện ở đây.",
	full: "",
};
export const RISING = { unreleased: "chưa ai cho chuyển", overdue: "quá hạn", parked: "để riêng lâu", left: "người giữ đã nghỉ" };
export const TASKS = {
	overdue: "Phiếu quá hạn", praise: "Lời khen", alarm: "Báo động", delivery_refused: "Nơi xử lý không nhận", delivery_stuck: "Chưa chuyển được phiếu",
	file_refused: "Tệp không được nhận", channel_closed: "Không gửi được tin", channel_alarm: "Kênh nhắn tin trục trặc", channel_tokens: "Sắp hết quyền gửi tin",
	channel_erase: "Yêu cầu xóa dữ liệu", call_back: "Gọi lại công dân", write_back: "Viết trả lời công dân", case_notice: "Báo kết quả cho người dân", nobody_on_duty: "Không có người trực", join_guessing: "Có người dò mã nối",
};
export const DANGERS = { violence: "Có người đang bị đe dọa hoặc hành hung.", self_harm: "Có người có thể tự làm hại mình.", fire: "Có cháy.", medical: "Có người cần cấp cứu.", child: "Có trẻ em đang gặp nguy hiểm." };
export const ENTRIES = {
	filed: "Người dân gửi phiếu", delivered: "Đã chuyển sang hệ thống xử lý", delivery_refused: "Hệ thống xử lý không nhận", added: "Người dân bổ sung",
	reopened: "Người dân yêu cầu xem lại", withdrawn: "Người dân rút phiếu", rated: "Người dân chấm điểm", backend_state: "Hệ thống xử lý báo trạng thái", park_asked: "Đề nghị để riêng",
	release: "Cho chuyển", assign: "Giao", inspect: "Chuyển đoàn kiểm tra", findings: "Kết quả kiểm tra", reply: "Đơn vị báo cáo", explain: "Người bị nêu giải trình",
	send_back: "Trả lại báo cáo", answer: "Viết trả lời", refer: "Trả lời: thuộc nơi khác", publish: "Duyệt trả lời", close: "Đóng phiếu", correct: "Đính chính", park: "Để riêng", unpark: "Đưa trở lại",
};
export const PARTS = {
	reason: "Lý do, căn cứ", note: "Lời nhắn", text: "Nội dung", document: "Văn bản", remedy: "Cách khắc phục, bước tiếp theo", finding: "Kết luận", unit: "Đơn vị",
	person: "Cán bộ", team: "Đoàn kiểm tra", body: "Cơ quan có thẩm quyền", score: "Điểm", state: "Trạng thái", kind: "Loại",
};

const HANDLERS = ["complaint_officer", "supervisor", "administrator"];
const reason = (hint) => ({ name: "reason", label: "Lý do", kind: "textarea", needed: true, hint, attributes: { rows: 2, maxlength: 500 } });
const NOBODY = "Không nêu tên ai, không có số điện thoại, địa chỉ của ai.";
const ANSWER = [
	{ name: "text", label: "Trả lời cho người dân", kind: "textarea", needed: true, hint: NOBODY, attributes: { rows: 5 } },
	{ name: "reason", label: "Căn cứ", kind: "textarea", needed: true, hint: `Đã kiểm tra gì, dựa vào đâu. ${NOBODY}`, attributes: { rows: 2 } },
	{ name: "document", label: "Số văn bản", needed: true, hint: "Ví dụ: 1234/SNV-VP", attributes: { maxlength: 300 } },
	{ name: "remedy", label: "Bước tiếp theo nếu không đồng ý", kind: "textarea", needed: true, hint: "Người dân gửi tiếp đến đâu, trong bao lâu.", attributes: { rows: 2 } },
];
const FINDING = { name: "finding", label: "Kết luận", kind: "select", needed: true, options: [["", "Chọn kết luận"], ...Object.entries(FINDINGS)] };

export const VERBS = {
	release: {
		label: "Cho chuyển", before: ["received"], roles: HANDLERS, submit: "Cho chuyển",
		told: "Xác nhận phiếu hợp lệ để giao xử lý. Đơn vị bị nêu vẫn chưa thấy gì cho đến khi được giao. Sau bước này phải giao trong 2 ngày làm việc.",
		fields: [reason("Vào sổ; không nêu tên ai.")],
	},
	assign: {
		label: "Giao xử lý", before: ["released", "assigned", "inspection", "explained"], roles: HANDLERS, submit: "Giao",
		told: "Giao cho một đơn vị hoặc một cán bộ, không phải cả hai. Đơn vị chỉ thấy bản đã lược danh tính; hãy đọc lời kể trước, chỗ nào còn lộ người kể thì viết bản tóm tắt thay. Hạn báo cáo: 5 ngày làm việc.",
		fields: [
			{ name: "unit", label: "Đơn vị", special: "unit" },
			{ name: "person", label: "Hoặc cán bộ", special: "person" },
			{ name: "note", label: "Lời nhắn cho nơi nhận", kind: "textarea", hint: "Không nêu tên ai.", attributes: { rows: 2 } },
			{ name: "text", label: "Bản tóm tắt thay lời kể", kind: "textarea", hint: "Để trống thì đơn vị đọc bản đã lược tự động.", attributes: { rows: 3 } },
			{ name: "files", label: "Ảnh đã xem và cho đơn vị xem", special: "files" },
		],
	},
	inspect: {
		label: "Chuyển đoàn kiểm tra", before: ["received", "released", "assigned", "explained"], roles: HANDLERS, submit: "Chuyển đoàn kiểm tra",
		told: "Từ lúc này, không viết được trả lời khi chưa ghi kết quả của đoàn. Chỉ người phụ trách lấy phiếu ra khỏi đoàn. Người bị nêu không được báo.",
		fields: [{ name: "team", label: "Đoàn kiểm tra", needed: true, attributes: { maxlength: 300 } }, reason("Vào sổ; không nêu tên ai.")],
	},
	findings: {
		label: "Ghi kết quả kiểm tra", before: ["inspection"], roles: HANDLERS, submit: "Ghi kết quả",
		told: "Đoàn đã thấy gì, ghi ở văn bản nào. Sau bước này phải trả lời trong 2 ngày làm việc.",
		fields: [{ name: "text", label: "Kết quả", kind: "textarea", needed: true, attributes: { rows: 4 } }, { name: "document", label: "Số văn bản", needed: true, attributes: { maxlength: 300 } }],
	},
	reply: {
		label: "Báo cáo của đơn vị", before: ["assigned", "explained"], roles: [...HANDLERS, "unit"], submit: "Gửi báo cáo",
		told: "Đơn vị đã kiểm tra gì, vì sao, đã khắc phục thế nào. Thiếu căn cứ hay cách khắc phục thì bị trả lại.",
		fields: [
			{ name: "text", label: "Nội dung báo cáo", kind: "textarea", needed: true, attributes: { rows: 4 } },
			{ name: "reason", label: "Căn cứ", kind: "textarea", hint: "Đã xem hình ảnh, sổ trực, hỏi những ai.", attributes: { rows: 2 } },
			{ name: "remedy", label: "Cách khắc phục", kind: "textarea", hint: "Đã xin lỗi, bố trí lại, nhắc nhở, hướng dẫn.", attributes: { rows: 2 } },
			{ name: "document", label: "Số văn bản", attributes: { maxlength: 300 } },
		],
	},
	explain: {
		label: "Giải trình của người bị nêu", before: ["assigned", "inspection", "explained"], roles: [...HANDLERS, "unit"], submit: "Ghi giải trình",
		told: "Lời của chính người bị nêu. Được giữ kín như lời kể của người dân.",
		fields: [{ name: "text", label: "Giải trình", kind: "textarea", needed: true, attributes: { rows: 4 } }],
	},
	send_back: {
		label: "Trả lại báo cáo", before: ["explained"], roles: HANDLERS, submit: "Trả lại",
		told: "Báo cáo chưa có căn cứ hoặc chưa có cách khắc phục. Đơn vị đọc được lý do và báo cáo lại trong 5 ngày làm việc.",
		fields: [reason("Đơn vị đọc được; nói rõ thiếu gì, không nêu tên người dân.")],
	},
	answer: {
		label: "Viết trả lời", before: ["released", "assigned", "inspection", "explained", "answered"], roles: HANDLERS, submit: "Gửi duyệt",
		told: "Trả lời chờ người thứ hai duyệt rồi mới tới người dân và trang công khai. Người viết không tự duyệt.",
		fields: [FINDING, ...ANSWER], writes: true,
	},
	refer: {
		label: "Thuộc nơi khác", before: ["received", "released", "assigned", "inspection", "explained"], roles: HANDLERS, submit: "Gửi duyệt",
		told: "Trả lời rằng việc thuộc cơ quan khác và chỉ rõ cơ quan nào. Cũng chờ người thứ hai duyệt.",
		fields: [{ name: "body", label: "Cơ quan có thẩm quyền", needed: true, attributes: { maxlength: 300 } }, ...ANSWER], writes: true,
	},
	publish: {
		label: "Duyệt trả lời", before: ["answered"], roles: HANDLERS, submit: "Duyệt trả lời này",
		told: "Anh/chị là người thứ hai: đã đọc hết câu trả lời ở trên và thấy đúng, đủ, không nêu tên ai. Người viết không tự duyệt được.",
		fields: [],
	},
	close: {
		label: "Đóng phiếu", before: ["answered"], roles: HANDLERS, submit: "Đóng phiếu",
		told: "Người dân nhận câu trả lời và trang công khai có thêm một mục. Phải có người thứ hai duyệt trước.",
		fields: [],
	},
	correct: {
		label: "Đính chính", before: ["closed"], roles: HANDLERS, submit: "Gửi duyệt",
		told: "Viết lại cả câu trả lời; bản cũ vẫn được giữ và trang công khai ghi rõ đã sửa gì. Lại chờ người thứ hai duyệt.",
		fields: [{ name: "note", label: "Đã sửa gì", kind: "textarea", needed: true, hint: `Trang công khai ghi câu này. ${NOBODY}`, attributes: { rows: 2 } }, FINDING, ...ANSWER], writes: true,
	},
	park: {
		label: "Để riêng (nghi tin rác)", before: ["received", "released", "parked"], roles: HANDLERS, submit: "Để riêng",
		told: "Không xóa. Người phụ trách làm được ngay; người khác làm là đề nghị, chờ người thứ hai cùng đề nghị.",
		fields: [reason("Vào sổ.")],
	},
	unpark: {
		label: "Đưa trở lại", before: ["parked"], roles: HANDLERS, submit: "Đưa trở lại",
		told: "Phiếu không phải tin rác: trở về mới nhận và được tính hạn lại.",
		fields: [reason("Vào sổ.")],
	},
};
// What usually comes next stands first.
const NEXT = { received: ["release"], released: ["assign"], assigned: ["reply"], inspection: ["findings", "answer"], explained: ["answer", "send_back"], answered: ["publish", "close"], closed: ["correct"], parked: ["unpark"] };
// With a case about the own office its supervisor does no more than hand it to somebody outside.
export const PASSING_ON = ["inspect", "refer", "publish", "close"];

/** What may be offered of a case to somebody: [verb, true where its state allows it]. */
export function offered(view, user) {
	const likely = NEXT[view.status] || [];
	const order = (verb) => (likely.includes(verb) ? likely.indexOf(verb) : 99);
	return Object.entries(VERBS).sort(([one], [other]) => order(one) - order(other))
		.filter(([verb, { roles }]) => roles.includes(user.role) && (view.level !== "status" || PASSING_ON.includes(verb)))
		.map(([verb, { before }]) => [verb, before.includes(view.status) && !(verb === "publish" && view.published) && !(verb === "park" && view.status === "parked" && user.role !== "supervisor")]);
}
