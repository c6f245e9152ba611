/* What the conversation looks like. All text goes in as text nodes. */

import {
	blockNode, button, el, filedNode, folding, forgetTicks, icon, paragraph, rowsNode, shortened, sourceNode, ticketNodes,
} from "./content.js";
import { plainly } from "./plain.js";
import { t } from "./words.js";

const LONG_CHARS = 500;
const LONG_LINES = 8;
const EDGE = 10; // px between the conversation's upper edge and what is shown first
const TALL = 0.26; // of the conversation's height: more quick replies do not stay in sight
const EDIT = /^k:\w+:edit$/;
const QUIET = /^(?:k:cancel$|k:\w+:skip$|drop:)/;
const LINE = "\n• "; // begins a line of an answer's text; «Title: …» tells what that quick reply means
const zone = { timeZone: "Asia/Ho_Chi_Minh" };
const clock = new Intl.DateTimeFormat("vi-VN", { ...zone, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("vi-VN", { ...zone, day: "2-digit", month: "2-digit", year: "numeric" });

function moment(iso) {
	const at = new Date(iso);
	const date = day.format(at);
	return date === day.format(new Date()) ? clock.format(at) : `${clock.format(at)}, ${date}`;
}

export class View {
	/** `root` holds the markup. `press(choice)` is called for a quick reply, `resend()` and `drop(entry)` for a message
	 * that waits; `voice` reads aloud. */
	constructor(root, { press, resend, drop, voice }) {
		Object.assign(this, { press, resend, drop, voice });
		this.$ = (id) => root.getElementById(id);
		this.log = this.$("log");
		this.entries = this.$("entries");
		this.pending = new Map();
		this.spoken = 0;
		this.focusNext = false;
		this.resting = true;
		this.log.addEventListener("scroll", () => {
			this.resting = this.atEnd();
			if (this.resting) this.$("latest").hidden = true;
		}, { passive: true });
		// A keyboard that opens makes the log shorter: its end stays in sight.
		new ResizeObserver(() => { if (this.resting) this.toEnd(); }).observe(this.log);
		this.$("latest").addEventListener("click", () => this.toEnd());
	}

	atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90; }

	toEnd() { this.log.scrollTop = this.log.scrollHeight; }

	at(sequence) { return this.entries.querySelector(`[data-sequence="${sequence}"]`); }

	/** Put a node at its sequence's place; messages still on their way stay last. */
	place(node, sequence) {
		node.dataset.sequence = sequence;
		const later = [...this.entries.children].find((other) => other !== node && !(Number(other.dataset.sequence) < sequence));
		this.entries.insertBefore(node, later || null);
	}

	/** Show an event. `live` is false for what is read back from history. */
	show(event, live) {
		const stay = live && !this.atEnd();
		// A person answers from here on, or no longer; most events do not say.
		({ attended: this.attended = this.attended } = event.body.data || {});
		const node = event.kind === "citizen" ? this.citizen(event.body.text)
			: event.kind === "notice" ? this.notice(event.body) : this.answer(event);
		this.place(node, event.sequence);
		this.refresh();
		const most = TALL * this.log.offsetHeight;
		node.querySelectorAll(".choices").forEach((row) => row.classList.toggle("tall", row.offsetHeight > most));
		if (event.kind === "citizen") { if (!stay) this.toEnd(); return; }
		if (live) this.announce(event.body);
		if (live && this.focusNext && event.kind === "assistant") {
			this.focusNext = false;
			node.focus({ preventScroll: true });
		}
		if (stay) this.$("latest").hidden = false;
		else this.reveal(node);
	}

	/** Scroll to the end, never past a long answer's beginning; its question is whole in sight, or not at all. */
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

	citizen(text, photo) {
		const bubble = el("div", "bubble", photo, text.trim() ? text : t("(tin trống)"));
		const long = text.length > LONG_CHARS || text.split("\n").length > LONG_LINES;
		return el("div", "entry citizen", el("span", "sr", t("Anh/chị: ")), bubble, long && folding((folded) => {
			bubble.classList.toggle("folded", folded);
			return folded ? t("Xem thêm") : t("Thu gọn");
		}));
	}

	answer({ kind, body, at, sequence }) {
		const moved = (line) => (body.buttons || []).some(({ title }) => line.startsWith(`${title}: `));
		const said = body.text.split(LINE).filter((line) => !moved(line)).join(LINE);
		const filed = body.act.startsWith("case_filed");
		const record = body.act === "case_review" || body.act === "status";
		const blocks = (body.blocks || []).map((block, number) => record && block.kind === "list"
			? rowsNode(block) : blockNode(block, `${sequence}.${number}`));
		const sheet = el("div", record ? "sheet record" : "sheet", filed ? filedNode("say", said) : paragraph("say", said),
			...(filed ? ticketNodes(body, (line) => this.speak(line)) : []), ...blocks);
		if ((body.sources || []).length) {
			const list = el("ul", "sources", ...body.sources.map(sourceNode));
			list.setAttribute("aria-label", t("Nguồn của câu trả lời"));
			sheet.append(list);
		}
		sheet.lang = "vi";
		const node = el("div", "entry assistant", this.head(kind === "operator" ? body.data.name : "", body, at, sheet), sheet, ...this.choices(body));
		node.tabIndex = -1;
		return node;
	}

	/** The line above an answer: who (`by`, "" for the assistant) and when, and what makes it easier to take in. */
	head(by, body, at, sheet) {
		const terms = plainly(body);
		const easier = terms.length && button("aid", t("Dễ hiểu hơn"), () => {
			const told = el("section", "block note", el("h3", "", t("Nói dễ hiểu hơn")),
				...terms.map(([term, meaning]) => el("p", "", el("b", "", term[0].toUpperCase() + term.slice(1)), `: ${meaning}.`)));
			sheet.insertBefore(told, sheet.querySelector(".sources"));
			easier.remove();
			told.tabIndex = -1;
			told.focus({ preventScroll: true });
			told.scrollIntoView({ block: "center" });
		});
		const listen = button("aid listen", t("Nghe"), () => this.voice.read(body, listen));
		listen.hidden = !this.voice.known;
		return el("div", "meta", `${by || "Tiếp Dân"} · ${moment(at)}`, listen, easier);
	}

	notice(body) {
		const strip = el("div", "notice", icon("notice"), paragraph("", body.text));
		return el("div", "entry", strip, ...this.choices(body));
	}

	/** The rows of quick replies: above what goes on with the talk, what a read-back lets correct. */
	choices(body) {
		const buttons = body.buttons || [];
		const edits = buttons.filter(({ id }) => EDIT.test(id));
		const rest = buttons.filter(({ id }) => !EDIT.test(id));
		const lines = body.text.split(LINE);
		return [this.row(edits, "edits", t("Sửa lại"), lines), this.row(rest, "", t("Chọn nhanh"), lines)].filter(Boolean);
	}

	row(buttons, kind, name, lines) {
		if (!buttons.length) return null;
		const long = buttons.some(({ title }) => title.length > 34) ? "long" : "";
		const row = el("div", ["choices", kind, long].filter(Boolean).join(" "));
		row.lang = "vi";
		row.setAttribute("role", "group");
		row.setAttribute("aria-label", name);
		for (const choice of buttons) {
			const label = shortened(choice.title);
			const weight = choice.id === "k:send" ? "primary" : QUIET.test(choice.id) ? "quiet" : "";
			const chip = button(weight, label, (event) => {
				this.focusNext = event.detail === 0; // pressed by keyboard: its user is taken to the reply
				this.press(choice);
			});
			if (label !== choice.title) chip.title = choice.title;
			const told = lines.find((line) => line.startsWith(`${choice.title}: `));
			if (told) {
				chip.className = "told";
				chip.append(el("small", "", told.slice(choice.title.length + 2)));
				chip.setAttribute("aria-label", choice.title);
				chip.setAttribute("aria-description", told);
			}
			row.append(chip);
		}
		return row;
	}

	/** Only the newest answer's choices can be pressed; the examples go with the first message. */
	refresh() {
		const spoken = [...this.entries.children].filter((node) => !node.querySelector(".notice"));
		const newest = spoken[spoken.length - 1];
		this.entries.querySelectorAll(".choices").forEach((row) => {
			const owner = row.closest(".entry");
			const after = newest && newest.compareDocumentPosition(owner) & Node.DOCUMENT_POSITION_FOLLOWING;
			row.hidden = owner !== newest && !after;
		});
		this.$("welcome").hidden = !this.entries.children.length || Boolean(this.entries.querySelector(".citizen, .divider"));
	}

	/** Show a message of this page in its present state. */
	mine(entry) {
		let node = this.pending.get(entry.id);
		if (!node) {
			node = this.citizen(entry.text, entry.photo);
			this.pending.set(entry.id, node);
			this.entries.append(node);
			this.entries.style.paddingBottom = "";
			this.refresh();
			this.toEnd();
		}
		node.className = `entry citizen ${entry.state}`;
		const old = node.querySelector(".state");
		if (old) old.remove();
		const dropping = button("", t("Xóa tin"), () => { node.remove(); this.pending.delete(entry.id); this.refresh(); this.drop(entry); });
		if (entry.state === "refused") node.append(el("p", "state", entry.reason || t("Tin này không gửi được."), dropping));
		if (entry.state !== "waiting") return;
		const offline = navigator.onLine === false;
		const told = !offline && entry.busy || t(offline ? "Sẽ tự gửi khi có mạng" : "Chưa tới nơi, tôi đang tự gửi lại");
		node.append(el("p", "state", told, !offline && button("", t("Gửi lại ngay"), this.resend), dropping));
		if (entry.told !== told) this.speak(`${told}.`);
		entry.told = told;
	}

	/** A message of this page has its place; if the stream was quicker, its copy goes. */
	settle(entry, sequence) {
		const node = this.pending.get(entry.id);
		this.pending.delete(entry.id);
		if (!node) return;
		const copy = this.at(sequence);
		if (copy) copy.remove();
		node.className = "entry citizen";
		this.place(node, sequence);
		this.refresh();
		const reply = node.nextElementSibling; // it was quicker: now its question stands above it
		if (reply && reply.matches(".assistant:last-child")) this.reveal(reply);
	}

	/** End the shown conversation; it stays on the page. */
	close(text) {
		this.entries.querySelectorAll("[data-sequence]").forEach((node) => { node.dataset.sequence = -1; });
		this.tell(text);
		forgetTicks();
		this.refresh();
	}

	/** A line of the page itself at the conversation's beginning. */
	tell(text) { this.place(el("p", "divider", text), 0); }

	/** Empty the page; `again` when the same conversation is shown anew. */
	clear(again = false) {
		this.entries.textContent = "";
		this.attended = false;
		this.pending.clear();
		if (!again) forgetTicks();
		this.typing(false);
	}

	typing(active) {
		clearTimeout(this.typingTimer);
		const box = this.$("typing");
		if (!active) { box.textContent = ""; return; }
		const follow = this.atEnd();
		if (!box.firstChild) box.append(el("i"), t("Tôi đang xem tin của anh/chị…"));
		if (follow) this.toEnd();
		this.typingTimer = setTimeout(() => this.typing(false), 60000);
	}

	awaitsReply() {
		const last = this.entries.lastElementChild;
		return last && !this.attended && last.matches(".citizen[data-sequence]");
	}

	banner(text) {
		this.$("banner").textContent = text;
		this.$("banner").hidden = !text;
	}

	announce(body) {
		const lists = (body.blocks || []).filter(({ items }) => items && items.length)
			.map(({ title, items }) => `${title ? `${title}: ` : ""}${t("{n} mục.", { n: items.length })}`);
		const chosen = (body.buttons || []).length;
		this.speak([body.text, ...lists, chosen ? t("Có {n} lựa chọn nhanh.", { n: chosen }) : ""].join(" "));
	}

	/** Tell screen readers; two places take turns so that equal texts are read again. */
	speak(text) {
		const places = this.$("announcer").children;
		const place = places[this.spoken % 2];
		places[(this.spoken + 1) % 2].textContent = "";
		this.spoken += 1;
		setTimeout(() => { place.textContent = text; }, 100);
	}
}
