/* The figures of a day or week beside those before: headline numbers, tables with bars, a file, a printed page. */

import { button, download, el, expected, HOME } from "../dom.js";
import { clock, date, isoDay } from "../time.js";
import { explain } from "../words/problems.js";

const SPANS = [["day", "Theo ngày"], ["week", "Theo tuần"]];

/** [[2, "phút"], [30, "giây"]]: a time in its two largest units, without noughts. */
function lasting(seconds) {
	const parts = [[Math.floor(seconds / 3600), "giờ"], [Math.floor(seconds / 60) % 60, "phút"], [seconds % 60, "giây"]];
	const first = parts.findIndex(([many]) => many > 0);
	return first < 0 ? [[0, "giây"]] : parts.slice(first, first + 2).filter(([many]) => many > 0);
}

const amount = (value) => value.toLocaleString("vi-VN");
const NONE = "chưa có";
// What is asked about stands beside how it was dealt with.
const ASIDE = ["procedures", "behaviours", "units"];

function told({ kind }, value) {
	if (value === null) return NONE;
	return kind === "seconds" ? lasting(value).map((part) => part.join(" ")).join(" ") : amount(value);
}

/** The same with its units small beside large numbers. */
function large({ kind, now }) {
	if (now === null || kind !== "seconds") return told({ kind }, now);
	return lasting(now).map(([many, of]) => [String(many), el("span.of", ` ${of}`), " "]);
}

/** What it was before, and the difference; no colour says whether more is better. */
function beside(line, before) {
	const change = line.kind === "count" ? line.now - line.before : 0;
	return `${before}: ${told(line, line.before)}${change ? ` (${change > 0 ? "+" : "−"}${amount(Math.abs(change))})` : ""}`;
}

class Figures {
	constructor(app, main, place) {
		this.app = app;
		this.closed = false;
		this.keys = app.keys.scope("Số liệu");
		this.spans = el("div.tabs", { role: "group", "aria-label": "Khoảng thời gian" }, ...SPANS.map(([span, label]) => button("tab", label, () => this.go(span, this.day), { "data-span": span })));
		this.picked = el("input", { type: "date", id: "figures-day", max: isoDay(), onchange: () => { if (this.picked.value && this.picked.validity.valid) this.go(this.span, this.picked.value); } });
		const today = button("", "Hôm nay", () => this.go(this.span, ""));
		const file = button("", "Tải tệp CSV", () => this.save());
		const print = button("", "In", () => window.print());
		this.keys.add("n", "hôm nay", today);
		this.keys.add("x", "tải tệp CSV", file);
		this.keys.add("p", "in trang này", print);
		this.status = el("p.hint", { role: "status" });
		this.body = el("div");
		main.append(el("div.page.figures", HOME,
			el("div.filters", el("div", this.spans, el("label.find", { for: "figures-day" }, "Chọn ngày", this.picked), today), el("div", file, print)),
			this.status, this.body));
		this.update(place);
	}

	close() {
		this.closed = true;
		this.keys.close();
	}

	go(span, day) {
		const asked = [span !== "day" && `ky=${span}`, day && day !== isoDay() && `ngay=${day}`].filter(Boolean).join("&");
		const wanted = `so-lieu${asked ? `?${asked}` : ""}`;
		if (location.hash === `#${wanted}`) this.read();
		else this.app.go(wanted);
	}

	update({ query }) {
		this.span = query.get("ky") === "week" ? "week" : "day";
		this.day = /^\d{4}-\d\d-\d\d$/.test(query.get("ngay") || "") ? query.get("ngay") : "";
		this.picked.value = this.day || isoDay();
		for (const tab of this.spans.children) tab.setAttribute("aria-pressed", String(tab.dataset.span === this.span));
		return this.read();
	}

	get asked() { return { span: this.span, date: this.day }; }

	async read() {
		const turn = {};
		this.turn = turn;
		this.status.textContent = "Đang đếm…";
		try {
			const found = await this.app.api.get("console/figures", this.asked);
			if (this.closed || this.turn !== turn) return;
			this.status.textContent = "";
			this.show(found);
		} catch (problem) {
			expected(problem);
			if (this.closed || this.turn !== turn || problem.status === 401) return;
			this.body.replaceChildren();
			this.status.replaceChildren(explain(problem), " ", button("link", "Thử lại", () => this.read()));
		}
	}

	async save() {
		try {
			const file = await this.app.api.get("console/figures.csv", this.asked, { accept: "*/*" });
			download(file, `so-lieu-${this.span === "day" ? "ngay" : "tuan"}-${this.picked.value}.csv`);
			this.app.say("Đã tải tệp số liệu.");
		} catch (problem) { this.app.fail(problem); }
	}

	show({ span, first, last, whole, now, before, tiles, sections }) {
		const today = last === isoDay();
		const name = span === "day" ? (today ? `Hôm nay, ${date(first)}` : `Ngày ${date(first)}`) : `Tuần ${date(first)} – ${date(last)}`;
		const until = whole ? "" : ` đến ${clock(before.until)}`;
		const [current, earlier] = span === "day" ? (today ? ["hôm nay", "hôm qua"] : ["ngày này", "hôm trước"]) : [today ? "tuần này" : "tuần ấy", "tuần trước"];
		this.body.replaceChildren(
			el("p.paper", "Tiếp Dân – Số liệu trong ngày"), el("div.figures-head", el("h2", name), el("p.hint", whole ? `Cả ${span === "day" ? "ngày" : "tuần"}, đặt cạnh ${earlier}.` : `Tính đến ${clock(now.until)}, đặt cạnh ${earlier}${span === "day" ? until : " đến cùng giờ này"}.`)),
			el("dl.tiles", ...tiles.map((line) => el(`div.${line.kind}`, el("dt", line.label), el(`dd.big${line.now === null ? ".none" : ""}`, large(line)), el("dd.was", beside(line, earlier)), el("dd.hint", line.hint)))),
			el("div.plots", ...[false, true].map((aside) => el("div", ...sections.filter(({ code }) => ASIDE.includes(code) === aside).map((section) => this.section(section, current, earlier))))));
	}

	section({ code, title, empty, note, fewest, lines }, current, earlier) {
		const most = Math.max(1, ...lines.map(({ now }) => now || 0));
		const cell = (shape, value) => el(`td.num${shape}`, value === null ? el("span.few", `dưới ${fewest}`) : amount(value));
		const row = ({ label, now, before }) => {
			const bar = el("i");
			bar.style.width = `${Math.round(100 * (now || 0) / most)}%`;
			return el("tr", el("th", { scope: "row" }, label, el("span.plot", { "aria-hidden": "true" }, bar)), cell("", now), cell(".was", before));
		};
		const head = el("thead", el("tr", el("th", { scope: "col" }, el("span.sr", title)), el("th.num", { scope: "col" }, current), el("th.num", { scope: "col" }, earlier)));
		return el("section", { "aria-labelledby": `figures-${code}` }, el("h3", { id: `figures-${code}` }, title),
			lines.length ? el("table", head, el("tbody", ...lines.map(row))) : el("p.none", empty),
			lines.length > 0 && note && el("p.hint", note));
	}
}

export function open(app, main, place) {
	const figures = new Figures(app, main, place);
	return { update: (next) => figures.update(next), close: () => figures.close() };
}
