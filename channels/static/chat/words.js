/* The interface's own words: Vietnamese, or English where the citizen asks for it. What the assistant says stays. */

const ENGLISH = {
	"trợ lý tự động": "automatic assistant",
	"Sở Nội vụ Hà Nội": "Hà Nội Home Affairs",
	"Cuộc trò chuyện mới": "New conversation",
	"Tùy chọn": "Options",
	"Đóng": "Close",
	"Nội dung trò chuyện": "Conversation",
	"Anh/chị cứ hỏi như thế này, không dấu cũng được": "You can ask like this, in Vietnamese",
	"Tin mới": "New message",
	"Đang gửi tệp": "Sending the file",
	"Gửi ảnh, ghi âm hoặc PDF": "Send a photo, a recording or a PDF",
	"Ghi âm": "Record your voice",
	"Đang ghi âm": "Recording",
	"Bỏ ghi âm": "Discard",
	"Gửi ghi âm": "Send recording",
	"Máy không cho dùng micrô. Anh/chị nhắn chữ giúp tôi.": "The microphone is not available. Please type.",
	"Câu hỏi của anh/chị": "Your question",
	"Nhắn ở đây": "Write here",
	"Gửi tin nhắn": "Send message",
	"Khẩn cấp, xin gọi": "Emergency, call",
	"công an": "police", "chữa cháy": "fire", "cấp cứu": "ambulance",
	"Thông báo": "Notices",
	"Bắt đầu cuộc trò chuyện mới?": "Start a new conversation?",
	"Nội dung đang hiện sẽ không xem lại được trên máy này.": "What is shown now cannot be seen again on this device.",
	"Muốn hỏi kết quả phải có hai mã của phiếu. Anh/chị đã chụp màn hình hay viết ra giấy chưa?": "To ask for the result you need both codes of your report. Have you written them down or taken a picture?",
	"Giữ lại": "Keep", "Bắt đầu mới": "Start anew",
	"Cỡ chữ": "Text size", "Vừa": "Normal", "Lớn": "Large", "Rất lớn": "Largest",
	"Tương phản cao": "High contrast",
	"Chấm điểm trợ lý": "Rate the assistant", "{n} điểm": "{n} of 5",
	"Tải nội dung trò chuyện": "Download the conversation",
	"Xóa nội dung trò chuyện": "Clear the conversation",
	"Xóa nội dung trò chuyện?": "Clear the conversation?",
	"Lời đã nhắn và tệp chưa gửi kèm phiếu sẽ bị xóa ở máy này và ở máy chủ, không lấy lại được.": "Your messages, and files not sent with a report, will be erased here and on the server for good.",
	"Phiếu phản ánh đã gửi thì vẫn còn và vẫn được giải quyết; anh/chị tra bằng hai mã của phiếu.": "A report that was sent remains and is still handled; look it up with its two codes.",
	"Xóa": "Erase",
	"Đã xóa nội dung trò chuyện trước. Phiếu phản ánh đã gửi thì vẫn còn.": "The earlier conversation was erased. A report that was sent remains.",
	"Tôi còn đang trả lời. Anh/chị chờ vài giây rồi xóa lại giúp tôi.": "I am still answering. Please try again in a few seconds.",
	"Chưa xóa được, mạng đang chập chờn. Anh/chị thử lại giúp tôi.": "Not erased: the connection failed. Please try again.",
	"Chưa tải được, mạng đang chập chờn. Anh/chị thử lại giúp tôi.": "Not downloaded: the connection failed. Please try again.",
	"Máy đang mất mạng. Tin anh/chị viết được giữ lại và gửi đi khi có mạng.": "You are offline. What you write is kept and sent later.",
	"Đang nối lại với máy chủ, xin anh/chị chờ một chút…": "Reconnecting, please wait a moment…",
	"Phiên trò chuyện trước đã hết hạn. Đây là cuộc trò chuyện mới.": "The earlier conversation has expired. This is a new one.",
	"Cuộc trò chuyện trước đã kết thúc ở một trang khác.": "The earlier conversation was ended on another page.",
	"Tin dài quá {most} ký tự (thừa {n}). Anh/chị chia thành nhiều tin giúp tôi.": "Longer than {most} characters (by {n}). Please split it.",
	"đã có {n}/{all}": "{n} of {all} ready", "{n} loại": "{n} papers", "{n} bước": "{n} steps", "{n} mục.": "{n} items.",
	"Xem tiếp {n} mục": "Show {n} more", "Thu gọn": "Show less", "Xem thêm": "Show more", "Các bước": "Steps",
	"(mở trang mới)": "(opens a new page)",
	"Chép hai mã": "Copy both codes", "Đã chép hai mã": "Both codes copied",
	"Máy không cho chép; anh/chị chụp màn hình giúp tôi": "Copying is not allowed; please take a screenshot",
	"Mã phiếu": "Report number", "Mã bí mật": "Secret code",
	"Xin chụp màn hình hoặc viết hai mã ra giấy.": "Take a screenshot or write both codes down.",
	"Mất mã bí mật thì không hỏi kết quả ở đây được nữa; phản ánh vẫn được giải quyết.": "Without the secret code you cannot ask for the result here; the report is still handled.",
	"(tin trống)": "(empty)", "Anh/chị: ": "You: ", "Nguồn của câu trả lời": "Sources of this answer",
	"Nghe": "Listen", "Dừng đọc": "Stop", "Dễ hiểu hơn": "Plainer words", "Nói dễ hiểu hơn": "In plainer words",
	"Sửa lại": "Correct", "Chọn nhanh": "Quick replies", "Có {n} lựa chọn nhanh.": "{n} quick replies.",
	"Sẽ tự gửi khi có mạng": "Will be sent when you are online", "Chưa tới nơi, tôi đang tự gửi lại": "Not delivered yet, trying again",
	"Gửi lại ngay": "Send now", "Xóa tin": "Delete", "Tin này không gửi được.": "This message could not be sent.",
	"Tôi đang xem tin của anh/chị…": "Reading your message…",
	"Tôi chưa mở được ảnh dạng này.": "I cannot open this kind of photo.", "Tệp lớn quá 10 MB. Nếu là ảnh:": "Larger than 10 MB. If it is a photo:",
	"Anh/chị mở ảnh lên, chụp lại màn hình rồi gửi ảnh chụp đó giúp tôi.": "Open it, take a screenshot and send that.",
	"Chưa gửi được tệp, mạng đang chập chờn. Anh/chị thử lại giúp tôi.": "Not sent: the connection failed. Please try again.",
	"Chưa gửi được tệp này.": "This file could not be sent.",
	"Hỏi Tiếp Dân": "Ask Tiếp Dân", "{n} tin mới": "{n} new",
};
const SHOWN = ["aria-label", "placeholder"];
const originals = new WeakMap();
let language = "vi";

/** Return the interface's words in the chosen language, with {names} filled in. */
export function t(words, values = {}) {
	const said = (language === "en" && ENGLISH[words]) || words;
	return said.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function chosenLanguage() { return language; }

function original(node, name, now) {
	const known = originals.get(node) || {};
	known[name] = known[name] || now;
	originals.set(node, known);
	return known[name];
}

/** Put the words of the markup under `root` in a language; what is said later comes from `t`. */
export function translate(root, next) {
	language = next;
	const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
	while (walk.nextNode()) {
		const node = walk.currentNode;
		if (node.nodeType === Node.TEXT_NODE) {
			const first = original(node, "text", node.data);
			if (ENGLISH[first.trim()]) node.data = first.replace(first.trim(), t(first.trim()));
			continue;
		}
		for (const name of SHOWN) if (node.hasAttribute(name)) node.setAttribute(name, t(original(node, name, node.getAttribute(name))));
	}
}
