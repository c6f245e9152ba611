/* The figures of a day or week beside those before: headline numbers, tables with bars, a file, a printed page. */

import { button, download, el } from "../dom.js";
import { clock, date, isoDay } from "../time.js";
import { explain } from "../words/problems.js";

const SPANS = [["day", "Ngày"], ["week", "Tuần"]];

/** «40 giây», «2 phút 30 giây», «1 giờ 5 phút». */
function lasting(seconds) {
	if (seconds < 60) return `${seconds} giây`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return seconds % 60 ? `${minutes} phút ${seconds % 60} giây` : `${minutes} phút`;
	return minutes % 60 ? `${Math.floor(minutes / 60)} giờ ${minutes % 60} phút` : `${minutes / 60} giờ`;
}

const amount = (value) => value.toLocaleString("vi-VN");
const told = ({ kind }, value) => (value === null ? "chưa có" : kind === "seconds" ? lasting(value) : amount(value));

/** What the number before was, in words: no arrow says whether more is better. */
function beside(line, before) {
	if (line.before === null) return `${before}: chưa có`;
	const change = line.kind === "count" && line.now !== null ? line.now - line.before : 0;
	const more = change ? ` (${change > 0 ? "nhiều hơn" : "ít hơn"} ${amount(Math.abs(change))})` : "";
	return `${before}: ${told(line, line.before)}${more}`;
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
		main.append(el("div.page.figures", { "data-home": true, tabindex: "-1" },
			el("div.filters", el("div", this.spans, el("label.find", { for: "figures-day" }, "Ngày", this.picked), today), el("div", file, print)),
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
			if (problem.status === undefined) throw problem;
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
		const earlier = span === "day" ? (today ? "hôm qua" : "hôm trước") : "tuần trước";
		this.body.replaceChildren(
			el("p.paper", "Tiếp Dân – Số liệu trong ngày"), el("div.figures-head", el("h2", name), el("p.hint", whole ? `Cả ${span === "day" ? "ngày" : "tuần"}, đặt cạnh ${earlier}.` : `Tính đến ${clock(now.until)}, đặt cạnh ${earlier}${span === "day" ? until : " đến cùng giờ này"}.`)),
			el("dl.tiles", ...tiles.map((line) => el("div", el("dt", line.label), el(`dd.big${line.now === null ? ".none" : ""}`, told(line, line.now)), el("dd.was", beside(line, earlier)), el("dd.hint", line.hint)))),
			el("div.plots", ...sections.map((section) => this.section(section, earlier))));
	}

	section({ code, title, empty, note, fewest, lines }, earlier) {
		const most = Math.max(1, ...lines.map(({ now }) => now || 0));
		const cell = (shape, value) => el(`td.num${shape}`, value === null ? el("span.few", `dưới ${fewest}`) : amount(value));
		const row = ({ label, now, before }) => {
			const bar = el("i");
			bar.style.width = `${Math.round(100 * (now || 0) / most)}%`;
			return el("tr", el("th", { scope: "row" }, label, el("span.plot", { "aria-hidden": "true" }, bar)), cell("", now), cell(".was", before));
		};
		const head = el("thead", el("tr", el("th", { scope: "col" }, el("span.sr", title)), el("th.num", { scope: "col" }, "kỳ này"), el("th.num", { scope: "col" }, earlier)));
		return el("section", { "aria-labelledby": `figures-${code}` }, el("h3", { id: `figures-${code}` }, title),
			lines.length ? el("table", head, el("tbody", ...lines.map(row))) : el("p.none", empty),
			lines.length > 0 && note && el("p.hint", note));
	}
}

export function open(app, main, place) {
	const figures = new Figures(app, main, place);
	return { update: (next) => figures.update(next), close: () => figures.close() };
}
