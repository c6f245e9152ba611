/* Forms that explain what they need, keep what was typed, and put a refusal where it belongs. */

import { showDialog } from "./dialog.js";
import { button, el, expected, icon } from "./dom.js";
import { explain } from "./words/problems.js";

let counter = 0;

function control({ kind = "text", options, attributes = {} }, id) {
	const given = { id, ...attributes };
	if (kind === "textarea") return el("textarea", { rows: 4, ...given });
	if (kind === "select") return el("select", given, ...options.map(([value, label]) => el("option", { value }, label)));
	return el("input", { type: kind, autocomplete: "off", ...given });
}

/** One labelled field: {name, label, hint, kind, options, needed, value, attributes}; `kind` radio, checks or an input's.
 *
 * The result has `node`, `name`, `value` (get and set), `fault(text)` and `focus()`.
 */
export function field(wanted) {
	counter += 1;
	const id = `f${counter}`;
	const { name, label, hint, kind, options = [], needed = false } = wanted;
	const note = hint && el("p.hint", { id: `${id}-h` }, hint);
	const wrong = el("p.fault", { id: `${id}-e`, hidden: true });
	const described = [hint && `${id}-h`, `${id}-e`].filter(Boolean).join(" ");
	const marked = [label, needed && el("span.needed", " (cần có)")];
	const many = kind === "radio" || kind === "checks";
	let node;
	let input;
	if (many) {
		const boxes = options.map(([value, told]) => el("input", { type: kind === "radio" ? "radio" : "checkbox", name: `${id}-${name}`, value }));
		node = el("fieldset.field", { "aria-describedby": described }, el("legend", marked), note,
			...boxes.map((box, place) => el("label.check", box, el("span", options[place][1]))), wrong);
		[input] = boxes;
		node.boxes = boxes;
	} else {
		input = control(wanted, id);
		input.setAttribute("aria-describedby", described);
		input.name = name;
		node = kind === "checkbox" ? el("div.field", el("label.check", input, el("span", marked)), note, wrong)
			: el("div.field", el("label", { for: id }, marked), note, input, wrong);
	}
	const found = {
		node, name, input,
		get value() {
			if (kind === "checks") return node.boxes.filter((box) => box.checked).map((box) => box.value);
			if (kind === "radio") return (node.boxes.find((box) => box.checked) || { value: "" }).value;
			return kind === "checkbox" ? input.checked : input.value;
		},
		set value(value) {
			if (many) node.boxes.forEach((box) => { box.checked = Array.isArray(value) ? value.includes(box.value) : box.value === value; });
			else if (kind === "checkbox") input.checked = Boolean(value);
			else input.value = value;
		},
		fault(text) {
			wrong.replaceChildren(...(text ? [icon("alert"), text] : []));
			wrong.hidden = !text;
			(many ? node.boxes : [input]).forEach((one) => { if (text) one.setAttribute("aria-invalid", "true"); else one.removeAttribute("aria-invalid"); });
		},
		focus() { if (input) input.focus(); },
	};
	if (wanted.value !== undefined && wanted.value !== null) found.value = wanted.value;
	return found;
}

/** A form of fields. `send(values)` is called with what was typed; a Problem of it is explained in the form.
 *
 * `draft` {drafts, name} keeps it while it is being written. `check(values)` returns {field: fault} before anything is sent;
 * `refused(problem)` may return {say, fields, node} instead of the general words. Returns {node, fields, values, say}.
 */
export function form({ fields, submit, before = [], after = [], send, check = () => ({}), draft, refused, shape = "form.sheet-form", done = () => {} }) {
	const byName = new Map(fields.map((one) => [one.name, one]));
	const said = el("div.refusal", { role: "alert", tabindex: "-1", hidden: true });
	const press = el("button.primary", { type: "submit" }, submit);
	const node = el(shape, { novalidate: true }, before, said, fields.map((one) => one.node), el("div.actions", after, press));
	const values = () => Object.fromEntries(fields.map((one) => [one.name, one.value]));

	function say(text, faults = {}, extra = null) {
		fields.forEach((one) => one.fault(faults[one.name] || ""));
		said.replaceChildren(...[text && el("p", icon("alert"), el("span", text)), extra].filter(Boolean));
		said.hidden = !text && !extra;
		const first = fields.find((one) => faults[one.name]);
		if (first) first.focus();
		else if (!said.hidden) said.focus();
	}

	const keep = () => { if (draft) draft.drafts.set(draft.name, Object.fromEntries(Object.entries(values()).filter(([, value]) => value && value.length !== 0))); };
	if (draft) {
		for (const [name, value] of Object.entries(draft.drafts.get(draft.name) || {})) if (byName.has(name)) byName.get(name).value = value;
		node.addEventListener("input", keep);
		node.addEventListener("change", keep);
	}

	async function go(more = {}) {
		const given = { ...values(), ...more };
		const faults = check(given);
		if (Object.keys(faults).length) { say("", faults); return; }
		press.disabled = true;
		try {
			const result = await send(given);
			if (draft) draft.drafts.set(draft.name, null);
			say("");
			done(result);
		} catch (problem) {
			expected(problem);
			const own = refused ? refused(problem, go) : null;
			const told = own || { say: explain(problem), fields: {} };
			say(told.say, told.fields, told.node);
		} finally {
			press.disabled = false;
		}
	}
	node.addEventListener("submit", (event) => { event.preventDefault(); go(); });
	return { node, fields: byName, values, say, go, press };
}

/** A dialog with one form; it closes when the form is done. `form` is what `form` above takes. */
export function formDialog(title, told, { done = () => {}, ...wanted }) {
	const page = form({ ...wanted, after: button("", "Thôi", () => dialog.shut()), done: (result) => { dialog.shut(); done(result); } });
	const dialog = showDialog({ title, body: [told && el("p.hint", told), page.node], close: "" });
	return page;
}

/** A dialog that asks why something kept apart is opened or used; `at` is posted to. */
export function reasonDialog(app, title, told, submit, at, done) {
	formDialog(title, told, {
		fields: [field({ name: "reason", label: "Lý do", needed: true, attributes: { maxlength: 500 } })], submit, done,
		check: ({ reason }) => (reason.trim().length >= 3 ? {} : { reason: "Ghi lý do." }),
		send: (given) => app.api.post(at, given),
	});
}
