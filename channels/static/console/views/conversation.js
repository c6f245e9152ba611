/* One conversation: what was said, the reply box, and beside it suggestions, notes and what was before. */

import { button, calm, caseLink, el, HOME, icon, sr, uri } from "../dom.js";
import { field, form } from "../form.js";
import { Composer } from "../parts/composer.js";
import { dayLine, eventNode } from "../parts/replies.js";
import { Suggestions } from "../parts/suggestions.js";
import { ownerText, reasonMark } from "../parts/summary.js";
import { TalkActs, kindly } from "../parts/talk_acts.js";
import { clock, day, moment } from "../time.js";
import { explain } from "../words/problems.js";
import { CHANNELS, NOTES, capital, colleague } from "../words/words.js";
import { STATUSES } from "../words/cases.js";

// The stream tells nothing of what citizens and the assistant say to each other: who looks at it asks now and then.
const WITH_BOT_MS = 4000;
const SUMMARY = { owner: "BOT", attended_by: null, closed_at: null };

class Conversation {
	constructor(app, place, id, { back, moved, known }) {
		Object.assign(this, { app, place, id, moved, known });
		this.summary = SUMMARY;
		this.nodes = new Map();
		this.events = [];
		this.closed = false;
		this.keys = app.keys.scope("Hội thoại đang mở");
		this.head = el("div.talk-who");
		this.told = el("div.talk-told");
		this.isShut = false;
		this.shut = null; // what stands in `told` because it went to somebody else
		this.log = el("ol.log", { "aria-label": "Nội dung hội thoại" });
		this.scroll = el("div.log-scroll", { tabindex: "0", role: "group", "aria-label": "Nội dung hội thoại, cuộn được" }, this.log);
		this.latest = button("latest", "Tin mới", () => this.toEnd(), { hidden: true }, icon("down"));
		this.acts = new TalkActs(app, this.keys, id, {
			done: (summary) => {
				if (summary && summary.id) this.header(summary);
				// The button that was pressed may be gone: keys go on working from here.
				if (document.activeElement === document.body || this.acts.node.contains(document.activeElement)) this.main.focus({ preventScroll: true });
				this.changed();
				moved(this.mine);
			},
			told: (text) => this.told.replaceChildren(kindly(text)),
			summary: () => this.summary,
		});
		this.composer = new Composer(app, this.keys, id, {
			sent: (event, entry) => { this.add([event]); this.suggestions.settle(entry.suggestion, entry.edited); },
			refused: () => this.changed(),
			summary: () => this.summary,
		});
		this.suggestions = new Suggestions(app, this.keys, id, {
			insert: (text, ref) => { this.aside(false); return this.composer.insert(text, ref); },
			attending: () => this.mine,
		});
		this.notes = el("ul.notes");
		this.earlier = el("div");
		this.side = el("aside.talk-side", { ...HOME, "aria-label": "Gợi ý, ghi chú và việc trước đây" }, this.suggestions.node, this.noteBox(), this.earlier);
		this.asideButton = button("aside-button", "Gợi ý và ghi chú", () => this.aside(!this.node.classList.contains("show-side")), { "aria-expanded": "false" });
		this.main = el("div.talk-main", HOME, this.told, this.scroll, this.latest, this.composer.node);
		this.node = el("article.talk", { "aria-label": "Hội thoại" },
			el("header.talk-head", button("bare.back", "", back, { "aria-label": "Về danh sách" }, icon("back")), this.head, this.asideButton, this.acts.node),
			this.main, this.side);
		this.scroll.append(this.composer.waiting);
		place.replaceChildren(this.node);
		// What opens below the conversation, or a keyboard, makes it shorter: its end stays in sight.
		let resting = true;
		this.scroll.addEventListener("scroll", () => {
			resting = this.atEnd();
			if (resting) this.latest.hidden = true;
		}, { passive: true });
		new ResizeObserver(() => { if (resting) this.toEnd(); }).observe(this.scroll);
		this.changed = calm(() => this.read(), 120);
		this.looking = setInterval(() => {
			if (this.summary.id && this.summary.owner === "BOT" && document.visibilityState === "visible") this.changed();
		}, WITH_BOT_MS);
		this.read(true);
	}

	close() {
		this.closed = true;
		clearInterval(this.looking);
		this.changed.cancel();
		this.keys.close();
		this.composer.close();
		this.suggestions.stop();
	}

	get mine() { return Boolean(this.summary.owner === "OPERATOR" && this.summary.attended_by && this.summary.attended_by.id === this.app.user.id); }

	aside(shown) {
		this.node.classList.toggle("show-side", shown);
		this.asideButton.setAttribute("aria-expanded", String(shown));
	}

	async read(first = false) {
		let found;
		try {
			found = await this.app.api.get(`console/conversations/${uri(this.id)}`);
		} catch (problem) {
			if (this.closed || problem.status === 401) return;
			const shut = problem.status === 403 || problem.status === 404;
			if (first) this.place.replaceChildren(el("div.empty", { role: "alert" }, el("p", shut ? this.whyShut() : explain(problem)), button("", "Thử lại", () => { this.place.replaceChildren(this.node); this.read(true); })));
			else if (shut) this.lost();
			return;
		}
		if (this.closed) return;
		// Handed over since it could not be opened.
		if (!this.node.isConnected) { this.place.replaceChildren(this.node); first = true; }
		this.header(found.summary);
		this.add(found.events, first);
		this.showNotes(found.notes);
		this.showEarlier(found.earlier);
		const asked = found.suggested_sequence || (this.lastQuestion() || {}).sequence;
		const question = this.events.find(({ sequence }) => sequence === asked) || this.lastQuestion();
		// On a phone the list that had the focus is gone.
		if (first && document.activeElement === document.body) this.main.focus({ preventScroll: true });
		if (question && !found.summary.closed_at) this.suggestions.ask(question.sequence, question.text, this.events.filter(({ kind, sequence }) => kind === "citizen" && sequence < question.sequence).reverse());
	}

	/** Why it does not open: a colleague has it, as the list says. */
	whyShut() {
		const { attended_by: by } = this.known() || {};
		return by ? `${capital(colleague(by))} đang trả lời cuộc này. Chỉ người đang trả lời và người phụ trách đọc được.` : "Không có hội thoại này, hoặc tài khoản này không được xem.";
	}

	/** Who has it, as the list of all tells everybody; null where nobody has. */
	async holder() {
		const { items } = await this.app.api.get("console/conversations", { box: "all", q: this.summary.label, limit: 100 }).catch(() => ({ items: [] }));
		return (items.find(({ id }) => id === this.id) || {}).attended_by || null;
	}

	/** It went to somebody else while it was open here: what was typed stays. */
	async lost() {
		this.isShut = true;
		const by = await this.holder();
		if (this.closed || !this.isShut) return;
		const who = by ? `${capital(colleague(by))} đang trả lời` : "Đã sang người khác";
		if (!this.told.firstChild || this.told.firstChild === this.shut) this.told.replaceChildren(this.shut = kindly(`${by ? `${who} cuộc này` : "Cuộc này đã sang người khác"}, anh/chị không đọc tiếp được. Chữ đang soạn vẫn còn.`));
		this.composer.allow(`${who}.`);
		this.head.lastChild.replaceChildren(el("span.owner", who));
		this.acts.node.hidden = true;
	}

	lastQuestion() { return [...this.events].reverse().find(({ kind }) => kind === "citizen"); }

	header(summary) {
		const before = this.summary;
		this.summary = summary;
		if (this.isShut) this.told.replaceChildren();
		this.isShut = false;
		this.shut = null;
		const { user } = this.app;
		this.head.replaceChildren(
			el("h2", summary.label, " ", el("span.channel", CHANNELS[summary.channel] || summary.channel)),
			el("p", el("span.owner", ownerText(summary, user.id)), reasonMark(summary) || "", summary.case_number ? caseLink(summary.case_number) : ""));
		this.acts.node.hidden = false;
		this.acts.show(summary);
		const other = summary.owner === "OPERATOR" && !this.mine;
		const reason = summary.closed_at ? "closed" : this.mine ? "" : other ? `${capital(colleague(summary.attended_by))} đang trả lời.` : "Bấm «Nhận trả lời» (phím n) rồi mới gửi được; soạn trước thì cứ soạn.";
		this.composer.allow(reason, Boolean(summary.closed_at));
		if (before.id && before.owner !== summary.owner && this.mine) this.told.replaceChildren();
		if (before.id && before.attended_by && before.attended_by.id === user.id && other) {
			this.told.replaceChildren(kindly(`Cuộc này vừa chuyển sang ${colleague(summary.attended_by)}. Chữ anh/chị đang soạn vẫn còn.`));
		}
	}

	atEnd() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80; }

	toEnd() { this.scroll.scrollTop = this.scroll.scrollHeight; this.latest.hidden = true; }

	/** Put events at their places; each is shown once, however often it comes. */
	add(events, first = false) {
		const follow = first || this.atEnd();
		const fresh = events.filter((event) => !this.nodes.has(event.sequence) && !this.composer.holds(event));
		for (const event of fresh) {
			const node = eventNode(event, this.app.user.id);
			if (event.kind === "citizen") node.firstChild.append(button("link.ask", "Gợi ý", () => { this.aside(true); this.suggestions.ask(event.sequence, event.text); }, { "aria-label": `Gợi ý cho tin lúc ${clock(event.at)}` }));
			this.nodes.set(event.sequence, node);
			this.events.push(event);
		}
		if (!fresh.length) { if (first) this.toEnd(); return; }
		this.events.sort((one, other) => one.sequence - other.sequence);
		this.log.replaceChildren(...this.events.flatMap((event, place) => [dayLine(this.events[place - 1], event), this.nodes.get(event.sequence)].filter(Boolean)));
		if (follow) this.toEnd();
		const heard = first ? [] : fresh.filter(({ kind }) => kind === "citizen");
		if (heard.length) {
			if (!follow) this.latest.hidden = false;
			this.app.speak(`${this.summary.label} nhắn: ${heard.map(({ text }) => text).join(" ").slice(0, 300)}`);
		}
	}

	noteBox() {
		const note = field({ name: "text", label: "Thêm ghi chú", kind: "textarea", hint: "Chỉ nhân viên thấy; công dân không thấy.", attributes: { rows: 2, maxlength: 2000 } });
		const page = form({
			fields: [note], submit: "Lưu ghi chú", shape: "form.note-form",
			draft: { drafts: this.app.drafts, name: `note.${this.id}` },
			check: ({ text }) => (text.trim() ? {} : { text: "Chưa ghi gì." }),
			send: ({ text }) => this.app.api.post(`console/conversations/${uri(this.id)}/note`, { text: text.trim() }),
			done: () => { note.value = ""; this.app.say("Đã lưu ghi chú."); this.changed(); },
		});
		this.keys.add("o", "ghi chú riêng", () => { this.aside(true); note.focus(); });
		return el("section", { "aria-label": "Ghi chú riêng" }, el("h3", "Ghi chú riêng"), this.notes, page.node);
	}

	showNotes(notes) {
		this.notes.replaceChildren(...(notes || []).map(({ at, by, kind, text }) => el("li", el("p.who", by.name, NOTES[kind] && `, ${NOTES[kind]}`, " · ", el("time", moment(at))), el("p.words", text))));
	}

	showEarlier(earlier) {
		const { conversations = [], cases = [] } = earlier || {};
		if (!conversations.length && !cases.length) { this.earlier.replaceChildren(); return; }
		this.earlier.replaceChildren(el("section", { "aria-label": "Trước đây" }, el("h3", "Người này trước đây"),
			cases.length > 0 && el("ul.plain-list", ...cases.map(({ number, status, created_at: at }) => el("li", caseLink(number), ` ${STATUSES[status] || status}, ${day(at)}`))),
			conversations.length > 0 && el("ul.plain-list", ...conversations.map((one) => el("li", el("a", { href: `#hoi-thoai/${uri(one.id)}` }, icon("talk"), moment(one.last_at), sr(" hội thoại")), ` ${one.last_text || ""}`)))));
	}
}

/** Open a conversation in `place`; returns {id, changed(), close()}. */
export function openConversation(app, place, id, hooks) {
	return new Conversation(app, place, id, hooks);
}
