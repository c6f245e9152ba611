/* Questions that were not answered well: grouped, masked, decided on by an editor. Notes to editors stand below. */

import { button, calm, el, expected, HOME, icon, uri } from "../dom.js";
import { field, form } from "../form.js";
import { moment } from "../time.js";
import { GAPS } from "../words/calls.js";
import { VERDICTS } from "../words/words.js";
import { explain } from "../words/problems.js";

const DECISIONS = [
	["example", "Học câu này", "Câu hỏi thành ví dụ cho thủ tục. Bỏ mọi điều riêng của người hỏi."],
	["alias", "Thêm tên gọi", "Cách gọi khác của thủ tục, như người dân nói."],
	["note", "Nhắn người biên tập", "Dữ liệu cần sửa hay bổ sung gì."],
	["dismiss", "Bỏ qua", "Không làm gì; nhóm này đóng lại."],
];

class Review {
	constructor(app, main) {
		this.app = app;
		this.closed = false;
		this.kind = "";
		this.keys = app.keys.scope("Duyệt học");
		this.keys.add("j", "xuống một nhóm", () => this.move(1));
		this.keys.add("k", "lên một nhóm", () => this.move(-1));
		this.tabs = el("div.tabs", { role: "group", "aria-label": "Lọc" }, ...[["", "Tất cả"], ...Object.entries(GAPS)].map(([kind, label]) => button("tab", label, () => { this.kind = kind; this.read(); }, { "data-kind": kind, "aria-pressed": String(!kind) })));
		this.status = el("p.hint", { role: "status" }, "Đang đọc…");
		this.list = el("ol.groups");
		this.notes = el("div");
		this.node = el("div.page.review", HOME, el("div.filters", this.tabs), this.status, this.list, this.notes);
		main.append(this.node);
		this.read();
	}

	close() {
		this.closed = true;
		this.keys.close();
	}

	async read() {
		const { kind } = this;
		for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.kind === kind));
		try {
			const [{ groups }, { notes }] = await Promise.all([this.app.api.get("console/review", { kind }), this.app.api.get("console/notes")]);
			if (this.closed || kind !== this.kind) return;
			this.status.textContent = groups.length ? `${groups.length} nhóm câu hỏi chờ quyết định. Học xong vẫn chờ người quản trị cập nhật.` : "Không còn nhóm nào chờ.";
			this.list.replaceChildren(...groups.map((group) => this.group(group)));
			this.showNotes(notes);
		} catch (problem) {
			expected(problem);
			if (this.closed || problem.status === 401) return;
			this.status.replaceChildren(explain(problem), " ", button("link", "Thử lại", () => this.read()));
		}
	}

	group(group) {
		const place = el("div.decide");
		const presses = DECISIONS.map(([code, label]) => button("small", label, () => {
			presses.forEach((press) => press.setAttribute("aria-expanded", String(press.dataset.code === code)));
			this.decide(group, code, place, node);
		}, { "data-code": code, "aria-expanded": "false", "aria-label": `${label}: ${group.title}` }));
		const node = el("li.group", { tabindex: "-1", "aria-label": group.title },
			el("div.line", el("h2", group.title), el("span.status", `${group.count} lần`), ...group.kinds.map((kind) => el("span.mark", GAPS[kind] || kind)), el("time", moment(group.last_at))),
			group.procedure && el("p.hint", `${group.kinds.some((kind) => kind === "refused" || kind === "clarified") ? "Gần nhất" : "Đã trả lời bằng"}: ${group.procedure.title}`),
			el("ul.questions", ...group.questions.map((question) => el("li.words", question))),
			el("div.answer-acts", ...presses), place);
		return node;
	}

	decide(group, code, place, node) {
		const [, label, hint] = DECISIONS.find(([one]) => one === code);
		const picker = code === "dismiss" ? null : this.picker(group, code !== "note");
		const text = field({ name: "text", label: { example: "Câu để học", alias: "Tên gọi", note: "Lời nhắn", dismiss: "Lý do (không bắt buộc)" }[code], kind: code === "alias" ? "text" : "textarea", needed: code === "alias" || code === "note", value: code === "example" ? group.questions[0] || "" : "", attributes: { maxlength: 2000, rows: 2 } });
		const page = form({
			before: el("p.hint", hint), fields: [picker && picker.field, text].filter(Boolean), submit: label, shape: "form.note-form",
			check: ({ text: told }) => ({ ...(picker && !picker.chosen() ? { procedure_id: "Chọn một thủ tục trong danh sách." } : {}), ...(text.node.querySelector(".needed") && !told.trim() ? { text: "Cần ghi." } : {}) }),
			send: ({ text: told }) => this.app.api.post(`console/review/${uri(group.id)}`, { decision: code, text: told.trim(), procedure_id: picker ? picker.chosen() : null }),
			done: () => {
				const next = node.nextElementSibling || node.previousElementSibling;
				node.remove();
				if (next) next.focus();
				this.app.say("Đã quyết định.");
				this.read();
			},
		});
		place.replaceChildren(page.node);
		(code === "dismiss" ? page.press : text).focus();
	}

	/** Which procedure it is about: found by words. */
	picker(group) {
		let chosen = group.procedure ? group.procedure.id : null;
		const found = field({ name: "procedure_id", label: "Thủ tục", needed: true, value: group.procedure ? group.procedure.title : "", attributes: { maxlength: 400 } });
		const options = el("div.choices", { role: "group", "aria-label": "Chọn thủ tục" });
		found.node.append(options);
		const find = calm(async () => {
			const words = found.value.trim();
			const { items } = words ? await this.app.api.get("console/suggest", { q: words, limit: 5 }).catch(() => ({ items: [] })) : { items: [] };
			if (words !== found.value.trim()) return;
			options.replaceChildren(...items.map(({ procedure_id: id, title, level }) => button("chip", `${title} (${level})`, () => {
				if (found.value.trim() !== words) return;
				chosen = id;
				found.value = title;
				options.replaceChildren();
				found.focus();
			})));
		}, 150);
		found.input.addEventListener("input", () => { chosen = null; find(); });
		if (!chosen) { found.value = group.title; find(); }
		return { field: found, chosen: () => chosen };
	}

	showNotes(notes) {
		this.notes.replaceChildren(notes.length > 0 && el("section", { "aria-label": "Lời nhắn cho người biên tập" }, el("h2", `Lời nhắn cho người biên tập (${notes.length})`), el("ul.tasks", ...notes.map((note) => el("li.task", icon("task"),
			el("div", el("strong", `${note.procedure_id} · ${(VERDICTS.find(({ code }) => code === note.kind) || { label: GAPS[note.kind] || note.kind }).label}`), el("p.words", note.text), note.question && el("p.hint", `Câu hỏi: ${note.question}`), el("small", moment(note.at))),
			button("", "Xong", async () => {
				try {
					await this.app.api.post(`console/notes/${uri(note.id)}/done`);
					this.app.say("Đã xong một lời nhắn.");
					this.read();
				} catch (problem) { this.app.fail(problem); }
			}, { "aria-label": `Xong lời nhắn về ${note.procedure_id}` }))))) || "");
	}

	move(step) {
		const groups = [...this.list.children];
		if (!groups.length) return;
		const at = groups.findIndex((node) => node.contains(document.activeElement));
		groups[Math.min(groups.length - 1, Math.max(0, at + step))].focus();
	}
}

export function open(app, main) {
	const review = new Review(app, main);
	return { update: () => review.read(), close: () => review.close() };
}
