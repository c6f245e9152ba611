/* Looking up while somebody talks: what is typed is answered at once; what is asked for no longer is given up. */

import { arrange, button, calm, el, expected, icon } from "../dom.js";
import { newId } from "../api.js";
import { lightMark, whyText } from "./suggestions.js";
import { explain } from "../words/problems.js";

const PAUSE_MS = 100;
const LONGEST = 400;

export class Lookup {
	/** `opened(item, question)` shows an item of the list. */
	constructor(app, keys, { opened }) {
		Object.assign(this, { app, opened });
		this.client = newId();
		this.items = [];
		this.followed = [];
		this.selected = -1;
		this.asking = null;
		this.question = ""; // what the list answers
		this.chosen = null; // picked by hand
		this.wish = false; // Enter came before the answer
		this.input = el("input", {
			type: "search", autocomplete: "off", maxlength: LONGEST, "aria-label": "Tra thủ tục: gõ câu hỏi của người gọi", "aria-controls": "found",
			placeholder: "Gõ câu hỏi của người gọi", oninput: () => this.typed(), onkeydown: (event) => this.pressed(event),
		});
		this.status = el("p.hint", { role: "status" });
		this.list = el("ol.found", { id: "found", "aria-label": "Thủ tục tìm thấy" });
		this.node = el("section.lookup", { "aria-label": "Tra thủ tục" }, el("div.search", icon("search"), this.input), this.status, this.list);
		this.ask = calm(() => this.find(), PAUSE_MS);
		keys.add("j", "xuống một thủ tục", () => this.move(1));
		keys.add("k", "lên một thủ tục", () => this.move(-1));
		[1, 2, 3].forEach((number) => keys.add(String(number), `mở thủ tục thứ ${number}`, () => this.open(number - 1)));
	}

	stop() {
		this.ask.cancel();
		if (this.asking) this.asking.abort();
	}

	get words() { return this.input.value.trim(); }

	// Only a list that answers what is typed now is taken from.
	get current() { return this.question === this.words; }

	typed() {
		// Whatever is under way answers what is no longer there.
		if (this.asking) this.asking.abort();
		this.wish = false;
		this.stale();
		if (this.words) { this.ask(); return; }
		this.ask.cancel();
		this.chosen = null;
		this.show(this.followed, "", this.followed.length ? "Gợi ý theo lời người gọi" : "");
	}

	pressed(event) {
		if (event.isComposing || event.keyCode === 229) return;
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			this.move(event.key === "ArrowDown" ? 1 : -1);
		} else if (event.key === "Enter") {
			event.preventDefault();
			if (this.current) this.open(Math.max(0, this.selected), true);
			else this.wish = true;
		}
	}

	stale() { this.list.setAttribute("aria-busy", String(!this.current)); }

	async find() {
		const question = this.words;
		if (!question) return;
		const asking = new AbortController();
		this.asking = asking;
		try {
			const found = await this.app.api.get("console/suggest", { q: question, limit: 5, client: this.client }, { signal: asking.signal });
			if (this.asking !== asking || asking.signal.aborted) return;
			if (question !== this.question) this.chosen = null;
			this.show(found.items, question, found.items.length ? "" : "Chưa thấy thủ tục nào khớp. Thử gõ tên giấy tờ hay việc cần làm.", found.elsewhere);
			if (this.wish) this.open(this.selected, true);
			this.wish = false;
		} catch (problem) {
			expected(problem);
			// A newer question took its place, here or at the server.
			if (problem.stopped || problem.code === "superseded" || this.asking !== asking) return;
			this.wish = false;
			this.show([], question, "");
			this.status.replaceChildren(explain(problem), " ", button("link", "Thử lại", () => this.find()));
		}
	}

	/** What the caller's words lead to: shown where nothing is typed, and never taking away what is open. */
	follow(items) {
		this.followed = items;
		if (!this.words) this.show(items, "", items.length ? "Gợi ý theo lời người gọi" : "");
	}

	show(items, question, told, elsewhere = null) {
		const had = this.list.contains(document.activeElement);
		this.items = items;
		this.question = question;
		this.status.replaceChildren(told, elsewhere ? el("span.elsewhere", icon("alert"), [elsewhere.agency && `Có vẻ việc của ${elsewhere.agency}.`, elsewhere.where].filter(Boolean).join(" ")) : "");
		arrange(this.list, items.map((item, place) => this.row(item, place)));
		this.mark(Math.max(items.length ? 0 : -1, items.findIndex(({ procedure_id: id }) => id === this.chosen)));
		this.stale();
		// Whoever was in the list stays in it.
		if (had) (this.selected < 0 ? this.input : this.list.children[this.selected].firstChild).focus();
	}

	row(item, place) {
		return el("li", el("button.found-item", { type: "button", onclick: () => this.open(place, true) },
			el("kbd", { "aria-hidden": "true" }, String(place + 1)),
			el("span", el("strong", item.title), el("span.line", lightMark(item.light) || "", el("span.sure", item.confidence)), whyText(item.why) && el("span.why", whyText(item.why)))));
	}

	mark(place) {
		this.selected = place;
		[...this.list.children].forEach((node, at) => node.firstChild.setAttribute("aria-current", String(at === place)));
	}

	move(step) {
		if (!this.items.length || !this.current) return;
		this.mark(Math.min(this.items.length - 1, Math.max(0, this.selected + step)));
		this.open(this.selected);
	}

	/** Open an item; with `go` the focus goes to its answer, where single keys work. */
	open(place, go = false) {
		const item = this.items[place];
		if (!item || !this.current) return;
		this.chosen = item.procedure_id;
		this.mark(place);
		this.opened(item, this.question || item.title, go);
	}
}
