/* What the conversation looks like. All text goes in as text nodes. */

import { blockNode, button, el, folding, forgetTicks, icon, paragraph, shortened, sourceNode } from "./content.js";

const LONG_CHARS = 500;
const LONG_LINES = 8;
const EDGE = 10; // px between the conversation's upper edge and what is shown first
const zone = { timeZone: "Asia/Ho_Chi_Minh" };
const clock = new Intl.DateTimeFormat("vi-VN", { ...zone, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("vi-VN", { ...zone, day: "2-digit", month: "2-digit", year: "numeric" });
const $ = (id) => document.getElementById(id);

function moment(iso) {
	const at = new Date(iso);
	const date = day.format(at);
	return date === day.format(new Date()) ? clock.format(at) : `${clock.format(at)}, ${date}`;
}

export class View {
	/** `press(choice)` is called for a quick reply, `resend()` for a message that waits. */
	constructor(press, resend) {
		this.press = press;
		this.resend = resend;
		this.log = $("log");
		this.entries = $("entries");
		this.pending = new Map();
		this.spoken = 0;
		this.focusNext = false;
		this.resting = true;
		this.log.addEventListener("scroll", () => {
			this.resting = this.atEnd();
			if (this.resting) $("latest").hidden = true;
		}, { passive: true });
		// A keyboard that opens makes the log shorter: its end stays in sight.
		new ResizeObserver(() => { if (this.resting) this.toEnd(); }).observe(this.log);
		$("latest").addEventListener("click", () => this.toEnd());
	}

	atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90; }

	toEnd() { this.log.scrollTop = this.log.scrollHeight; }

	has(sequence) { return Boolean(this.entries.querySelector(`[data-sequence="${sequence}"]`)); }

	/** Put a node at its sequence's place; messages still on their way stay last. */
	place(node, sequence) {
		node.dataset.sequence = sequence;
		const later = [...this.entries.children].find((other) => other !== node && !(Number(other.dataset.sequence) < sequence));
		this.entries.insertBefore(node, later || null);
	}

	/** Show an event. `live` is false for what is read back from history. */
	show(event, live) {
		const stay = live && !this.atEnd();
		const node = event.kind === "citizen" ? this.citizen(event.body.text)
			: event.kind === "notice" ? this.notice(event.body) : this.answer(event);
		this.place(node, event.sequence);
		this.refresh();
		if (event.kind === "citizen") { if (!stay) this.toEnd(); return; }
		if (live) this.announce(event.body);
		if (live && this.focusNext && event.kind === "assistant") {
			this.focusNext = false;
			node.focus({ preventScroll: true });
		}
		if (stay) $("latest").hidden = false;
		else this.reveal(node);
	}

	/** Scroll to the end, but never past the beginning of a long answer; its question is whole in sight, or not at all. */
	reveal(node) {
		this.entries.style.paddingBottom = "";
		this.toEnd();
		const edge = this.log.getBoundingClientRect().top;
		const box = node.getBoundingClientRect();
		const asked = node.previousElementSibling;
		const question = asked && asked.matches(".citizen") ? asked.getBoundingClientRect() : null;
		let start = box.top;
		if (start >= edge + EDGE) {
			if (!question || question.top >= edge || question.bottom <= edge) return;
			if (node.querySelector(".long")) { // its choices come first: the question makes room for them
				this.entries.style.paddingBottom = `${question.bottom - edge}px`;
				this.toEnd();
				return;
			}
			start = question.top;
		} else if (question && question.height < this.log.clientHeight / 3) start = question.top;
		this.log.scrollTop += start - edge - EDGE;
	}

	citizen(text) {
		const bubble = el("div", "bubble", text.trim() ? text : "(tin trống)");
		const long = text.length > LONG_CHARS || text.split("\n").length > LONG_LINES;
		return el("div", "entry citizen", el("span", "sr", "Anh/chị: "), bubble, long && folding((folded) => {
			bubble.classList.toggle("folded", folded);
			return folded ? "Xem thêm" : "Thu gọn";
		}));
	}

	answer({ body, at, sequence }) {
		const blocks = (body.blocks || []).map((block, number) => blockNode(block, `${sequence}.${number}`));
		const sheet = el("div", "sheet", paragraph("say", body.text), ...blocks);
		if ((body.sources || []).length) {
			const list = el("ul", "sources", ...body.sources.map(sourceNode));
			list.setAttribute("aria-label", "Nguồn của câu trả lời");
			sheet.append(list);
		}
		const node = el("div", "entry assistant", el("p", "meta", `Tiếp Dân · ${moment(at)}`), sheet, this.choices(body));
		node.tabIndex = -1;
		return node;
	}

	notice(body) {
		const strip = el("div", "notice", icon("notice"), paragraph("", body.text));
		return el("div", "entry", strip, this.choices(body));
	}

	choices(body) {
		const buttons = body.buttons || [];
		if (!buttons.length) return null;
		const row = el("div", buttons.some(({ title }) => title.length > 34) ? "choices long" : "choices");
		row.setAttribute("role", "group");
		row.setAttribute("aria-label", "Chọn nhanh");
		for (const choice of buttons) {
			const label = shortened(choice.title);
			const chip = button("", label, (event) => {
				this.focusNext = event.detail === 0; // pressed by keyboard: its user is taken to the reply
				this.press(choice);
			});
			if (label !== choice.title) chip.title = choice.title;
			row.append(chip);
		}
		return row;
	}

	/** Only the newest answer's choices can be pressed; the examples go once the citizen has written. */
	refresh() {
		const spoken = [...this.entries.children].filter((node) => !node.querySelector(".notice"));
		const newest = spoken[spoken.length - 1];
		this.entries.querySelectorAll(".choices").forEach((row) => {
			const owner = row.closest(".entry");
			const after = newest && newest.compareDocumentPosition(owner) & Node.DOCUMENT_POSITION_FOLLOWING;
			row.hidden = owner !== newest && !after;
		});
		$("welcome").hidden = !this.entries.children.length || Boolean(this.entries.querySelector(".citizen, .divider"));
	}

	/** Show a message of this page in its present state. */
	mine(entry) {
		let node = this.pending.get(entry.id);
		if (!node) {
			node = this.citizen(entry.text);
			this.pending.set(entry.id, node);
			this.entries.append(node);
			this.entries.style.paddingBottom = "";
			this.refresh();
			this.toEnd();
		}
		node.className = `entry citizen ${entry.state}`;
		const old = node.querySelector(".state");
		if (old) old.remove();
		if (entry.state === "refused") node.append(el("p", "state", entry.reason || "Tin này không gửi được."));
		if (entry.state !== "waiting") return;
		const offline = navigator.onLine === false;
		const told = offline ? "Sẽ tự gửi khi có mạng" : "Chưa tới nơi, tôi đang tự gửi lại";
		node.append(el("p", "state", told, !offline && button("", "Gửi lại ngay", this.resend)));
		if (entry.told !== told) this.speak(`${told}.`);
		entry.told = told;
	}

	/** A message of this page has its place; if the stream was quicker, that copy is the one that stays. */
	settle(entry, sequence) {
		const node = this.pending.get(entry.id);
		this.pending.delete(entry.id);
		if (!node) return;
		if (this.has(sequence)) node.remove();
		else {
			node.className = "entry citizen";
			this.place(node, sequence);
		}
		this.refresh();
		const reply = node.nextElementSibling; // it was quicker: now its question stands above it
		if (reply && reply.matches(".assistant:last-child")) this.reveal(reply);
	}

	/** End the shown conversation: what stays on the page is no longer part of the next one. */
	close(text) {
		this.entries.querySelectorAll("[data-sequence]").forEach((node) => { node.dataset.sequence = -1; });
		this.place(el("p", "divider", text), 0);
		forgetTicks();
		this.refresh();
	}

	clear() {
		this.entries.textContent = "";
		this.pending.clear();
		forgetTicks();
		this.typing(false);
	}

	typing(active) {
		clearTimeout(this.typingTimer);
		const box = $("typing");
		if (!active) { box.textContent = ""; return; }
		const follow = this.atEnd();
		if (!box.firstChild) box.append(el("i"), "Tôi đang xem câu hỏi của anh/chị…");
		if (follow) this.toEnd();
		this.typingTimer = setTimeout(() => this.typing(false), 60000);
	}

	awaitsReply() {
		const last = this.entries.lastElementChild;
		return Boolean(last && last.matches(".citizen[data-sequence]"));
	}

	banner(text) {
		$("banner").textContent = text;
		$("banner").hidden = !text;
	}

	announce(body) {
		const lists = (body.blocks || []).filter(({ items }) => items && items.length)
			.map(({ title, items }) => `${title ? `${title}: ` : ""}${items.length} mục.`);
		const chosen = (body.buttons || []).length;
		this.speak([body.text, ...lists, chosen ? `Có ${chosen} lựa chọn nhanh.` : ""].join(" "));
	}

	/** Say something to screen readers; two places take turns so that equal texts are read again. */
	speak(text) {
		const places = $("announcer").children;
		const place = places[this.spoken % 2];
		places[(this.spoken + 1) % 2].textContent = "";
		this.spoken += 1;
		setTimeout(() => { place.textContent = text; }, 100);
	}
}
