/* What the conversation looks like. All text goes in as text nodes. */

const FOLD_ABOVE = 6;
const FOLD_TO = 5;
const SVG = "http://www.w3.org/2000/svg";
const zone = { timeZone: "Asia/Ho_Chi_Minh" };
const clock = new Intl.DateTimeFormat("vi-VN", { ...zone, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("vi-VN", { ...zone, day: "2-digit", month: "2-digit", year: "numeric" });
const $ = (id) => document.getElementById(id);

function el(tag, className, ...children) {
	const node = document.createElement(tag);
	if (className) node.className = className;
	node.append(...children.filter(Boolean));
	return node;
}

function icon(name) {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("aria-hidden", "true");
	const use = document.createElementNS(SVG, "use");
	use.setAttribute("href", `#i-${name}`);
	svg.append(use);
	return svg;
}

function moment(iso) {
	const at = new Date(iso);
	const date = day.format(at);
	return date === day.format(new Date()) ? clock.format(at) : `${clock.format(at)}, ${date}`;
}

function items(block) {
	const rows = block.items.map((item) => el("li", "", item));
	const list = el(block.kind === "steps" ? "ol" : "ul", "items", ...rows);
	list.setAttribute("role", "list");
	if (rows.length <= FOLD_ABOVE) return [list];
	const rest = rows.slice(FOLD_TO);
	const button = el("button", "unfold");
	button.type = "button";
	const fold = (folded) => {
		rest.forEach((row) => { row.hidden = folded; });
		button.textContent = folded ? `Xem đủ ${rows.length} mục` : "Thu gọn";
		button.setAttribute("aria-expanded", String(!folded));
	};
	button.addEventListener("click", () => fold(!rest[0].hidden));
	fold(true);
	return [list, button];
}

function blockNode(block) {
	const listed = block.items && block.items.length;
	const unit = block.kind === "steps" ? "bước" : "mục";
	const title = (block.title || listed > 1) && el(
		"h3", "", el("span", "", block.title || (block.kind === "steps" ? "Các bước" : "Danh sách")),
		listed > 1 && el("span", "count", `${listed} ${unit}`),
	);
	return el("section", `block ${block.kind === "note" ? "note" : ""}`, title,
		block.text && el("p", "", block.text), ...(listed ? items(block) : []));
}

function sourceNode(source) {
	let label = source.label;
	if (/^https?:\/\//i.test(source.url || "")) {
		label = el("a", "", source.label, icon("out"), el("span", "sr", "(mở trang mới)"));
		label.href = source.url;
		label.target = "_blank";
		label.rel = "noopener noreferrer";
	}
	return el("li", "", icon(source.kind), el("span", "", label));
}

export class View {
	/** `press(button)` is called for a quick reply, `resend()` for a failed message. */
	constructor(press, resend) {
		this.press = press;
		this.resend = resend;
		this.log = $("log");
		this.entries = $("entries");
		this.pending = new Map();
		this.spoken = 0;
		this.focusNext = false;
		this.log.addEventListener("scroll", () => { if (this.atEnd()) $("latest").hidden = true; }, { passive: true });
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

	/** Scroll to the end, but never past the beginning of a long answer. */
	reveal(node) {
		this.toEnd();
		const above = node.getBoundingClientRect().top - this.log.getBoundingClientRect().top;
		if (above < 64) this.log.scrollTop += above - 64;
	}

	citizen(text) {
		return el("div", "entry citizen", el("span", "sr", "Anh/chị: "),
			el("div", "bubble", text.trim() ? text : "(tin trống)"));
	}

	answer({ body, at }) {
		const sheet = el("div", "sheet", el("p", "say", body.text), ...(body.blocks || []).map(blockNode));
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
		const strip = el("div", "notice", icon("notice"), el("p", "", body.text));
		return el("div", "entry", strip, this.choices(body));
	}

	choices(body) {
		const buttons = body.buttons || [];
		if (!buttons.length) return null;
		const row = el("div", buttons.some(({ title }) => title.length > 34) ? "choices long" : "choices");
		row.setAttribute("role", "group");
		row.setAttribute("aria-label", "Chọn nhanh");
		for (const button of buttons) {
			const chip = el("button", "", button.title);
			chip.type = "button";
			chip.addEventListener("click", (event) => {
				this.focusNext = event.detail === 0; // pressed by keyboard: its user is taken to the reply
				this.press(button);
			});
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
			this.refresh();
			this.toEnd();
		}
		node.className = `entry citizen ${entry.state}`;
		const old = node.querySelector(".state");
		if (old) old.remove();
		if (entry.state === "refused") node.append(el("p", "state", entry.reason || "Tin này không gửi được."));
		if (entry.state === "failed") {
			const again = el("button", "", "Gửi lại");
			again.type = "button";
			again.addEventListener("click", this.resend);
			node.append(el("p", "state", "Chưa gửi được –", again));
			this.speak("Tin chưa gửi được. Tôi sẽ tự gửi lại.");
		}
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
	}

	/** End the shown conversation: what stays on the page is no longer part of the next one. */
	close(text) {
		this.entries.querySelectorAll("[data-sequence]").forEach((node) => { node.dataset.sequence = -1; });
		this.place(el("p", "divider", text), 0);
		this.refresh();
	}

	clear() {
		this.entries.textContent = "";
		this.pending.clear();
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
			.map(({ title, items }) => `${title || "Danh sách"}: ${items.length} mục.`);
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
