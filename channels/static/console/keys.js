/* Single keys, and the sheet that lists them. A key works only while no field has the focus and no dialog is open.
 *
 * Vietnamese input methods rewrite what is typed even outside fields: Telex turns «i» and then «s» into «í». The letter
 * that was meant is read back from the tone. */

import { el } from "./dom.js";
import { showDialog } from "./dialog.js";
import { preference } from "./drafts.js";

const TONES = { "\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j", "\u031b": "w", "\u0306": "w" };
const CHAIN_MS = 1500;
const OFF = "keys-off";

/** True where keys write text. */
export function writes(node) {
	return Boolean(node && node.closest && node.closest("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]"));
}

/** The letter that was pressed, also where an input method has made it a tone of the letter before. */
export function meant(key) {
	if ([...key].length !== 1) return key;
	if (key === "đ" || key === "Đ") return "d";
	const [letter, ...marks] = key.normalize("NFD");
	if (!marks.length) return key === key.toUpperCase() && key !== key.toLowerCase() ? key.toLowerCase() : key;
	const tone = marks.map((mark) => TONES[mark] || "").sort((one, other) => (one === "w") - (other === "w") || (other ? 1 : -1))[0];
	return tone || letter.toLowerCase();
}

export class Keys {
	constructor() {
		this.scopes = [];
		this.chain = "";
		this.timer = 0;
		document.addEventListener("keydown", (event) => this.pressed(event));
	}

	get off() { return preference(OFF) === "1"; }
	set off(value) { preference(OFF, value ? "1" : null); }

	/** Open a group of keys with a title on the sheet; `close` it with what it belongs to. */
	scope(title) {
		const scope = { title, entries: [], close: () => { this.scopes = this.scopes.filter((other) => other !== scope); } };
		/** Bind a key («n», «g i») to a button, which shows it and is pressed by it, or to a function. */
		scope.add = (key, label, act) => {
			const entry = { key, label, act };
			scope.entries.push(entry);
			if (act instanceof HTMLElement) {
				act.setAttribute("aria-keyshortcuts", key);
				if (!act.querySelector("kbd")) act.append(el("kbd", { "aria-hidden": "true" }, key));
			}
			return act;
		};
		scope.tell = (key, label) => scope.entries.push({ key, label, act: null });
		this.scopes.push(scope);
		return scope;
	}

	find(key) {
		for (const scope of [...this.scopes].reverse()) {
			for (const entry of scope.entries) {
				if (entry.key !== key || !entry.act) continue;
				if (!(entry.act instanceof HTMLElement)) return entry.act;
				if (entry.act.isConnected && !entry.act.disabled && entry.act.offsetParent) return () => { entry.act.focus(); entry.act.click(); };
			}
		}
		return null;
	}

	pressed(event) {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
		if (document.querySelector("dialog[open]")) return;
		if (writes(event.target)) {
			if (event.key === "Escape") this.leave(event);
			return;
		}
		// Enter and space press what has the focus; nobody else takes them.
		if (event.key === "Enter" || event.key === " " || event.repeat && !/^[jk]$/.test(event.key)) return;
		if (this.off && [...event.key].length === 1) return;
		const key = meant(event.key);
		if (["Shift", "Backspace"].includes(key)) return; // an input method takes a letter back before it writes another
		const act = this.find(this.chain ? `${this.chain} ${key}` : key);
		clearTimeout(this.timer);
		this.chain = "";
		if (act) {
			event.preventDefault();
			act();
		} else if (this.scopes.some(({ entries }) => entries.some((entry) => entry.key.startsWith(`${key} `)))) {
			event.preventDefault();
			this.chain = key;
			this.timer = setTimeout(() => { this.chain = ""; }, CHAIN_MS);
		}
	}

	/** Out of a field, to the part of the page that it stands in, so that keys work again. */
	leave(event) {
		event.preventDefault();
		const part = event.target.closest("[data-home]") || document.getElementById("main");
		if (part) part.focus({ preventScroll: true });
		else event.target.blur();
	}

	/** Show all keys that work now. */
	sheet() {
		const groups = this.scopes.filter(({ entries }) => entries.length).map(({ title, entries }) => el("section",
			el("h3", title),
			el("dl.keys", ...entries.map(({ key, label }) => el("div",
				el("dt", ...key.split(" ").map((one) => el("kbd", one))), el("dd", label))))));
		const off = el("input", { type: "checkbox", checked: !this.off, onchange: () => { this.off = !off.checked; } });
		showDialog({
			title: "Phím tắt",
			wide: true,
			body: [
				el("p.hint", "Phím một chữ chỉ chạy khi con trỏ không ở trong ô nhập. Đang ở trong ô, nhấn Esc để ra."),
				el("div.sheet-groups", ...groups),
				el("label.check", off, "Dùng phím một chữ trên máy này"),
			],
			close: "Đóng",
		});
	}
}
