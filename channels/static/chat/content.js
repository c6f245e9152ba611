/* What is inside an answer, a complaint's rows and codes included. All text goes in as text nodes. */

import { recall, remember } from "./api.js";
import { t } from "./words.js";

const FOLD_ABOVE = 8;
const FOLD_TO = 6;
const LABEL_CHARS = 90;
const TICKS = "tiepdan.ticks";
const SVG = "http://www.w3.org/2000/svg";
// «PA-4829-1372», then the secret that goes with it, as the assistant writes them.
const CODES = /(PA-\d{4}-\d{4})\b[^.\n]{0,40}?mã bí mật[^\n]{0,6}? ([A-Z\d]{4}-[A-Z\d]{4})\b/g;
const CODE = /\bPA-\d{4}-\d{4}\b|(mã bí mật (?:là )?)[A-Z\d]{4}-[A-Z\d]{4}\b/g;

export function el(tag, className, ...children) {
	const node = document.createElement(tag);
	if (className) node.className = className;
	node.append(...children.filter(Boolean));
	return node;
}

export function button(className, label, pressed) {
	const node = el("button", className, label);
	node.type = "button";
	node.addEventListener("click", pressed);
	return node;
}

export function icon(name) {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("aria-hidden", "true");
	const use = document.createElementNS(SVG, "use");
	use.setAttribute("href", `#i-${name}`);
	svg.append(use);
	return svg;
}

/** A button that folds and unfolds: `fold(folded)` does it and returns the button's next label. */
export function folding(fold) {
	let folded = true;
	const switched = button("unfold", fold(folded), () => {
		folded = !folded;
		switched.textContent = fold(folded);
		switched.setAttribute("aria-expanded", String(!folded));
	});
	switched.setAttribute("aria-expanded", "false");
	return switched;
}

/** Return the text cut at a word border; a label that fits stays as it is. */
export function shortened(text, most = LABEL_CHARS) {
	if (text.length <= most) return text;
	const cut = text.slice(0, most).replace(/\s+\S*$/, "");
	return `${cut.replace(/[\s,;:–-]+$/, "")}…`;
}

/** What to dial for a written number such as 024.1022, else "". `before` and `after` are the text around it. */
function dialled(written, before, after) {
	const digits = written.replace(/\D/g, "");
	if (/[\p{L}\d./+-]$/u.test(before) || /^(?:[\p{L}\d/-]|[.,]\d)/u.test(after)) return "";
	if (/^11[1345]$/.test(written)) return /(?:^|\s)gọi(?![^.!?\n]*(?:điều|khoản|mục|số hiệu)\s*$)[^.!?\n]*$/iu.test(before) ? digits : "";
	if (/^\d{1,2}[.-]\d{1,2}[.-]\d{4}$/.test(written)) return "";
	if (written.startsWith("+")) return digits.length > 8 && digits.length < 13 ? `+${digits}` : "";
	return /^(?:0[1-9]\d|1[89]00)/.test(written) && digits.length > 6 && digits.length < 12 ? digits : "";
}

/** Return text nodes, and links for the telephone numbers among them. */
export function withCalls(text) {
	const nodes = [];
	let done = 0;
	for (const found of text.matchAll(/1[89]00 \d{4,6}|0\d{2,3} \d{3,4} \d{3,4}|\+?\d+(?:[.-]\d+)*/g)) {
		const end = found.index + found[0].length;
		const number = dialled(found[0], text.slice(0, found.index), text.slice(end));
		if (!number) continue;
		const link = el("a", "call", found[0]);
		link.href = `tel:${number}`;
		nodes.push(text.slice(done, found.index), link);
		done = end;
	}
	return [...nodes, text.slice(done)];
}

export function paragraph(className, text) {
	return el("p", className, ...withCalls(text));
}

function ticks() {
	const kept = recall("localStorage", TICKS);
	return new Set(Array.isArray(kept) ? kept : []);
}

/** Forget which papers are ready: they belong to a conversation. */
export function forgetTicks() { remember("localStorage", TICKS, null); }

/** A list of papers to get ready, to be ticked off; the ticks are kept on this device. */
function papers(block, place, count) {
	const kept = ticks();
	const boxes = block.items.map((_, number) => {
		const box = el("input", "");
		box.type = "checkbox";
		box.checked = kept.has(`${place}.${number}`);
		box.addEventListener("change", () => {
			const now = ticks();
			if (box.checked) now.add(`${place}.${number}`);
			else now.delete(`${place}.${number}`);
			remember("localStorage", TICKS, [...now]);
			tell();
		});
		return box;
	});
	const tell = () => {
		const ready = boxes.filter((box) => box.checked).length;
		count.textContent = ready ? t("đã có {n}/{all}", { n: ready, all: boxes.length }) : t("{n} loại", { n: boxes.length });
	};
	tell();
	return block.items.map((item, number) => el("li", "", el("label", "", boxes[number], el("span", "", ...withCalls(item)))));
}

function items(block, place, count) {
	const ticked = block.kind === "documents";
	const rows = ticked ? papers(block, place, count) : block.items.map((item) => el("li", "", ...withCalls(item)));
	const list = el(block.kind === "steps" ? "ol" : "ul", ticked ? "items papers" : "items", ...rows);
	list.setAttribute("role", "list");
	if (rows.length <= FOLD_ABOVE) return [list];
	const rest = rows.slice(FOLD_TO);
	return [list, folding((folded) => {
		rest.forEach((row) => { row.hidden = folded; });
		return folded ? t("Xem tiếp {n} mục", { n: rest.length }) : t("Thu gọn");
	})];
}

/** Return a part of an answer. `place` is its own in the conversation. */
export function blockNode(block, place) {
	const listed = (block.items || []).length;
	const count = el("span", "count", block.kind === "steps" && listed > 1 ? t("{n} bước", { n: listed }) : "");
	const list = listed ? items(block, place, count) : [];
	const title = block.title || (block.kind === "steps" ? t("Các bước") : "");
	return el("section", `block ${block.kind}`, title && el("h3", "", el("span", "", title), count.textContent && count),
		block.text && paragraph("", block.text), ...list);
}

export function sourceNode(source) {
	let label = source.label;
	if (/^https?:\/\//i.test(source.url || "")) {
		label = el("a", "", source.label, icon("out"), el("span", "sr", t("(mở trang mới)")));
		label.href = source.url;
		label.target = "_blank";
		label.rel = "noopener noreferrer";
	}
	return el("li", "", icon(source.kind), el("span", "", label));
}

/** A list of «label: value» as rows to be checked at a glance: never folded. */
export function rowsNode(block) {
	const rows = block.items.map((item) => {
		const [, label, value] = /^([^:]{1,28}): (.+)$/s.exec(item) || [item, "", item];
		return el("div", value === "chưa rõ" ? "unknown" : "", el("dt", "", label), el("dd", "", ...withCalls(value)));
	});
	return el("section", "block rows", block.title && el("h3", "", el("span", "", block.title)), el("dl", "", ...rows));
}

/** The sentence with its codes whole and bold. */
export function filedNode(className, text) {
	const nodes = [];
	let done = 0;
	for (const { 0: found, 1: before = "", index } of text.matchAll(CODE)) {
		nodes.push(text.slice(done, index) + before, el("b", "code", found.slice(before.length)));
		done = index + found.length;
	}
	return el("p", className, ...nodes, text.slice(done));
}

/** Put the text in the clipboard, also where the page is not served over TLS. */
async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = el("textarea", "sr", text);
		document.body.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		if (!done) throw new Error("refused");
	}
}

function ticket(number, secret, say) {
	const row = (label, code) => el("div", "", el("dt", "", label), el("dd", "", code));
	const copied = button("", t("Chép hai mã"), async () => {
		try {
			await copy(`Mã phiếu: ${number}\nMã bí mật: ${secret}`);
			copied.textContent = t("Đã chép hai mã");
		} catch {
			copied.textContent = t("Máy không cho chép; anh/chị chụp màn hình giúp tôi");
		}
		say(`${copied.textContent}.`);
	});
	return el("section", "ticket", el("dl", "", row(t("Mã phiếu"), number), row(t("Mã bí mật"), secret)),
		el("p", "", el("b", "", t("Xin chụp màn hình hoặc viết hai mã ra giấy.")),
			` ${t("Mất mã bí mật thì không hỏi kết quả ở đây được nữa; phản ánh vẫn được giải quyết.")}`), copied);
}

/** The numbers and secrets of a filed complaint, each pair as a slip to keep. `say` is for screen readers. */
export function ticketNodes(body, say) {
	const told = [body.text, ...(body.blocks || []).map(({ text }) => text || "")].join("\n");
	return [...told.matchAll(CODES)].map(([, number, secret]) => ticket(number, secret, say));
}
