/* Đúng, sai, lỗi thời, thiếu: one key says it, and a note may follow. */

import { button, el } from "../dom.js";
import { VERDICTS } from "../words/words.js";

/** A row of four buttons on a subject {kind, id, item?, facet?}; `question` is what was asked, `first` stands before
 * them. Returns a node. */
export function verdictRow(app, subject, question, first = null) {
	const said = el("div.verdict-said", { role: "status" });
	const row = el("div.verdicts", { role: "group", "aria-label": "Chấm gợi ý này" });
	const give = async (verdict, note = "") => {
		try {
			await app.api.post("console/verdicts", { subject, question, verdict: verdict.code, note });
		} catch (problem) {
			app.fail(problem);
			return false;
		}
		row.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.code === verdict.code)));
		return true;
	};
	for (const verdict of VERDICTS) {
		row.append(button("chip", verdict.label, async () => {
			if (!await give(verdict)) return;
			if (verdict.code === "dung") { said.replaceChildren("Đã ghi: đúng."); return; }
			const note = el("input", { type: "text", maxlength: 500, placeholder: "Ghi thêm cho người sửa dữ liệu (không bắt buộc)", "aria-label": "Ghi thêm cho người sửa dữ liệu" });
			const send = async () => { if (await give(verdict, note.value.trim())) said.replaceChildren("Đã ghi cả lời nhắn."); };
			note.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); if (note.value.trim()) send(); } });
			said.replaceChildren(`Đã ghi: ${verdict.label.toLowerCase()}. `, el("span.with-button", note, button("small", "Gửi lời nhắn", () => { if (note.value.trim()) send(); else note.focus(); })));
		}, { "data-code": verdict.code, "aria-pressed": "false" }));
	}
	return el("div.verdict", el("div.card-foot", first, row), said);
}
