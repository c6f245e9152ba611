/* The fields of a case that is filed for somebody. What is set by hand stays as it was set, however the story grows. */

import { button, calm, el, icon } from "../dom.js";
import { field } from "../form.js";

const TRUE = "checkbox";
const UNITS_MS = 150;

/** Names, labels and kinds in the page's order; `more` ones stand folded. */
const FIELDS = [
	["input_type", "Loại", "select", { list: "types" }],
	["unit", "Nơi bị nêu", "unit", {}],
	["behaviours", "Hành vi", "behaviours", {}],
	["event_date", "Ngày xảy ra", "date", {}],
	["event_time", "Giờ", "time", {}],
	["staff", "Cán bộ (tên, đặc điểm)", "text", { long: 300 }],
	["desk", "Bộ phận", "select", { list: "desks" }],
	["identity", "Ghi tên người kể", "select", { list: "identities" }],
	["contact.name", "Họ tên", "text", { long: 300 }],
	["contact.phone", "Số điện thoại", "tel", { long: 24 }],
	["contact.caller", "Gọi lại số đang gọi", TRUE, {}],
	["wanted", "Mong muốn", "text", { long: 2000 }],
	["counter", "Quầy số", "text", { more: true, long: 300 }],
	["event_approximate", "Ngày giờ chỉ là khoảng", TRUE, { more: true }],
	["said", "Lời cán bộ nói", "text", { more: true, long: 2000 }],
	["waited_minutes", "Chờ bao nhiêu phút", "number", { more: true }],
	["visits", "Đi lại mấy lần", "number", { more: true }],
	["amount", "Số tiền (đồng)", "number", { more: true }],
	["dossier_code", "Mã hồ sơ", "text", { more: true, long: 300 }],
	["witnesses", "Người chứng kiến", "text", { more: true, long: 2000 }],
	["evidence", "Bằng chứng (cách nhau bằng ;)", "list", { more: true, long: 2000 }],
	["contact.email", "Thư điện tử", "email", { more: true, long: 254 }],
	["reach", "Muốn được báo bằng", "select", { more: true, list: "ways" }],
	["child", "Người kể là trẻ em", TRUE, { more: true }],
];

const at = (draft, name) => name.split(".").reduce((found, part) => (found === null || found === undefined ? null : found[part]), draft);

/** The draft with a field changed. */
function put(draft, name, value) {
	const [first, second] = name.split(".");
	return second ? { ...draft, [first]: { ...draft[first], [second]: value } } : { ...draft, [first]: value };
}

const shown = (kind, value) => (value === null || value === undefined ? "" : kind === "list" ? value.join("; ") : kind === "time" ? value.slice(0, 5) : kind === TRUE ? value : String(value));

function read(kind, value) {
	if (kind === TRUE) return value;
	if (kind === "list") return value.split(";").map((one) => one.trim()).filter(Boolean).slice(0, 20);
	if (kind === "number") return value === "" ? null : Number(value);
	return value === "" ? null : value;
}

export class FilingFields {
	/** `changed(draft)` after a field was set by hand, or given back to the reading. */
	constructor(app, choices, { draft, changed }) {
		Object.assign(this, { app, choices, draft, changed });
		this.fields = new Map();
		const nodes = FIELDS.map((given) => [given, this.make(...given)]);
		const part = (more) => nodes.filter(([[, , , { more: folded = false }]]) => folded === more).map(([, node]) => node);
		this.more = el("details.filing-more", el("summary", "Chi tiết khác"), el("div.filing-grid", ...part(true)));
		this.node = el("section", { "aria-label": "Những điều đã ghi được" }, el("div.filing-grid", ...part(false)), this.more);
	}

	make(name, label, kind, { list, long }) {
		if (kind === "behaviours") return this.behaviours(name, label);
		const options = list && [["", "chưa rõ"], ...(this.choices[list] || []).map(({ code, label: told }) => [code, told])];
		const made = field({ name, label, kind: { list: "text", unit: "text" }[kind] || kind, options, attributes: { ...(long ? { maxlength: long } : {}), ...(kind === "number" ? { min: 0, inputmode: "numeric" } : {}) } });
		const entry = { ...this.hand(name, made.node), kind, made, focus: () => made.focus() };
		this.fields.set(name, entry);
		if (kind === "unit") this.unit(entry);
		else made.input.addEventListener(kind === "select" || kind === TRUE ? "change" : "input", () => this.set(name, read(kind, made.value)));
		return made.node;
	}

	/** A field's mark of having been set by hand, with the way back. */
	hand(name, node) {
		const mark = button("link", "sửa tay – để máy đọc lại", () => {
			this.draft = { ...this.draft, by_hand: this.draft.by_hand.filter((one) => one !== name) };
			mark.hidden = true;
			this.changed(this.draft);
			this.focus(name);
		}, { hidden: true });
		node.append(mark);
		return { mark, node };
	}

	set(name, value) {
		this.draft = put(this.draft, name, value);
		if (!this.draft.by_hand.includes(name)) this.draft = { ...this.draft, by_hand: [...this.draft.by_hand, name] };
		this.fields.get(name).mark.hidden = false;
		this.changed(this.draft);
	}

	/** An office is found by a part of its name; what is typed and not chosen stays the citizen's word for it. */
	unit(entry) {
		const { input } = entry.made;
		entry.options = el("div.choices", { role: "group", "aria-label": "Chọn nơi bị nêu" });
		entry.node.append(entry.options);
		const find = calm(async () => {
			const words = input.value.trim();
			const { items } = words ? await this.app.api.get("console/filing/units", { q: words }).catch(() => ({ items: [] })) : { items: [] };
			if (words === input.value.trim()) this.offer(entry, items);
		}, UNITS_MS);
		input.addEventListener("input", () => {
			const said = input.value.trim();
			this.draft = { ...this.draft, unit: null };
			this.draft = { ...this.draft, unit_said: said || null, by_hand: [...new Set([...this.draft.by_hand, "unit", "unit_said"])] };
			entry.mark.hidden = false;
			find();
			this.changed(this.draft);
		});
		entry.mark.addEventListener("click", () => { this.draft = { ...this.draft, by_hand: this.draft.by_hand.filter((one) => one !== "unit_said") }; }, true);
	}

	offer(entry, units) {
		const asked = entry.made.value.trim();
		entry.options.replaceChildren(...units.map(({ id, name }) => button("chip", name, () => {
			if (entry.made.value.trim() !== asked) return;
			entry.made.value = name;
			entry.options.replaceChildren();
			this.draft = { ...this.draft, unit_said: null, by_hand: this.draft.by_hand.filter((one) => one !== "unit_said") };
			this.set("unit", id);
			entry.made.focus();
		})));
	}

	behaviours(name, label) {
		const chips = el("div.choices");
		const more = field({ name, label, kind: "select", options: [["", "thêm hành vi…"], ...(this.choices.behaviours || []).map(({ code, label: told }) => [code, told])] });
		more.input.before(chips);
		more.input.addEventListener("change", () => {
			const codes = [...new Set([...this.draft.behaviours, more.value])].filter(Boolean).slice(-3);
			more.value = "";
			this.chips(codes.map((code) => ({ code, label: this.label(code), probability: null })));
			this.set(name, codes);
		});
		this.fields.set(name, { ...this.hand(name, more.node), kind: "behaviours", made: more, chips, focus: () => more.focus() });
		return more.node;
	}

	label(code) { return ((this.choices.behaviours || []).find((one) => one.code === code) || { label: code }).label; }

	chips(found) {
		const { chips, made } = this.fields.get("behaviours");
		const drop = (code) => {
			const codes = this.draft.behaviours.filter((one) => one !== code);
			this.chips(codes.map((one) => ({ code: one, label: this.label(one), probability: null })));
			this.set("behaviours", codes);
			made.focus();
		};
		chips.replaceChildren(...found.map(({ code, label, probability }) => button("chip", label, () => drop(code), { "aria-label": `Bỏ hành vi: ${label}` }, icon("close"),
			probability === null ? "" : el("b", `${Math.round(probability * 100)}% `))));
	}

	/** What was read anew; what has the focus or was set by hand is left as it stands. */
	show({ draft, behaviours, unit, unit_options: options }) {
		this.draft = draft;
		for (const [name, entry] of this.fields) {
			const byHand = draft.by_hand.includes(name);
			entry.mark.hidden = !byHand;
			if (byHand || entry.made.input === document.activeElement) continue;
			if (name === "unit") entry.made.value = unit ? unit.name : draft.unit_said || "";
			else if (name === "behaviours") this.chips(behaviours);
			else entry.made.value = shown(entry.kind, at(draft, name));
		}
		const place = this.fields.get("unit");
		if (place.made.input !== document.activeElement && !place.node.contains(document.activeElement)) this.offer(place, unit ? [] : options);
		else if (unit && draft.by_hand.includes("unit") && !place.options.contains(document.activeElement)) place.options.replaceChildren();
	}

	fault(name, text) {
		const entry = this.fields.get(name === "contact" ? "contact.phone" : name);
		if (entry) entry.made.fault(text);
	}

	clearFaults() { for (const { made } of this.fields.values()) made.fault(""); }

	/** Put the focus to a field; false where there is none of that name. */
	focus(name) {
		const entry = this.fields.get(name === "contact" ? "contact.phone" : name);
		if (!entry) return false;
		if (this.more.contains(entry.node)) this.more.open = true;
		entry.focus();
		return true;
	}
}
