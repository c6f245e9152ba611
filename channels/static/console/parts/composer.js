/* The reply box: the draft is kept, «/» finds quick replies, and what was sent shows whether it has arrived. */

import { newId } from "../api.js";
import { button, el, expected, icon, uri } from "../dom.js";
import { explain } from "../words/problems.js";
import { QuickList, manageQuick } from "./quick.js";

const RETRIES = [2000, 5000, 10000, 20000];

export class Composer {
	/** `sent(event, entry)` is called for what has arrived, `refused(problem)` where this person may not reply any more;
	 * `summary()` is the conversation as it is. */
	constructor(app, keys, id, { sent, refused, summary }) {
		Object.assign(this, { app, id, sent, refused, summary });
		this.draft = `reply.${id}`;
		this.kept = `out.${id}`;
		this.used = null; // {ref, text}: the suggestion that was put in
		this.closed = false;
		this.box = el("textarea", { id: "reply", rows: 2, placeholder: "Viết trả lời, hoặc gõ / để tìm câu mẫu", maxlength: 4000 });
		this.why = el("p.hint", { id: "reply-why" });
		this.box.setAttribute("aria-describedby", "reply-why");
		this.send = el("button.primary", { type: "submit" }, icon("send"), "Gửi");
		this.quick = new QuickList(app, this.box, id);
		const slash = button("small", "Câu mẫu", () => { this.put(this.box.value && !/\s$/.test(this.box.value) ? " /" : "/"); }, { title: "Gõ / trong ô cũng được" });
		this.waiting = el("ul.outgoing", { "aria-label": "Tin đang gửi" });
		this.node = el("form.composer", { onsubmit: (event) => { event.preventDefault(); this.submit(); } },
			this.quick.node,
			el("label.sr", { for: "reply" }, "Trả lời công dân"), this.box,
			el("div.composer-foot", this.why, slash, button("small", "Sửa câu mẫu", () => manageQuick(app)), this.send));
		keys.add("r", "vào ô trả lời", () => this.box.focus());
		keys.tell("Enter", "trong ô trả lời: gửi; Shift+Enter: xuống dòng");
		keys.tell("/", "trong ô trả lời: tìm câu mẫu");
		this.box.addEventListener("input", () => this.typed());
		this.box.addEventListener("keydown", (event) => {
			if (event.key !== "Enter" || event.shiftKey || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
			event.preventDefault();
			if (!this.send.disabled) this.submit();
		});
		const draft = app.drafts.get(this.draft);
		if (draft) { this.box.value = draft.text; this.used = draft.used; }
		// What an earlier page left behind may be old: a person decides whether it still goes out.
		this.queue = (app.drafts.get(this.kept) || []).map((entry) => ({ ...entry, state: "failed", left: true, told: "Chưa biết đã tới nơi chưa." }));
		this.queue.forEach((entry) => this.show(entry));
		this.busy = null;
		this.tries = 0;
		this.stop = app.stream.on((name) => { if (name === "again") this.deliver(); });
		requestAnimationFrame(() => this.fit());
	}

	close() {
		this.closed = true;
		this.stop();
		clearTimeout(this.timer);
	}

	/** Say who may write now: `reason` "" where this person may. */
	allow(reason, hidden = false) {
		this.node.hidden = hidden;
		this.send.disabled = Boolean(reason);
		this.why.textContent = reason || (matchMedia("(hover: hover)").matches ? "Enter gửi · Shift+Enter xuống dòng" : "");
	}

	fit() {
		this.box.style.height = "auto";
		this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 220)}px`;
	}

	typed() {
		if (!this.box.value.trim()) this.used = null;
		this.app.drafts.set(this.draft, this.box.value.trim() ? { text: this.box.value, used: this.used } : null);
		this.fit();
	}

	put(text) {
		const { box } = this;
		const at = box.selectionStart;
		box.value = box.value.slice(0, at) + text + box.value.slice(box.selectionEnd);
		box.focus();
		box.setSelectionRange(at + text.length, at + text.length);
		box.dispatchEvent(new Event("input"));
	}

	/** Put a suggestion in, to be read and changed; below what is there already. */
	insert(text, ref) {
		if (this.node.hidden) return false;
		const before = this.box.value.trim();
		this.box.value = before ? `${before}\n${text}` : text;
		this.used = { ref, text };
		this.typed();
		this.box.focus();
		this.box.setSelectionRange(this.box.value.length, this.box.value.length);
		return true;
	}

	submit() {
		const text = this.box.value.trim();
		if (!text) { this.box.focus(); return; }
		if (/\{\w+\}/.test(text)) {
			const gap = /\{\w+\}/.exec(this.box.value);
			this.why.textContent = `Còn chỗ trống ${gap[0]} chưa điền.`;
			this.box.focus();
			this.box.setSelectionRange(gap.index, gap.index + gap[0].length);
			return;
		}
		const { used } = this;
		const entry = { client_id: newId(), text, state: "sending", ...(used ? { suggestion: used.ref, edited: text !== used.text.trim() } : {}) };
		this.queue.push(entry);
		this.box.value = "";
		this.typed();
		this.allow("");
		this.keep();
		this.show(entry);
		this.deliver();
		this.box.focus();
	}

	keep() { this.app.drafts.set(this.kept, this.queue.length ? this.queue.map(({ client_id, text, suggestion, edited }) => ({ client_id, text, suggestion, edited })) : null); }

	/** Send what waits, one after the other: the citizen reads it in the order in which it was written. */
	deliver() {
		clearTimeout(this.timer);
		this.busy = this.busy || this.drain().finally(() => { this.busy = null; });
		return this.busy;
	}

	async drain() {
		for (;;) {
			const entry = this.queue.find(({ sure, left }) => !sure && !left);
			if (!entry) return;
			if (await this.attempt(entry)) { this.tries = 0; continue; }
			if (!this.closed) this.timer = setTimeout(() => this.deliver(), RETRIES[Math.min(this.tries, RETRIES.length - 1)]);
			this.tries += 1;
			return;
		}
	}

	/** Send one; false where it is not known whether it has arrived. */
	async attempt(entry) {
		entry.state = "sending";
		this.show(entry);
		const { client_id, text, suggestion, edited } = entry;
		try {
			const event = await this.app.api.post(`console/conversations/${uri(this.id)}/reply`, { client_id, text, ...(suggestion ? { suggestion, edited } : {}) });
			this.drop(entry);
			this.sent(event, entry);
			if (!this.closed) this.app.speak("Đã gửi.");
			return true;
		} catch (problem) {
			expected(problem);
			entry.state = "failed";
			entry.sure = !problem.unsure; // refused: it has certainly not gone out
			entry.told = entry.sure ? explain(problem) : "Chưa biết đã tới nơi chưa, đang tự gửi lại. Gửi lại không bị trùng.";
			this.show(entry);
			if (problem.status === 403 || problem.status === 409) this.refused(problem);
			if (!this.closed && (entry.sure || !this.tries)) this.app.speak(`Tin chưa gửi được. ${entry.told}`);
			return entry.sure;
		}
	}

	drop(entry) {
		this.queue = this.queue.filter((other) => other !== entry);
		if (entry.node) entry.node.remove();
		this.keep();
	}

	/** True where an event is one of these on its way: the answer to its sending will show it. */
	holds(event) {
		return event.kind === "operator" && event.by && event.by.id === this.app.user.id && this.queue.some(({ sure, left, text }) => !sure && !left && text === event.text);
	}

	show(entry) {
		const failed = entry.state === "failed";
		const node = el(`li.said.operator.own.is-${entry.state}`, el("div.bubble", el("p.words", entry.text)),
			el("p.state", failed ? [icon("alert"), "Chưa gửi được: ", entry.told, " "] : [icon("clock"), "Đang gửi…"],
				failed && button("small", "Gửi lại", () => { Object.assign(entry, { sure: false, left: false }); this.deliver(); }),
				failed && entry.sure && button("small", "Sửa lại", () => { this.drop(entry); this.put(entry.text); })));
		if (entry.node) entry.node.replaceWith(node);
		else this.waiting.append(node);
		entry.node = node;
	}
}
