/* One procedure as it is told to a caller: sentences to read aloud, whether it holds, what to tick. */

import { button, copy, el, HOME, icon, rows, sr, uri } from "../dom.js";
import { showDialog } from "../dialog.js";
import { date } from "../time.js";
import { VERDICTS } from "../words/words.js";
import { sourceList } from "./replies.js";
import { lightMark, whyText } from "./suggestions.js";
import { verdictRow } from "./verdicts.js";

export class Answer {
	/** `call()` is the open call of one's own, or null; `looked(procedure, facet)` notes what was opened. */
	constructor(app, keys, { call, looked }) {
		Object.assign(this, { app, call, looked });
		this.item = null;
		this.question = "";
		this.ticked = new Map();
		this.asking = null;
		this.copying = button("", "Chép", () => this.copy(), icon("case"));
		this.sending = button("primary", "Gửi cho người gọi", () => this.send(), icon("send"));
		this.printing = button("", "In", () => this.print());
		keys.add("c", "chép câu trả lời", this.copying);
		keys.add("m", "gửi cho người gọi bằng mã", this.sending);
		keys.add("p", "in phiếu hướng dẫn", this.printing);
		for (const verdict of VERDICTS) keys.add(verdict.key, `chấm thủ tục đang mở: ${verdict.label.toLowerCase()}`, () => { const press = this.node.querySelector(`[data-code=${verdict.code}]`); if (press) press.click(); });
		this.node = el("article.told-answer", { ...HOME, "aria-label": "Câu trả lời để đọc" });
		this.sheet = el("section.print-sheet", { "aria-hidden": "true" });
		this.empty();
	}

	stop() { if (this.asking) this.asking.abort(); }

	empty() { this.node.replaceChildren(el("p.empty", "Gõ câu hỏi ở ô tìm. Thủ tục tìm thấy hiện bên cạnh; câu để đọc cho người gọi hiện ở đây.")); }

	/** A new caller: nothing is ticked. */
	reset() { this.ticked.clear(); this.item = null; this.empty(); }

	show(item, question) {
		this.item = item;
		this.question = question;
		const done = this.ticked.get(item.procedure_id) || new Set();
		this.ticked.set(item.procedure_id, done);
		const count = el("span.count");
		const counted = () => { count.textContent = ` ${item.checklist.filter(({ id }) => done.has(id)).length}/${item.checklist.length}`; };
		counted();
		this.sending.hidden = !this.call();
		this.node.replaceChildren(...[
			el("header", el("h2", item.title), el("p.line", lightMark(item.light), el("span.sure", item.confidence), el("span.level", item.level), item.code && el("span.level", item.code))),
			el("div.sides", { role: "group", "aria-label": "Hỏi về" }, ...item.facets.map(({ facet, label }) => button("chip", label, () => this.turn(facet), { "aria-pressed": String(facet === item.facet) }))),
			el("div.script", { "aria-label": "Đọc cho người gọi", role: "group" }, ...item.script.map((sentence) => el("p", sentence))),
			el("div.answer-acts", this.copying, this.sending, this.printing),
			item.checklist.length > 0 && el("fieldset.checklist", el("legend", "Giấy tờ", count), ...item.checklist.map((line) => el("label.check",
				el("input", { type: "checkbox", checked: done.has(line.id), onchange: ({ target }) => { if (target.checked) done.add(line.id); else done.delete(line.id); counted(); } }),
				el("span", line.text, line.note && el("small", line.note))))),
			rows([
				["Nộp hôm nay thì", item.due_if_today && `${item.due_if_today.text} (${date(item.due_if_today.date)})`],
				["Quyết định", item.decision && [item.decision.number, item.decision.date && `ngày ${date(item.decision.date)}`, item.decision.issuer].filter(Boolean).join(", ")],
				["Căn cứ", item.basis],
				["Vì sao hiện", whyText(item.why)],
			]),
			sourceList(item.sources),
			verdictRow(this.app, { kind: "procedure", id: item.procedure_id, facet: item.facet }, question),
		].filter(Boolean));
	}

	focus() { this.node.focus({ preventScroll: true }); }

	/** Another side of the same procedure. */
	async turn(facet) {
		const { item, question } = this;
		this.stop();
		const asking = new AbortController();
		this.asking = asking;
		try {
			const { items } = await this.app.api.get("console/suggest", { q: question.slice(0, 400), facet, limit: 10 }, { signal: asking.signal });
			let next = items.find(({ procedure_id: id, facet: side }) => id === item.procedure_id && side === facet);
			if (!next) {
				const sheet = await this.app.api.get(`console/procedures/${uri(item.procedure_id)}`, null, { signal: asking.signal });
				const side = sheet.facets.find((one) => one.facet === facet);
				if (!side) return;
				next = { ...item, facet, facet_label: side.label, script: [side.text, ...side.items].filter(Boolean), sources: side.sources };
			}
			if (this.item !== item) return;
			this.show(next, question);
			const press = this.node.querySelector(".sides [aria-pressed=true]");
			if (press) press.focus();
			this.looked(next.procedure_id, facet);
		} catch (problem) { this.app.fail(problem); }
	}

	async copy() {
		if (!this.item) return;
		try {
			await copy([this.item.title, ...this.item.script].join("\n"));
			this.app.say("Đã chép câu trả lời.");
		} catch { this.app.say("Trình duyệt không cho chép.", ".bad"); }
	}

	/** A code for the caller: typed on Zalo, Telegram or the web page, it brings this answer. */
	async send() {
		const call = this.call();
		if (!this.item || !call) return;
		this.sending.disabled = true;
		try {
			const { code, text } = await this.app.api.post(`console/calls/${uri(call.id)}/send`, { procedure_id: this.item.procedure_id, facet: this.item.facet });
			showDialog({ title: "Đọc mã này cho người gọi", body: [el("p.big-code.code", code), el("p.script", text)], close: "Xong" });
		} catch (problem) {
			this.app.fail(problem);
		} finally { this.sending.disabled = false; }
	}

	async print() {
		if (!this.item) return;
		try {
			const sheet = await this.app.api.get(`console/procedures/${uri(this.item.procedure_id)}`);
			const list = (items) => items.length > 0 && el("ul", ...items.map((one) => el("li", one)));
			this.sheet.replaceChildren(el("h2", sheet.title), el("p", [sheet.level, sheet.code, sheet.light.text].filter(Boolean).join(" · ")),
				...sheet.facets.map(({ label, text, items, sources }) => el("section", el("h3", label), text && el("p", text), list(items), sources.length > 0 && el("small", sources.map((one) => one.label).join("; ")))),
				(sheet.checklist || []).length > 0 && el("section", el("h3", "Giấy tờ cần mang"), list(sheet.checklist.map(({ text, note }) => `☐ ${text}${note ? ` (${note})` : ""}`))) || sr(""));
			window.print();
		} catch (problem) { this.app.fail(problem); }
	}
}
