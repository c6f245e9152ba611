/* The hotline: calls, what the open one says, and the answer to read aloud. Looking up works without any call. */

import { arrange, button, calm, el, expected, HOME, icon, sr, uri } from "../dom.js";
import { Answer } from "../parts/answer.js";
import { OpenCall } from "../parts/call.js";
import { Lookup } from "../parts/lookup.js";
import { clock } from "../time.js";
import { explain } from "../words/problems.js";
import { colleague } from "../words/words.js";
import { CALL_STATES } from "../words/calls.js";

const READ_MS = 3000;
const PUSHED_MS = 15000;

class Hotline {
	constructor(app, main, place) {
		this.app = app;
		this.closed = false;
		this.box = "live";
		this.rows = new Map();
		this.open = null;
		this.keys = app.keys.scope("Tổng đài");
		this.lookup = new Lookup(app, this.keys, { opened: (item, question, go) => this.show(item, question, go) });
		this.answer = new Answer(app, this.keys, { call: () => (this.open && this.open.mine ? this.open.call : null), looked: (id, facet) => this.open && this.open.looked(id, facet) });
		this.tabs = el("div.tabs", { role: "group", "aria-label": "Cuộc gọi" }, ...[["live", "Đang gọi"], ["recent", "Gần đây"]].map(([box, label]) => button("tab", label, () => this.turn(box), { "aria-pressed": String(box === this.box), "data-box": box })));
		this.fresh = button("small", "Cuộc gọi mới", () => this.make(), icon("phone"));
		this.keys.add("a", "ghi một cuộc gọi mới", this.fresh);
		this.status = el("p.hint", { role: "status" });
		this.list = el("ul.calls", { "aria-label": "Danh sách cuộc gọi" });
		this.place = el("div.call-place");
		this.node = el("div.hotline", HOME,
			el("div.call-side", el("div.call-bar", this.tabs, this.fresh), this.status, this.list, this.place),
			this.lookup.node, this.answer.node, this.answer.sheet);
		main.append(this.node);
		this.soon = calm(() => this.read(), 50);
		this.stop = app.stream.on((name, data) => {
			if (name !== "call" && name !== "again") return;
			this.soon();
			if (this.open && (name === "again" || data.call === (this.open.call || {}).opaque)) this.open.read();
		});
		this.update(place);
		this.read();
		// On a phone the keyboard would hide the calls.
		if (!matchMedia("(hover: none)").matches) this.lookup.input.focus();
	}

	close() {
		this.closed = true;
		clearTimeout(this.timer);
		this.stop();
		this.soon.cancel();
		this.lookup.stop();
		this.answer.stop();
		if (this.open) this.shut();
		this.keys.close();
	}

	shut() {
		this.open.close();
		this.callKeys.close();
		this.open = null;
	}

	update(place) {
		const name = place.path === "cuoc-goi" ? place.parts[0] : "";
		if ((this.open ? this.open.name : "") === (name || "")) return;
		if (this.open) this.shut();
		this.answer.reset();
		this.lookup.input.value = "";
		this.lookup.follow([]);
		if (!name) { this.place.replaceChildren(); this.mark(); return; }
		this.callKeys = this.app.keys.scope("Cuộc gọi đang mở");
		this.open = new OpenCall(this.app, this.callKeys, name, { follow: (items) => this.lookup.follow(items), changed: () => { this.answer.sending.hidden = !(this.open && this.open.mine); this.read(); } });
		this.place.replaceChildren(this.open.node);
		this.mark();
	}

	show(item, question, go) {
		this.answer.show(item, question);
		if (go) this.answer.focus();
		if (this.open) this.open.looked(item.procedure_id, item.facet);
	}

	turn(box) {
		this.box = box;
		for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.box === box));
		this.read();
	}

	async read() {
		clearTimeout(this.timer);
		const { box } = this;
		const asked = {};
		this.asked = asked;
		try {
			const { items } = await this.app.api.get("console/calls", { box, limit: 30 });
			if (this.closed || this.asked !== asked) return;
			this.status.textContent = items.length ? "" : box === "live" ? "Không có cuộc nào đang gọi." : "Chưa có cuộc gọi nào.";
			this.list.hidden = !items.length;
			arrange(this.list, items.map((call) => this.row(call)));
			if (box === "live") this.ring(items.filter(({ state }) => state === "ringing"));
			this.mark();
		} catch (problem) {
			expected(problem);
			if (this.closed || problem.status === 401) return;
			this.status.textContent = explain(problem);
			if (problem.status === 403 || problem.status === 404) return;
		}
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.read(), this.app.stream.state === "live" ? PUSHED_MS : READ_MS);
	}

	/** Tell of calls that have begun to ring, once each. */
	ring(calls) {
		const fresh = calls.filter(({ id }) => this.rung && !this.rung.has(id));
		this.rung = new Set(calls.map(({ id }) => id));
		if (fresh.length) this.app.speak(`Có cuộc gọi đến: ${fresh.map(({ number_masked: number }) => number || "không hiện số").join(", ")}`);
		this.app.badge("tong-dai", calls.length, "cuộc đang đổ chuông");
	}

	row(call) {
		const whose = call.operator ? (call.operator.id === this.app.user.id ? "của anh/chị" : colleague(call.operator)) : call.missed ? "cuộc nhỡ" : "chưa ai nghe";
		const kept = this.rows.get(call.id);
		const marks = JSON.stringify([call.state, whose, call.wrapped]);
		if (kept && kept.marks === marks) return kept.node;
		const link = el("a.talk-item", { href: `#cuoc-goi/${uri(call.opaque)}` },
			el("span.line", call.state === "ringing" ? icon("phone") : "", el("strong", call.number_masked || "Không hiện số"), el("time", clock(call.started_at))),
			el("span.owner", `${CALL_STATES[call.state] || call.state} · ${whose}`), call.state === "ended" && call.operator && !call.wrapped && el("span.owner", " · chưa kết thúc ghi"), sr("."));
		link.dataset.opaque = call.opaque;
		const node = kept ? kept.node : el("li");
		node.replaceChildren(link);
		this.rows.set(call.id, { node, marks });
		return node;
	}

	mark() {
		for (const link of this.list.querySelectorAll("a")) {
			if (this.open && link.dataset.opaque === this.open.name) link.setAttribute("aria-current", "true");
			else link.removeAttribute("aria-current");
		}
	}

	async make() {
		this.fresh.disabled = true;
		try {
			const call = await this.app.api.post("console/calls", {});
			this.app.go(`cuoc-goi/${call.opaque}`);
			this.lookup.input.focus();
		} catch (problem) { this.app.fail(problem); } finally { this.fresh.disabled = false; }
	}
}

export function open(app, main, place) {
	const view = new Hotline(app, main, place);
	return { update: (next) => view.update(next), close: () => view.close() };
}
