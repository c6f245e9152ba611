/* Filing a case for a caller, a conversation or a letter: the story is read as it grows, every field may be set by hand. */

import { newId } from "../api.js";
import { button, calm, el, expected, HOME, icon, uri } from "../dom.js";
import { field } from "../form.js";
import { FilingConfirm, filedBox } from "../parts/filing_confirm.js";
import { FilingFields } from "../parts/filing_fields.js";
import { FilingFiles } from "../parts/filing_files.js";
import { date } from "../time.js";
import { STATUSES } from "../words/cases.js";
import { explain } from "../words/problems.js";

const READ_MS = 350;
const MAX_STORY = 20000;
const BLANK = { text: "", contact: { name: null, phone: null, email: null, caller: false }, behaviours: [], evidence: [], by_hand: [] };

class Filing {
	constructor(app, main, place) {
		Object.assign(this, { app, main });
		this.closed = false;
		this.call = place.query.get("cuoc-goi") || "";
		this.talk = place.query.get("hoi-thoai") || "";
		this.name = `filing.${this.call || this.talk || "new"}`;
		this.keys = app.keys.scope("Lập phiếu");
		this.asking = null;
		this.wait = calm(() => this.read(), READ_MS);
		this.node = el("div.page.filing", HOME, el("p.empty", { role: "status" }, "Đang mở…"));
		main.append(this.node);
		this.start();
	}

	close() {
		this.closed = true;
		this.wait.cancel();
		if (this.asking) this.asking.abort();
		this.keys.close();
	}

	async start() {
		let choices;
		try {
			choices = await this.app.api.get("console/filing/choices");
		} catch (problem) {
			expected(problem);
			if (!this.closed) this.node.replaceChildren(el("p.empty", { role: "alert" }, explain(problem), " ", button("", "Thử lại", () => this.start())));
			return;
		}
		if (!this.closed) this.page(choices);
	}

	page(choices) {
		const kept = this.app.drafts.get(this.name) || {};
		this.draft = { ...BLANK, ...(kept.draft || {}), source: this.call ? "hotline" : (kept.draft || {}).source || (this.talk ? "web" : "letter"), call_id: this.call || null };
		this.source = field({ name: "source", label: "Nhận qua", kind: "select", options: choices.sources.filter(({ code }) => this.call || code !== "hotline").map(({ code, label }) => [code, label]), value: this.draft.source, attributes: { disabled: Boolean(this.call) } });
		this.source.input.addEventListener("change", () => { this.draft = { ...this.draft, source: this.source.value }; this.received.node.hidden = this.live; this.touched(); });
		this.received = field({ name: "received_on", label: "Ngày nhận (thư)", kind: "date", value: this.draft.received_on });
		this.received.input.addEventListener("change", () => { this.draft = { ...this.draft, received_on: this.received.value || null }; this.touched(); });
		this.received.node.hidden = this.live;
		this.story = field({ name: "text", label: "Lời kể", kind: "textarea", hint: "Ghi đúng lời người kể; máy đọc dần. Ctrl+Enter sang bước tiếp.", value: this.draft.text, attributes: { rows: 7, maxlength: MAX_STORY } });
		this.story.input.addEventListener("input", () => { this.draft = { ...this.draft, text: this.story.value }; this.touched(); });
		this.fetching = button("small", this.call ? "Lấy lời người gọi" : "Lấy lời công dân", () => this.fetchWords(), { hidden: !this.call && !this.talk });
		this.status = el("p.hint", { role: "status" });
		this.missing = el("div");
		this.warnings = el("div", { role: "status" });
		this.fields = new FilingFields(this.app, choices, { draft: this.draft, changed: (draft) => { this.draft = { ...draft, text: this.story.value }; this.touched(); } });
		if (!this.call) this.fields.fields.get("contact.caller").node.hidden = true;
		// One id for one filing, with its scans, however often it is sent: it is filed once.
		this.id = kept.id || newId();
		this.files = new FilingFiles(this.app, { id: this.id, source: () => this.draft.source, changed: () => this.keep() });
		this.files.node.hidden = Boolean(this.call);
		if (kept.files) this.files.read();
		this.end = new FilingConfirm(this.app, { id: this.id, ready: () => this.files.settled(), draft: () => this.draft, refused: (problem) => this.refused(problem), filed: (told) => this.filed(told) });
		this.keys.add("b", "đọc lại cho người kể", this.end.reading);
		this.keys.add("r", "về ô lời kể", () => this.story.focus());
		this.keys.tell("Ctrl+Enter", "bước tiếp: câu còn thiếu, đọc lại, gửi");
		this.node.addEventListener("keydown", (event) => {
			if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
			event.preventDefault();
			this.next();
		});
		this.node.replaceChildren(
			el("div.filing-told", el("div.filing-source", this.source.node, this.received.node, this.fetching), this.story.node, this.files.node, this.status, this.warnings, this.missing, this.end.node),
			el("div.filing-read", el("h2", "Những điều đã ghi được"), this.fields.node));
		if (this.draft.text || this.draft.by_hand.length) this.read();
		else if (this.talk) this.fetchWords();
		this.story.focus();
	}

	get live() { return this.source.value === "hotline" || this.source.value === "visit"; }

	/** The words of the call or the conversation, put behind what is written already. */
	async fetchWords() {
		try {
			const words = this.call
				? (await this.app.api.get(`console/calls/${uri(this.call)}`)).lines.filter(({ side }) => side !== "operator").map(({ text }) => text)
				: (await this.app.api.get(`console/conversations/${uri(this.talk)}`)).events.filter(({ kind }) => kind === "citizen").map(({ text }) => text);
			if (this.closed) return;
			const told = words.filter(Boolean).join("\n");
			if (!told) { this.status.textContent = "Chưa có lời nào để lấy."; return; }
			this.story.value = [this.story.value.trim(), told].filter(Boolean).join("\n").slice(0, MAX_STORY);
			this.draft = { ...this.draft, text: this.story.value };
			this.touched();
			this.story.focus();
		} catch (problem) { this.app.fail(problem); }
	}

	touched() {
		// What is being read is no longer what stands here.
		if (this.asking) this.asking.abort();
		this.unread = true;
		this.fields.draft = this.draft;
		this.end.stale();
		this.keep();
		this.wait();
	}

	keep() {
		const files = this.files.count;
		this.app.drafts.set(this.name, this.draft.text || this.draft.by_hand.length || files ? { draft: this.draft, id: this.id, files } : null);
	}

	/** Read the story as it stands; true when the page shows what was read. */
	async read() {
		this.wait.cancel();
		if (this.asking) this.asking.abort();
		if (!this.draft.text.trim() && !this.draft.by_hand.length) return false;
		const asking = new AbortController();
		this.asking = asking;
		try {
			const { draft } = this;
			const found = await this.app.api.post("console/filing/read", { text: draft.text, source: draft.source, call_id: draft.call_id, received_on: draft.received_on || null, draft }, { signal: asking.signal });
			if (this.closed || this.asking !== asking || asking.signal.aborted) return false;
			this.unread = false;
			this.draft = found.draft;
			this.show(found);
			return true;
		} catch (problem) {
			expected(problem);
			if (problem.stopped || this.closed) return false;
			this.status.textContent = explain(problem);
			this.refused(problem);
			return false;
		}
	}

	show(found) {
		this.found = found;
		this.fields.clearFaults();
		this.fields.show(found);
		this.status.textContent = `Máy đọc: ${found.type.label}${found.others.length ? `, có cả ${found.others.map(({ label }) => label.toLowerCase()).join(", ")}` : ""} · mức ${found.severity}${found.restricted ? " · phiếu hạn chế" : ""}`;
		this.warnings.replaceChildren(...found.warnings.map(({ text, grave }) => el(`p.caution${grave ? ".grave" : ""}`, icon(grave ? "siren" : "alert"), el("span", text))),
			found.twins.length > 0 && el("div.caution", icon("case"), el("div", el("p", "Đã có phiếu cùng nơi, cùng ngày:"), el("ul", ...found.twins.map((twin) => el("li", el("a", { href: `#phieu?so=${uri(twin.number)}` }, twin.number), ` ${STATUSES[twin.status] || twin.status}, nhận ${date(twin.received_on)}${twin.same_person ? ", cùng người" : ""}`))))) || "");
		const asked = found.missing.filter(({ field: name }) => name !== "consent");
		this.missing.replaceChildren(asked.length > 0 && el("section.to-ask", { "aria-label": "Còn hỏi" }, el("h2", "Còn hỏi"), el("ul", ...asked.map(({ field: name, question, required }) => el("li",
			button("link", question, () => { if (!this.fields.focus(name)) this.story.focus(); }), required && el("span.needed", "cần có"))))) || "");
	}

	/** The next thing that is to be done: a question that must be asked, reading back, sending. */
	async next() {
		if ((this.unread || !this.found) && !await this.read()) return;
		const open = this.found.missing.find(({ field: name, required }) => required && name !== "consent");
		if (open) {
			this.app.speak(open.question);
			if (!this.fields.focus(open.field)) this.story.focus();
			return;
		}
		await this.end.next();
	}

	refused(problem) {
		for (const { field: given, message } of problem.errors || []) {
			const name = given.replace(/^body\.?/, "").replace(/^draft\.?/, "").replace(/^consent\..*/, "consent");
			if (name === "text") this.story.fault(message || "Cần có.");
			else if (name === "consent") this.end.consent.fault(message);
			else this.fields.fault(name, message || "Cần có.");
		}
		if (problem.code === "draft-stale") { this.end.stale(); this.read(); }
	}

	filed(told) {
		this.app.drafts.set(this.name, null);
		this.wait.cancel();
		const back = this.call ? el("a.button", { href: `#cuoc-goi/${uri(this.call)}` }, "Về cuộc gọi") : this.talk ? el("a.button", { href: `#hoi-thoai/${uri(this.talk)}` }, "Về hội thoại") : "";
		const box = filedBox(this.app, told, [back, button("primary", "Lập phiếu khác", () => this.again())]);
		this.node.replaceChildren(box);
		box.focus();
	}

	again() {
		this.node.replaceChildren(el("p.empty", { role: "status" }, "Đang mở…"));
		this.keys.close();
		this.keys = this.app.keys.scope("Lập phiếu");
		this.found = null;
		this.start();
	}
}

export function open(app, main, place) {
	let filing = new Filing(app, main, place);
	return {
		update(next) {
			if ((next.query.get("cuoc-goi") || "") === filing.call && (next.query.get("hoi-thoai") || "") === filing.talk) return;
			filing.close();
			main.replaceChildren();
			filing = new Filing(app, main, next);
		},
		close: () => filing.close(),
	};
}
