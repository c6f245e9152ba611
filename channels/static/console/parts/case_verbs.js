/* What may be done with a case: each verb as a form that says what it does and needs, and explains a refusal. */

import { button, el, icon, uri } from "../dom.js";
import { field, form } from "../form.js";
import { STATUSES, VERBS, offered } from "../words/cases.js";
import { refusalOf, suspectedNames } from "../words/refusals.js";

const IMAGE = /^image\//;

function unitField(page) {
	const { words } = page;
	const found = field({ name: "unit", label: "Đơn vị", hint: page.view.unit ? `Đơn vị bị nêu: ${page.unit(page.view.unit)}. Gõ vài chữ rồi chọn.` : "Gõ vài chữ rồi chọn.", attributes: { list: "unit-names" } });
	found.node.append(el("datalist", { id: "unit-names" }, ...words.units.filter(({ ours }) => ours !== false).map(({ name }) => el("option", { value: name }))));
	return found;
}

function fieldOf(wanted, page) {
	const { words, files } = page;
	if (wanted.special === "unit") return page.view.access === "restricted" ? null : unitField(page);
	if (wanted.special === "person") {
		const people = words.people.filter(({ role }) => role === "complaint_officer" || role === "supervisor");
		return people.length ? field({ name: "person", label: wanted.label, kind: "select", options: [["", "Không chọn"], ...people.map(({ id, name }) => [id, name])] }) : field({ name: "person", label: `${wanted.label} (tên đăng nhập)` });
	}
	if (wanted.special === "files") {
		const images = files.filter((file) => IMAGE.test(file.media_type));
		return images.length ? field({ name: "files", label: wanted.label, kind: "checks", options: images.map(({ id, name }) => [id, name]), hint: "Chỉ chọn ảnh không lộ người phản ánh; đơn vị không thấy tên tệp." }) : null;
	}
	return field(wanted);
}

/** What the page knows beforehand that will be refused, or what helps. */
function caution(verb, page) {
	const { view, app } = page;
	const written = page.written();
	if (verb === "publish" && written && written.actor === app.user.id) return "Anh/chị viết câu trả lời này, nên phải có người khác duyệt.";
	if (verb === "publish" && written) return `Duyệt bản do ${page.person(written.actor)} viết; nếu bản đó vừa được viết lại thì phải đọc lại.`;
	if (verb === "close" && !view.published) return "Chưa có người thứ hai duyệt câu trả lời.";
	if (verb === "send_back" && page.lacking().length) return `Báo cáo gần nhất chưa có ${page.lacking().join(" và ")}.`;
	if (verb === "assign" && view.access === "restricted") return "Phiếu hạn chế: chỉ giao cho cán bộ, không bao giờ giao cho đơn vị.";
	return "";
}

/** Only what was filled in goes out; a unit's name becomes its id. */
function bodyOf(given, page) {
	const body = {};
	for (const [name, value] of Object.entries(given)) {
		const told = typeof value === "string" ? value.trim() : value;
		if (told !== "" && told !== false && !(Array.isArray(told) && !told.length)) body[name] = told;
	}
	if (body.unit) {
		const unit = page.words.units.find(({ name, id }) => name === body.unit || id === body.unit);
		body.unit = unit ? unit.id : body.unit.replace(/[^\w.:@-]/g, "-").slice(0, 100);
	}
	return body;
}

function checked(spec, given) {
	const faults = {};
	for (const { name, needed, label } of spec.fields) if (needed && !String(given[name] || "").trim()) faults[name] = `Cần có: ${label.toLowerCase()}.`;
	return faults;
}

function verbForm(verb, page) {
	const { app, id, view } = page;
	const spec = VERBS[verb];
	const fields = spec.fields.map((wanted) => fieldOf(wanted, page)).filter(Boolean);
	const warned = caution(verb, page);
	const lacks = verb === "send_back" ? page.lacking() : [];
	if (lacks.length) fields[0].value = `Báo cáo chưa nêu ${lacks.join(" và ")}, đề nghị bổ sung.`;
	const made = form({
		fields,
		submit: spec.submit,
		shape: "form.verb-form",
		before: [el("p.hint", spec.told), warned && el("p.caution", icon("alert"), warned)],
		draft: fields.length ? { drafts: app.drafts, name: `case.${id}.${verb}` } : undefined,
		check: (given) => checked(spec, given),
		send: (given) => app.api.post(`desk/cases/${uri(id)}/${verb}`, { ...bodyOf(given, page), ...(verb === "publish" ? { answer_sequence: view.answer_sequence || 1 } : {}) }),
		refused: (problem, again) => {
			const names = suspectedNames(problem);
			if (names) return { say: "Những chữ sau giống tên người. Trả lời này ai cũng đọc được: nếu là tên người, hãy bỏ đi.", fields: {}, node: confirmNames(names, again) };
			const told = refusalOf(problem, verb);
			if (problem.status === 409) told.node = button("small", "Đọc lại phiếu", () => page.read());
			return told;
		},
		done: (changed) => {
			app.say(`${spec.label}: xong.`);
			page.chosen = "";
			page.read();
			if (changed && changed.status !== view.status) app.speak(`Phiếu chuyển sang: ${STATUSES[changed.status] || changed.status}.`);
		},
	});
	return made;
}

function confirmNames(names, again) {
	const sure = el("input", { type: "checkbox" });
	const press = button("", "Gửi như đang viết", () => again({ confirmed: true }), { disabled: true });
	sure.addEventListener("change", () => { press.disabled = !sure.checked; });
	return el("div.names", el("ul", ...names.map((words) => el("li", `«${words}»`))),
		el("label.check", sure, el("span", "Tôi đã đọc lại: những chữ này không phải tên ai.")), press);
}

/** What was written for a verb that somebody else's act has made impossible: to be copied, or put away. */
function keptWords(verb, page) {
	const name = `case.${page.id}.${verb}`;
	const texts = Object.values(page.app.drafts.get(name) || {}).filter((value) => typeof value === "string");
	if (!texts.length) return "";
	const node = el("div.kept", el("p.hint", `Chữ đã gõ cho «${VERBS[verb].label}», chưa gửi:`),
		...texts.map((text) => el("blockquote", text)),
		button("small", "Bỏ chữ này", () => { page.app.drafts.set(name, null); node.remove(); }));
	return node;
}

/** The verbs of this account on this case: what is possible now as forms, the rest with when it will be. */
export function verbsSection(page) {
	const { app, view, id } = page;
	const all = offered(view, app.user);
	const now = all.filter(([, possible]) => possible).map(([verb]) => verb);
	const later = all.filter(([, possible]) => !possible).map(([verb]) => verb);
	const begun = now.find((verb) => app.drafts.get(`case.${id}.${verb}`));
	const items = now.map((verb) => {
		const place = el("div.verb-place", { id: `verb-${verb}`, hidden: true });
		const press = button("verb", VERBS[verb].label, () => toggle(verb), { "aria-expanded": "false", "aria-controls": `verb-${verb}` }, icon("down"));
		return { verb, place, press, made: null };
	});

	function toggle(verb, focus = true) {
		for (const item of items) {
			const open = item.verb === verb && item.place.hidden;
			item.place.hidden = !open;
			item.press.setAttribute("aria-expanded", String(open));
			if (!open) continue;
			page.chosen = verb;
			item.made = verbForm(verb, page);
			item.place.replaceChildren(item.made.node);
			const first = item.place.querySelector("input, textarea, select, button");
			if (focus && first) first.focus();
		}
	}

	const node = el("section.verbs", { "aria-labelledby": "verbs-h" }, el("h3", { id: "verbs-h" }, "Việc tiếp theo"),
		all.length ? "" : el("p.hint", "Tài khoản này chỉ xem phiếu."),
		...items.map(({ press, place }) => el("div.verb-item", press, place)),
		...later.map((verb) => keptWords(verb, page)),
		later.length > 0 && el("details.later", el("summary", "Chưa làm được ở bước này"),
			el("ul", ...later.map((verb) => el("li", el("strong", VERBS[verb].label), `: khi phiếu ở bước ${VERBS[verb].before.map((status) => STATUSES[status].toLowerCase()).join(", ")}.`)))));
	const wanted = now.includes(page.chosen) ? page.chosen : begun;
	if (wanted) toggle(wanted, false);
	return node;
}
