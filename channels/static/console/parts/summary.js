/* A conversation's state in words. */

import { el, icon } from "../dom.js";
import { NOW, since } from "../time.js";
import { REASONS, capital, colleague } from "../words/words.js";

/** Who has a conversation. */
export function ownerText(summary, me) {
	if (summary.closed_at) return "Đã đóng · trợ lý trả lời tiếp";
	if (summary.owner === "OPERATOR" && summary.attended_by) {
		return summary.attended_by.id === me ? "Anh/chị đang trả lời" : `${capital(colleague(summary.attended_by))} đang trả lời`;
	}
	if (summary.owner === "WAITING") {
		const waited = since(summary.waiting_since || summary.last_at);
		return waited === NOW ? "Vừa vào hàng chờ" : `Đang chờ ${waited}`;
	}
	return "Trợ lý đang trả lời";
}

/** Why a person is wanted, with a drawing of its own. */
export function reasonMark(summary) {
	const reason = REASONS[summary.reason];
	return reason && el(`span.mark.${summary.reason}`, icon(reason.icon), reason.label);
}
