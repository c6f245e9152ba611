/* Filed cases: the list with its filters, and the page of one. */

import { button, el, expected, HOME, icon, sr, uri } from "../dom.js";
import { CasePage } from "../parts/case_page.js";
import { date, day, due, isoDay } from "../time.js";
import { explain } from "../words/problems.js";
import { STATUSES } from "../words/cases.js";

const OPEN = ["received", "released", "assigned", "inspection", "explained", "answered"];
const PRESETS = [
	["open", "Chưa xong", { status: OPEN }], ["new", "Mới nhận", { status: ["received"] }], ["late", "Quá hạn", { late: true }],
	["approve", "Chờ duyệt", { status: ["answered"] }], ["closed", "Đã đóng", { status: ["closed"] }], ["all", "Tất cả", {}],
];
const LIMIT = 50;

/** A deadline in words, with a drawing where it is late. */
export function dueMark(iso) {
	const told = due(iso);
	if (!iso) return "";
	return el(`span.due${told.late ? ".late" : told.soon ? ".soon" : ""}`, told.late && icon("alert"), told.text, el("small", date(iso)));
}

/** A state as a small plate. */
export function statusMark(view) {
	const approved = view.status === "answered" && view.published ? "Đã duyệt, chờ đóng" : STATUSES[view.status] || view.status;
	return el(`span.status.${view.status}`, approved);
}

class CaseList {
	constructor(app, main) {
		this.app = app;
		this.before = null;
		this.reading = 0;
		this.wanted = { preset: "open" };
		this.keys = app.keys.scope("Phiếu phản ánh");
		this.keys.add("j", "xuống một dòng", () => this.move(1));
		this.keys.add("k", "lên một dòng", () => this.move(-1));
		this.keys.tell("Enter", "mở phiếu đang chọn");
		this.number = el("input", { type: "search", id: "case-number", placeholder: "PA-1234-5678", autocomplete: "off", spellcheck: false, size: 16 });
		this.presets = PRESETS.map(([name, label]) => button("tab", label, () => this.ask({ preset: name }), { "data-preset": name, "aria-pressed": "false" }));
		this.body = el("tbody");
		this.table = el("table.cases", el("caption.sr", "Phiếu phản ánh, mới nhất trước"), el("thead", el("tr", ...["Số phiếu", "Trạng thái", "Việc", "Đơn vị bị nêu", "Hạn", "Mức", "Đang giữ"].map((head) => el("th", { scope: "col" }, head)))), this.body);
		this.told = el("p.empty", { hidden: true, role: "status" });
		this.more = button("more", "Xem thêm", () => this.read(true), { hidden: true });
		this.unit = el("select", { id: "case-unit", onchange: () => this.ask({ unit: this.unit.value }) });
		this.behaviour = el("select", { id: "case-behaviour", onchange: () => this.ask({ behaviour: this.behaviour.value }) });
		this.access = el("select", { id: "case-access", onchange: () => this.ask({ access: this.access.value }) }, ...[["", "Tất cả"], ["normal", "Thường"], ["restricted", "Hạn chế"]].map(([value, label]) => el("option", { value }, label)));
		this.from = el("input", { type: "date", id: "case-from", onchange: () => this.ask({ from: this.from.value }) });
		this.to = el("input", { type: "date", id: "case-to", onchange: () => this.ask({ to: this.to.value }) });
		const labelled = (id, label, node) => el("div.field", el("label", { for: id }, label), node);
		this.node = el("div.page", HOME,
			el("div.filters",
				el("div.tabs", { role: "group", "aria-label": "Xem" }, ...this.presets),
				el("form.find", { role: "search", onsubmit: (event) => { event.preventDefault(); this.find(this.number.value); } }, el("label", { for: "case-number" }, "Số phiếu"), this.number, el("button", { type: "submit" }, "Mở"))),
			el("details.more-filters", el("summary", "Lọc thêm"), el("div.filter-row", labelled("case-unit", "Đơn vị bị nêu", this.unit), labelled("case-behaviour", "Việc bị nêu", this.behaviour), labelled("case-access", "Loại", this.access), labelled("case-from", "Nhận từ ngày", this.from), labelled("case-to", "đến ngày", this.to),
				button("", "Bỏ lọc", () => { this.wanted = { preset: this.wanted.preset }; this.ask({}); }))),
			this.table, this.told, this.more);
		main.append(this.node);
		this.fillChoices();
	}

	close() { this.keys.close(); this.reading += 1; }

	async fillChoices() {
		const words = await this.app.directory();
		const fill = (select, pairs) => { select.replaceChildren(el("option", { value: "" }, "Tất cả"), ...pairs.map(([value, label]) => el("option", { value }, label))); };
		fill(this.unit, words.units.map(({ id, name }) => [id, name]));
		fill(this.behaviour, Object.entries(words.behaviours));
		this.showWanted();
	}

	/** Change what is asked for; it stands in the address, so that going back finds it again. */
	ask(change) {
		Object.assign(this.wanted, change);
		const told = new URLSearchParams(Object.entries(this.wanted).filter(([, value]) => value));
		const address = `phieu?${told}`;
		if (`#${address}` === location.hash) this.read();
		else this.app.go(address);
	}

	take(query) {
		this.wanted = { preset: "open", ...Object.fromEntries([...query].filter(([name]) => ["preset", "unit", "behaviour", "access", "from", "to"].includes(name))) };
		this.showWanted();
		this.read();
	}

	showWanted() {
		for (const tab of this.presets) tab.setAttribute("aria-pressed", String(tab.dataset.preset === this.wanted.preset));
		for (const name of ["unit", "behaviour", "access", "from", "to"]) this[name].value = this.wanted[name] || "";
		if (["unit", "behaviour", "access", "from", "to"].some((name) => this.wanted[name])) this.node.querySelector(".more-filters").open = true;
	}

	async read(further = false) {
		this.reading += 1;
		const turn = this.reading;
		const { preset, unit, behaviour, access, from, to } = this.wanted;
		const chosen = (PRESETS.find(([name]) => name === preset) || PRESETS[0])[2];
		try {
			const [page, words] = await Promise.all([this.app.api.get("desk/cases", {
				status: chosen.status || [], overdue_on: chosen.late ? isoDay() : "", unit, behaviour, access,
				received_from: from && `${from}T00:00:00+07:00`, received_to: to && `${to}T23:59:59+07:00`,
				limit: LIMIT, before: further ? this.before : "",
			}), this.app.directory()]);
			if (turn !== this.reading) return;
			const shown = page.cases.map((view) => this.row(view, words));
			if (further) this.body.append(...shown);
			else this.body.replaceChildren(...shown);
			this.before = page.before;
			this.more.hidden = !page.before;
			this.table.hidden = !this.body.children.length;
			this.told.hidden = this.body.children.length > 0;
			this.told.textContent = "Không có phiếu nào ở đây.";
		} catch (problem) {
			expected(problem);
			if (turn !== this.reading || problem.status === 401) return;
			this.table.hidden = !this.body.children.length;
			this.told.hidden = false;
			this.told.replaceChildren(explain(problem), " ", button("", "Thử lại", () => this.read()));
		}
	}

	row(view, words) {
		const unit = (id) => (words.units.find((one) => one.id === id) || { name: id }).name;
		const person = (id) => (words.people.find((one) => one.id === id) || { name: id }).name;
		const kind = view.behaviours.length ? view.behaviours.map((code) => words.behaviours[code] || code).join("; ") : words.kinds[view.input_type] || view.input_type;
		const cell = (label, ...parts) => el("td", { "data-label": label }, parts.some(Boolean) && el("div", ...parts));
		return el("tr",
			el("th", { scope: "row" }, el("a", { href: `#phieu/${uri(view.id)}` }, view.number), el("small", day(view.received_at))),
			cell("Trạng thái", statusMark(view), view.reopened && el("small", "xem lại"), view.access === "restricted" && el("span.mark.severity", icon("lock"), "Hạn chế")),
			cell("Việc", kind), cell("Đơn vị bị nêu", view.unit ? unit(view.unit) : "chưa rõ"),
			cell("Hạn", dueMark(view.due_on)), cell("Mức", view.severity ? [sr("mức "), String(view.severity), el("span.of", "/5")] : ""),
			cell("Đang giữ", view.assigned_unit ? unit(view.assigned_unit) : view.assigned_to ? person(view.assigned_to) : ""));
	}

	move(step) {
		const links = [...this.body.querySelectorAll("th a")];
		if (!links.length) return;
		const next = links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement) + step))];
		next.focus();
		next.closest("tr").scrollIntoView({ block: "nearest" });
	}

	/** Open the case of a number that somebody read out. */
	async find(typed) {
		const digits = typed.replace(/\D/g, "");
		if (digits.length !== 8) { this.app.say("Số phiếu có dạng PA-1234-5678.", ".bad"); return; }
		const number = `PA-${digits.slice(0, 4)}-${digits.slice(4)}`;
		try {
			const { id } = await this.app.api.get(`console/cases/${number}`);
			this.app.go(`phieu/${uri(id)}`);
		} catch (problem) {
			if (problem.status === 404) this.app.say(`Không có phiếu ${number}, hoặc tài khoản này không được xem.`, ".bad");
			else this.app.fail(problem);
		}
	}
}

export function open(app, main, place) {
	let shown = null;
	let now = "";
	const view = {
		update({ parts, query }) {
			const next = parts[0] || "";
			if (shown && next !== now) { shown.close(); shown = null; main.replaceChildren(); main.scrollTop = 0; }
			now = next;
			if (next) shown = shown || new CasePage(app, main, next);
			else {
				shown = shown || new CaseList(app, main);
				app.title("Phiếu phản ánh");
				shown.take(query);
				if (query.get("so")) shown.find(query.get("so"));
			}
		},
		close() { if (shown) shown.close(); },
	};
	view.update(place);
	return view;
}
