/* The page of a case: where it stands, what was told, what was done, and what may be done next. */

import { button, copy, el, expected, HOME, icon, rows, uri } from "../dom.js";
import { date, day, due, moment } from "../time.js";
import { ENTRIES, FINDINGS, IDENTITIES, DESKS, LEVELS, PARTS, STATUSES, WAY } from "../words/cases.js";
import { explain } from "../words/problems.js";
import { HIDDEN, lacking } from "../words/refusals.js";
import { CHANNELS } from "../words/words.js";
import { folding } from "./replies.js";
import { filesSection, revealSection } from "./case_sealed.js";
import { verbsSection } from "./case_verbs.js";

const WRITES = ["answer", "refer", "correct"];
const ACTORS = { citizen: "Người dân", backend: "Hệ thống xử lý", system: "Tự động" };

export class CasePage {
	constructor(app, main, id) {
		Object.assign(this, { app, main, id });
		this.closed = false;
		this.chosen = "";
		this.node = el("div.page.case", HOME, el("p.empty", { role: "status" }, "Đang mở phiếu…"));
		main.append(this.node);
		app.title("Phiếu phản ánh");
		this.read();
	}

	close() {
		this.closed = true;
		if (this.hide) this.hide();
	}

	async read() {
		const { api } = this.app;
		const at = `desk/cases/${uri(this.id)}`;
		try {
			const [view, timeline, words] = await Promise.all([api.get(at), api.get(`${at}/timeline`), this.app.directory()]);
			const files = view.files ? await api.get(`${at}/files`).catch(() => []) : [];
			if (this.closed) return;
			Object.assign(this, { view, timeline, words, files });
			this.show();
		} catch (problem) {
			expected(problem);
			if (this.closed || problem.status === 401) return;
			this.node.replaceChildren(el("div.refusal", { role: "alert", tabindex: "-1" }, el("p", icon("lock"), el("span", problem.status === 404 || problem.status === 403 ? HIDDEN : explain(problem)))),
				el("p", el("a.button", { href: "#phieu" }, "Về danh sách")));
			this.node.querySelector(".refusal").focus();
		}
	}

	unit(id) { return (this.words.units.find((one) => one.id === id) || { name: id }).name; }

	person(id) { return ACTORS[id] || (id === this.app.user.id ? "Anh/chị" : (this.words.people.find((one) => one.id === id) || { name: id }).name); }

	/** The entry that wrote the answer as it stands. */
	written() { return [...this.timeline].reverse().find(({ kind }) => WRITES.includes(kind)); }

	/** What the unit's last report lacks. */
	lacking() {
		const last = [...this.timeline].reverse().find(({ kind }) => kind === "reply");
		return last && this.view.level === "full" ? lacking(last.body) : [];
	}

	show() {
		const { view } = this;
		if (this.hide) this.hide();
		const reveal = revealSection(this);
		this.hide = reveal && reveal.hide;
		this.app.title("Phiếu phản ánh", view.number);
		const level = this.app.user.role === "auditor" ? "Kiểm soát chỉ thấy trạng thái và ngày tháng." : LEVELS[view.level];
		this.node.replaceChildren(
			this.header(), this.answer() || "",
			el("div.case-columns",
				el("div.case-told",
					level && el("p.level", icon("lock"), level),
					this.told(), filesSection(this) || "", this.history()),
				el("div.case-next", verbsSection(this), reveal ? reveal.node : "")));
	}

	header() {
		const { view } = this;
		const at = WAY.indexOf(view.status === "inspection" ? "assigned" : view.status);
		const told = due(view.due_on);
		return el("header.case-head",
			el("div.line", el("a.back", { href: "#phieu" }, icon("back"), "Danh sách"),
				el("h2", view.number), button("small", "Chép số", async () => { await copy(view.number); this.app.say("Đã chép số phiếu."); }),
				view.access === "restricted" && el("span.mark.severity", icon("lock"), "Hạn chế: chỉ cán bộ xử lý và người phụ trách"),
				view.reopened && el("span.mark.failed", icon("question"), "Xem lại theo yêu cầu")),
			rows([
				["Trạng thái", el(`span.status.${view.status}`, STATUSES[view.status] || view.status)],
				["Hạn bước này", view.due_on && el(`span.due${told.late ? ".late" : told.soon ? ".soon" : ""}`, told.late && icon("alert"), `${date(view.due_on)}, ${told.text}`)],
				["Mức", view.severity && `${view.severity}/5`],
				["Đang giữ", view.assigned_unit ? this.unit(view.assigned_unit) : view.assigned_to && this.person(view.assigned_to)],
				["Nhận", view.level === "redacted" ? day(view.received_at) : moment(view.received_at)],
			], "dl.strip"),
			at >= 0 ? el("ol.way", { "aria-label": "Các bước" }, ...WAY.map((status, place) => el(`li${place < at ? ".done" : ""}`, place === at ? { "aria-current": "step" } : {}, place < at && icon("check"), view.status === "inspection" && place === at ? STATUSES.inspection : STATUSES[status]))) : "");
	}

	answer() {
		const { view } = this;
		if (!view.answer) return null;
		const written = this.written();
		const state = view.status === "closed" ? "Người dân đã nhận" : view.published ? "Đã có người thứ hai duyệt" : "Chờ người thứ hai duyệt";
		return el("section.answer-box", { "aria-labelledby": "answer-h" },
			el("h3", { id: "answer-h" }, "Câu trả lời ", el(`span.status.${view.published ? "closed" : "answered"}`, state)),
			written && el("p.hint", `${this.person(written.actor)} viết lúc ${moment(written.at)}.`),
			rows([["Kết luận", el("strong", FINDINGS[view.answer.finding] || view.answer.finding)], ["Trả lời", el("p.words", view.answer.text)], ["Căn cứ", el("p.words", view.answer.reason)], ["Văn bản", view.answer.document], ["Bước tiếp theo", el("p.words", view.answer.remedy)]]));
	}

	told() {
		const { view, words } = this;
		const story = view.story || {};
		const counter = [DESKS[view.desk], view.counter && `quầy ${view.counter}`].filter(Boolean).join(", ");
		return el("section", { "aria-labelledby": "told-h" }, el("h3", { id: "told-h" }, "Nội dung phản ánh"),
			rows([
				["Việc bị nêu", view.behaviours.map((code) => words.behaviours[code] || code).join("; ")],
				["Loại", words.kinds[view.input_type] || view.input_type],
				["Đơn vị bị nêu", view.unit ? [this.unit(view.unit), view.unit_former && ` (trước là ${view.unit_former})`] : (view.unit_options || []).length ? `chưa rõ: ${view.unit_options.map((id) => this.unit(id)).join(", ")}` : "chưa rõ"],
				["Nơi gặp", counter],
				["Người bị nêu", view.staff],
				["Ngày xảy ra", view.event_date && [date(view.event_date), view.event_time && ` lúc ${view.event_time.slice(0, 5)}`].filter(Boolean).join("")],
				["Thủ tục", view.procedure], ["Mã hồ sơ", view.dossier_code],
				["Lời đã nói", story.said], ["Chờ", story.waited_minutes && `${story.waited_minutes} phút`], ["Số lần đi", story.visits],
				["Số tiền", story.amount && `${Number(story.amount).toLocaleString("vi-VN")} đồng`], ["Người chứng kiến", story.witnesses],
				["Chứng cứ", (story.evidence || []).join("; ")], ["Mong muốn", story.wanted],
				["Cách gửi", IDENTITIES[view.identity]], ["Liên hệ", view.contact], ["Kênh", view.channel && (CHANNELS[view.channel] || view.channel)],
				["Lời nhắn kèm", view.note], ["Mã bên xử lý", view.backend_reference],
			], "dl.facts.two"),
			view.narrative && el("div.story", el("h4", view.level === "redacted" ? "Lời kể (đã lược)" : "Lời kể (số riêng đã che)"), folding(el("p.words", view.narrative), view.narrative.length > 900)));
	}

	history() {
		return el("section", { "aria-labelledby": "history-h" }, el("h3", { id: "history-h" }, "Đã làm gì"),
			el("ol.timeline", ...[...this.timeline].reverse().map((entry) => this.entry(entry))));
	}

	entry({ kind, at, actor, body }) {
		const value = (name, given) => {
			if (name === "finding") return FINDINGS[given] || given;
			if (name === "unit") return this.unit(given);
			if (name === "person") return this.person(given);
			return typeof given === "object" ? JSON.stringify(given) : el("p.words", String(given));
		};
		const missing = kind === "reply" && this.view.level === "full" ? lacking(body) : [];
		return el("li", el("p.who", el("strong", ENTRIES[kind] || kind), actor && ` · ${this.person(actor)}`, " · ", el("time", { datetime: at }, this.view.level === "redacted" ? day(at) : moment(at))),
			rows([...Object.entries(PARTS).filter(([name]) => name in body).map(([name, label]) => [label, value(name, body[name])]), ["Ảnh cho xem", (body.files || []).length || null]]),
			missing.length > 0 && el("p.lacking", icon("alert"), `Báo cáo này chưa có ${missing.join(" và ")}: trả lại được.`));
	}
}
