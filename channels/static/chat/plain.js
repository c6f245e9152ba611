/* Office words in everyday ones. Only what is true wherever the word stands is written here. */

const TERMS = [
	["thành phần hồ sơ", "các giấy tờ phải nộp"],
	["bản chính", "tờ giấy gốc, không phải bản chụp"],
	["bản sao chứng thực|bản sao có chứng thực", "bản chụp đã được phường, xã hoặc phòng công chứng đóng dấu là giống bản gốc"],
	["bản sao y", "bản chụp được cơ quan đóng dấu là giống bản gốc"],
	["chứng thực", "cơ quan đóng dấu xác nhận chữ ký hoặc bản chụp là thật"],
	["ngày làm việc", "không tính thứ Bảy, Chủ nhật và ngày lễ"],
	["thẩm định", "cơ quan xem xét kỹ xem hồ sơ có đúng không"],
	["thẩm quyền", "quyền được giải quyết"],
	["lệ phí", "tiền phải trả cho Nhà nước khi làm thủ tục"],
	["bưu chính công ích", "gửi qua bưu điện, không phải tự đi"],
	["trực tuyến", "làm trên mạng, không phải tự đi"],
	["Cổng Dịch vụ công", "trang mạng của Nhà nước để nộp hồ sơ"],
	["một cửa", "nơi nhận và trả hồ sơ của phường, xã hoặc sở"],
	["phiếu lý lịch tư pháp", "giấy ghi một người có án tích hay không, xin ở cơ quan công an"],
	["sơ yếu lý lịch", "giấy kê khai về bản thân và gia đình"],
	["điều lệ", "bản quy định cách tổ chức và làm việc của hội"],
	["căn cứ pháp lý", "văn bản luật làm cơ sở"],
	["hợp lệ", "đủ và đúng như quy định"],
	["ủy quyền", "viết giấy nhờ người khác làm thay"],
	["gia hạn", "xin thêm thời gian"],
	["thu hồi", "lấy lại, không cho dùng nữa"],
	["trích lục", "bản chép lại từ sổ của cơ quan"],
].map(([words, meaning]) => [new RegExp(`(?:^|[^\\p{L}])(${words})(?![\\p{L}])`, "iu"), meaning]);
const MOST = 6;

/** Return [word as written, meaning] of the office words in an answer, in the order of the list. */
export function plainly(body) {
	const blocks = body.blocks || [];
	const told = [body.text, ...blocks.flatMap(({ title, text, items }) => [title, text, ...(items || [])])].join("\n");
	const found = [];
	for (const [pattern, meaning] of TERMS) {
		const [, term] = pattern.exec(told) || [];
		if (term && !found.some(([word]) => word.toLowerCase().includes(term.toLowerCase()))) found.push([term, meaning]);
	}
	return found.slice(0, MOST);
}
