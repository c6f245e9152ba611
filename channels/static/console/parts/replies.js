/* What was said in a conversation, as nodes: answers of the assistant with their parts, people's words as they are. */

import { button, el, icon, outward, sr } from "../dom.js";
import { clock, day, isoDay } from "../time.js";
import { colleague } from "../words/words.js";

const LONG = 420;

/** A node that is folded to a few lines, with a button to unfold it. */
export function folding(node, long) {
	if (!long) return node;
	node.classList.add("folded");
	const more = button("link", "Xem hết", () => {
		const folded = node.classList.toggle("folded");
		more.textContent = folded ? "Xem hết" : "Thu gọn";
		more.setAttribute("aria-expanded", String(!folded));
	}, { "aria-expanded": "false" });
	return [node, more];
}

/** Sources of an answer; a link where there is an address. */
export function sourceList(sources) {
	if (!sources || !sources.length) return null;
	return el("ul.sources", { "aria-label": "Nguồn" }, ...sources.map((source) => el("li", icon("source"), /^https?:/i.test(source.url || "") ? outward(source.label, source.url) : el("span", source.label))));
}

function block({ kind, title, text, items = [] }) {
	return el("div.block", title && el("p", el("strong", title)), text && el("p", text),
		items.length > 0 && el(kind === "steps" ? "ol" : "ul", ...items.map((item) => el("li", item))));
}

/** An answer of the assistant: its text, folded parts, sources; buttons as plain words, for nobody presses them here. */
function answer(reply, text) {
	const blocks = (reply && reply.blocks) || [];
	const sources = reply && sourceList(reply.sources);
	const parts = el("div.answer", el("p.words", text), ...blocks.map(block), sources || "");
	const size = text.length + JSON.stringify(blocks).length;
	const offered = (reply && reply.buttons) || [];
	return [folding(parts, size > LONG || blocks.length > 0),
		offered.length > 0 && el("p.offered", sr("Đã gợi ý bấm: "), ...offered.map(({ title }) => el("span", title)))];
}

/** One event of a conversation. */
export function eventNode(event, me) {
	const at = el("time", { datetime: event.at, title: day(event.at) }, clock(event.at));
	if (event.kind === "notice") return el("li.said.notice", el("p", at, " ", event.text));
	if (event.kind === "citizen") {
		return el("li.said.citizen", el("p.who", "Công dân ", at), el("div.bubble", folding(el("p.words", event.text || "(tin trống)"), event.text.length > LONG * 2)));
	}
	if (event.kind === "operator") {
		const own = event.by && event.by.id === me;
		return el(`li.said.operator${own ? ".own" : ""}`, el("p.who", own ? "Anh/chị " : event.by ? `${event.by.name || colleague(event.by)} ` : "Tổng đài ", at),
			el("div.bubble", folding(el("p.words", event.text), event.text.length > LONG * 2)));
	}
	return el("li.said.assistant", el("p.who", "Trợ lý tự động ", at), el("div.bubble", answer(event.reply, event.text)));
}

/** A line between two days; null within one. */
export function dayLine(before, event) {
	if (before && isoDay(before.at) === isoDay(event.at)) return null;
	return el("li.day", el("span", isoDay(event.at) === isoDay() ? "Hôm nay" : day(event.at)));
}
