/* One call: who has it, what is being said, what is done with it. What is said is not pushed: it is read again. */

import { button, caseLink, el, expected, icon, uri } from "../dom.js";
import { field, formDialog, reasonDialog } from "../form.js";
import { clock } from "../time.js";
import { explain } from "../words/problems.js";
import { capital, colleague } from "../words/words.js";
import { CALL_STATES, SIDES } from "../words/calls.js";
import { dialButton } from "./dial.js";
import { summaryBox, wrapUp } from "./wrap_up.js";

const READ_MS = 1000;
const SHOWN_MS = 120000;

export class OpenCall {
	/** `follow(items)` takes what the caller's words lead to, `changed()` tells that the lists must be read. */
	constructor(app, keys, name, { follow, changed }) {
		Object.assign(this, { app, keys, name, follow, changed });
		this.call = null;
		this.closed = false;
		this.upto = -1;
		this.lines = new Map();
		this.head = el("div.call-head", el("p.hint", { role: "status" }, "Đang mở cuộc gọi…"));
		this.takeLabel = el("span", "Nghe cuộc này");
		this.take = button("primary", this.takeLabel, () => this.act("answer", "Anh/chị đã nhận cuộc gọi."), icon("phone"));
		this.wrapping = button("primary", "Kết thúc ghi", () => this.wrap());
		this.end = button("", "Gác máy", () => this.act("end", "Đã ghi là gác máy."));
		this.dial = dialButton(app, this.at("dial"), () => this.mine && this.call.state !== "ended");
		this.number = button("", "Xem số", () => this.reveal(), icon("eye"));
		this.back = button("", "Hẹn gọi lại", () => this.later(), icon("clock"));
		this.file = el("a.button", { href: `#lap-phieu?cuoc-goi=${uri(name)}` }, icon("case"), "Lập phiếu");
		this.keys.add("n", "nghe cuộc đang mở", this.take);
		this.keys.add("w", "kết thúc ghi cuộc gọi", this.wrapping);
		this.keys.add("e", "gác máy", this.end);
		this.keys.add("f", "lập phiếu cho người gọi", this.file);
		this.acts = el("div.call-acts", { hidden: true }, this.take, this.wrapping, this.file, this.dial, this.number, this.back, this.end);
		this.log = el("ol.lines", { "aria-label": "Lời thoại" });
		this.scroll = el("div.lines-scroll", { tabindex: "0", role: "group", "aria-label": "Lời thoại, cuộn được" }, this.log);
		this.foot = el("div.call-foot");
		this.node = el("section.open-call", { "aria-label": "Cuộc gọi đang mở" }, this.head, this.acts, this.scroll, this.foot);
		this.read();
	}

	close() {
		this.closed = true;
		clearTimeout(this.timer);
		clearTimeout(this.hiding);
	}

	get mine() { return Boolean(this.call && this.call.operator && this.call.operator.id === this.app.user.id); }

	at(verb = "") { return `console/calls/${uri(this.name)}${verb && `/${verb}`}`; }

	async read() {
		clearTimeout(this.timer);
		const asked = {};
		this.asked = asked;
		try {
			const opened = await this.app.api.get(this.at());
			if (this.closed || this.asked !== asked) return;
			this.show(opened);
			if (this.mine && opened.call.state !== "ended") await this.ask(opened.lines);
		} catch (problem) {
			expected(problem);
			if (this.closed || problem.status === 401) return;
			if (!problem.unsure) {
				const other = problem.status === 403 ? "Đồng nghiệp đang nghe cuộc này; chỉ người nghe và người phụ trách mở được." : explain(problem);
				this.head.replaceChildren(el("p.kindly", { role: "alert" }, icon("person"), other));
				this.acts.hidden = true;
				return;
			}
		}
		clearTimeout(this.timer);
		if (!this.closed && !(this.call && this.call.state === "ended")) this.timer = setTimeout(() => this.read(), READ_MS);
	}

	/** Suggestions for what the caller says now; only where they said something new. */
	async ask(lines) {
		const said = lines.map(({ order, text }) => `${order} ${text}`).join("\n");
		if (said === this.said || !lines.length) return;
		const found = await this.app.api.get(this.at("suggestions"));
		if (this.closed || found.lines_upto < this.upto) return;
		this.said = said;
		this.upto = found.lines_upto;
		this.follow(found.items);
	}

	show(opened) {
		const before = this.call;
		const { call } = opened;
		this.call = call;
		this.opened = opened;
		const whose = this.mine ? (call.state === "ended" ? "của anh/chị" : "anh/chị đang nghe") : call.operator ? `${colleague(call.operator)} ${call.state === "ended" ? "đã nghe" : "đang nghe"}` : call.missed ? "cuộc nhỡ" : "chưa ai nghe";
		const marks = JSON.stringify([call, opened.case_numbers, this.shownNumber]);
		if (marks !== this.marks) this.head.replaceChildren(el("h2", this.shownNumber || call.number_masked || "Không hiện số"),
			el("p.line", el(`span.status.${call.state}`, CALL_STATES[call.state] || call.state), el("span", whose), el("time", clock(call.started_at)),
				...opened.case_numbers.map(caseLink)));
		this.marks = marks;
		this.acts.hidden = false;
		this.take.hidden = Boolean(call.operator) || call.state === "ended" && !call.missed;
		this.takeLabel.textContent = call.missed ? "Nhận gọi lại" : "Nghe cuộc này";
		this.wrapping.hidden = !this.mine || call.wrapped;
		this.file.hidden = !this.mine;
		this.end.hidden = !this.mine || call.state === "ended";
		this.number.hidden = !call.number_masked || !(this.mine || this.app.user.role === "supervisor");
		this.dial.hidden = this.number.hidden;
		this.back.hidden = !this.mine || !call.number_masked;
		this.addLines(opened.lines);
		if (call.wrapped) { if (!before || !before.wrapped) this.foot.replaceChildren(summaryBox(this.app, call.summary)); }
		if (!before || before.state !== call.state || (before.operator || {}).id !== (call.operator || {}).id) this.changed(this.mine);
	}

	/** Lines by their order: one that comes again takes the place of itself. */
	addLines(lines) {
		const follow = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 60;
		for (const line of lines) {
			const kept = this.lines.get(line.order);
			const marks = `${line.text}|${line.final}`;
			if (kept && kept.marks === marks) continue;
			const node = kept ? kept.node : el("li");
			node.className = `line-${line.side}${line.final ? "" : " partial"}`;
			node.replaceChildren(el("span.who", SIDES[line.side] || "…"), el("span.words", line.text));
			this.lines.set(line.order, { node, marks });
		}
		const wanted = new Set(lines.map(({ order }) => order));
		for (const order of [...this.lines.keys()]) if (!wanted.has(order)) this.lines.delete(order);
		const nodes = [...this.lines].sort(([one], [other]) => one - other).map(([, { node }]) => node);
		if (nodes.length !== this.log.children.length || nodes.some((node, place) => node !== this.log.children[place])) this.log.replaceChildren(...nodes);
		this.scroll.hidden = !nodes.length;
		if (follow) this.scroll.scrollTop = this.scroll.scrollHeight;
	}

	async act(verb, said) {
		try {
			await this.app.api.post(this.at(verb));
			this.app.say(said);
			if (verb === "end") this.wrap();
		} catch (problem) {
			if (problem.code === "claimed") this.app.say(`${capital(colleague(problem.by))} đã nghe cuộc này rồi.`, ".bad");
			else this.app.fail(problem);
		}
		this.changed(false);
		this.read();
	}

	/** What was opened for the caller is noted for the summary. */
	looked(procedure, facet) {
		if (this.mine) this.app.api.post(this.at("looked-up"), { procedure_id: procedure, facet }).catch(() => {});
	}

	async wrap() {
		if (!this.mine || this.call.wrapped) return;
		try { this.opened = await this.app.api.get(this.at()); } catch { /* the topics known before do */ }
		this.foot.replaceChildren(wrapUp(this.app, this.opened, (summary) => {
			this.call.wrapped = true;
			this.wrapping.hidden = true;
			this.foot.replaceChildren(summaryBox(this.app, summary));
			this.app.say("Đã lưu cuộc gọi.");
			this.changed(false);
			this.read();
		}));
		this.foot.querySelector("button").focus();
		this.foot.scrollIntoView({ block: "nearest" });
	}

	async reveal() {
		const show = ({ number }) => {
			this.shownNumber = number || "Số không còn được giữ";
			this.show(this.opened);
			clearTimeout(this.hiding);
			this.hiding = setTimeout(() => { this.shownNumber = null; if (!this.closed) this.show(this.opened); }, SHOWN_MS);
		};
		if (this.mine && this.call.state !== "ended") {
			try { show(await this.app.api.post(this.at("reveal-number"), {})); } catch (problem) { this.app.fail(problem); }
			return;
		}
		reasonDialog(this.app, "Xem số người gọi", "Cuộc đã xong hoặc của người khác: cần lý do. Việc xem được ghi vào sổ.", "Xem số", this.at("reveal-number"), show);
	}

	later() {
		formDialog("Hẹn gọi lại", "Thành một việc có ngày giờ ở «Việc cần làm».", {
			fields: [field({ name: "due_at", label: "Gọi lại lúc", kind: "datetime-local", needed: true }), field({ name: "note", label: "Về việc gì", attributes: { maxlength: 500 } })], submit: "Hẹn",
			check: ({ due_at: at }) => (at ? {} : { due_at: "Chọn ngày giờ." }),
			send: ({ due_at: at, note }) => this.app.api.post(this.at("call-back"), { due_at: `${at}:00+07:00`, note: note.trim() }),
			done: () => this.app.say("Đã hẹn gọi lại."),
		});
	}
}
