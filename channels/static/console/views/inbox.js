/* The conversations: a list by box, and beside it the one that is open. */

import { arrange, button, calm, el, HOME, icon, sr, uri } from "../dom.js";
import { ownerText, reasonMark } from "../parts/summary.js";
import { since } from "../time.js";
import { BOXES, CHANNELS } from "../words/words.js";
import { openConversation } from "./conversation.js";

const LIMIT = 50;
const FROM = { citizen: "", assistant: "Trợ lý: ", operator: "Tổng đài: " };

export class Inbox {
	constructor(app, main) {
		this.app = app;
		this.box = "waiting";
		this.asked = "";
		this.items = new Map();
		this.before = null;
		this.current = undefined;
		this.open = null;
		this.keys = app.keys.scope("Hội thoại");
		this.reading = null;
		this.tabs = Object.fromEntries(Object.entries(BOXES).map(([box, label]) => [box, button("tab", "", () => this.choose(box), { "aria-pressed": "false" }, el("span", label), el("b"))]));
		this.search = el("input", { type: "search", id: "inbox-search", placeholder: "Tìm khách, số phiếu", autocomplete: "off", oninput: () => this.later() });
		this.list = el("ul.talks");
		this.told = el("p.empty", { hidden: true });
		this.more = button("more", "Xem thêm", () => this.read(true), { hidden: true });
		this.talk = el("div.talk-place");
		this.node = el("div.inbox",
			el("section.side-list", { ...HOME, "aria-label": "Danh sách hội thoại" },
				el("div.tabs", { role: "group", "aria-label": "Xem" }, ...Object.values(this.tabs)),
				el("div.search", el("label.sr", { for: "inbox-search" }, "Tìm hội thoại"), icon("search"), this.search),
				el("div.scroll", this.list, this.told, this.more)),
			this.talk);
		main.append(this.node);
		this.keys.add("j", "xuống một dòng", () => this.move(1));
		this.keys.add("k", "lên một dòng", () => this.move(-1));
		this.keys.tell("Enter", "mở dòng đang chọn");
		["waiting", "mine", "all"].forEach((box, place) => this.keys.add(`b ${place + 1}`, `xem: ${BOXES[box]}`, () => this.choose(box)));
		this.later = calm(() => { this.asked = this.search.value.trim(); this.read(); }, 250);
		this.soon = calm(() => this.read(), 300);
		this.stop = app.stream.on((name, data) => {
			if (name === "changed" || name === "again") {
				this.soon();
				if (this.open && (name === "again" || data.conversation_id === this.open.id)) this.open.changed();
			}
		});
		this.ticking = setInterval(() => this.items.forEach((item) => item.tick()), 20000);
	}

	close() {
		this.stop();
		this.keys.close();
		clearInterval(this.ticking);
		[this.later, this.soon].forEach((work) => work.cancel());
		if (this.open) this.open.close();
	}

	update({ parts, query }) {
		const box = query.get("box");
		if (box && BOXES[box] && box !== this.box) this.box = box;
		const id = parts[0] || null;
		if (id !== this.current) this.show(id);
		this.read();
	}

	show(id) {
		if (this.open) this.open.close();
		this.current = id;
		this.node.classList.toggle("has-talk", Boolean(id));
		this.open = id ? openConversation(this.app, this.talk, id, { back: () => this.app.go("hoi-thoai"), known: () => (this.items.get(id) || {}).summary, moved: (claimed) => { if (claimed && this.box === "waiting") this.box = "mine"; this.soon(); } }) : null;
		if (!id) this.talk.replaceChildren(el("p.empty", "Chọn một hội thoại để đọc và trả lời."));
		this.items.forEach((item) => item.mark());
	}

	choose(box) {
		this.box = box;
		this.read();
	}

	/** Read the list anew, or its next page. Answers that come too late are dropped. */
	async read(further = false) {
		const { app, box, asked } = this;
		if (this.reading) this.reading.abort();
		this.reading = new AbortController();
		Object.entries(this.tabs).forEach(([name, tab]) => tab.setAttribute("aria-pressed", String(name === box)));
		let page;
		try {
			page = await app.api.get("console/conversations", { box, q: asked, before: further ? this.before : "", limit: LIMIT }, { signal: this.reading.signal });
		} catch (problem) {
			if (!problem.stopped && problem.status) app.fail(problem);
			return;
		}
		this.before = page.before;
		this.more.hidden = !page.before;
		for (const name of ["waiting", "mine", "all"]) this.tabs[name].querySelector("b").textContent = page.counts[name] || "";
		app.badge("hoi-thoai", page.counts.waiting, "đang chờ");
		app.title("Hội thoại", page.counts.waiting ? `(${page.counts.waiting})` : "");
		this.announce(page, box, further);
		const shown = page.items.map((summary) => this.item(summary).node);
		arrange(this.list, further ? [...this.list.children, ...shown.filter((node) => node.parentNode !== this.list)] : shown);
		this.told.hidden = this.list.children.length > 0;
		this.told.textContent = asked ? "Không có hội thoại nào khớp." : { waiting: "Không ai đang chờ.", mine: "Anh/chị chưa nhận hội thoại nào.", closed: "Chưa có hội thoại đã đóng." }[box] || "Chưa có hội thoại nào.";
	}

	/** Somebody new waits: said once. */
	announce(page, box, further) {
		if (box !== "waiting" || further || this.asked) return;
		const ids = page.items.map(({ id }) => id);
		const fresh = this.known ? page.items.filter(({ id }) => !this.known.has(id)) : [];
		this.known = new Set(ids);
		if (fresh.length) this.app.speak(fresh.length === 1 ? `${fresh[0].label} đang chờ.` : `${fresh.length} người mới đang chờ.`);
	}

	item(summary) {
		let item = this.items.get(summary.id);
		if (!item) {
			const link = el("a.talk-item", { href: `#hoi-thoai/${uri(summary.id)}` });
			item = { link, node: el("li", link), summary };
			item.mark = () => { if (item.summary.id === this.current) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); };
			item.tick = () => { if (item.node.isConnected) this.fill(item); };
			this.items.set(summary.id, item);
		}
		item.summary = summary;
		this.fill(item);
		item.mark();
		return item;
	}

	fill({ link, summary }) {
		const waiting = summary.owner === "WAITING" && !summary.closed_at;
		link.className = `talk-item${waiting ? " waits" : ""}${summary.urgency >= 4 ? " urgent" : ""}`;
		link.replaceChildren(
			el("span.line", el("strong", summary.label), el("span.channel", CHANNELS[summary.channel] || summary.channel), el("time", since(summary.last_at))),
			el("span.line", el("span.owner", ownerText(summary, this.app.user.id), waiting && summary.place ? ` · thứ ${summary.place} trong hàng` : "")),
			reasonMark(summary) || "",
			el("span.last", summary.last_from && sr(summary.last_from === "citizen" ? "Công dân: " : ""), FROM[summary.last_from] || "", summary.last_text || ""),
			summary.case_number ? el("span.number", icon("case"), summary.case_number) : "",
		);
	}

	move(step) {
		const links = [...this.list.querySelectorAll("a")];
		if (!links.length) return;
		const at = links.indexOf(document.activeElement);
		const from = at >= 0 ? at : links.findIndex((link) => link.hasAttribute("aria-current"));
		const next = from < 0 ? links[0] : links[Math.min(links.length - 1, Math.max(0, from + step))];
		next.focus();
		next.scrollIntoView({ block: "nearest" });
	}
}

export function open(app, main, place) {
	const inbox = new Inbox(app, main);
	inbox.update(place);
	return inbox;
}
