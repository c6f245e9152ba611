/* Up to three drafted answers to a citizen's message. Nothing is ever sent by itself: they are put into the reply box. */

import { button, el, icon, uri } from "../dom.js";
import { LIGHTS, VERDICTS } from "../words/words.js";
import { folding, sourceList } from "./replies.js";
import { verdictRow } from "./verdicts.js";

/** How far a record may be trusted: a drawing and words, never a colour alone. */
export function lightMark(light) {
	if (!light) return null;
	const known = LIGHTS[light.colour] || LIGHTS.amber;
	return el(`span.light.${light.colour}`, icon(known.icon), light.text || known.label);
}

/** Why it was suggested, in a few words. */
export function whyText(why) {
	if (!why) return "";
	const words = (why.words || []).join(", ");
	return [words && `khớp: ${words}`, why.alias && `tên gọi khác: ${why.alias}`, !words && !why.alias && why.how].filter(Boolean).join(" · ");
}

const BACK = 3;

export class Suggestions {
	/** `insert(text, ref)` puts a text into the reply box; `attending()` is true where the reader answers here. */
	constructor(app, keys, id, { insert, attending }) {
		Object.assign(this, { app, keys, id, insert, attending });
		this.items = [];
		this.used = new Set();
		this.set = "";
		this.sequence = 0;
		this.selected = 0;
		this.asking = null;
		this.status = el("p.hint", { role: "status" });
		this.list = el("ol.cards");
		this.count = el("b.count");
		this.node = el("section.suggestions", { "aria-label": "Gợi ý trả lời" }, el("h3", "Gợi ý trả lời ", this.count), this.status, this.list);
		keys.add("s", "chèn gợi ý đầu vào ô trả lời", () => this.take(0));
		[1, 2, 3].forEach((number) => keys.add(String(number), `chèn gợi ý ${number}`, () => this.take(number - 1)));
		for (const verdict of VERDICTS) {
			keys.add(verdict.key, `chấm gợi ý đang chọn: ${verdict.label.toLowerCase()}`, () => {
				const press = this.list.querySelectorAll("li.card")[this.selected];
				if (press) press.querySelector(`[data-code=${verdict.code}]`).click();
			});
		}
	}

	stop() { if (this.asking) this.asking.abort(); }

	/** Ask for suggestions to a message, else to the latest before it that has some; what is under way is given up. */
	async ask(sequence, question, earlier = []) {
		if (!sequence || (sequence === this.sequence && this.set)) return;
		this.stop();
		this.sequence = sequence;
		this.set = "";
		const asking = new AbortController();
		this.asking = asking;
		this.list.setAttribute("aria-busy", "true");
		this.status.textContent = "Đang tìm gợi ý…";
		try {
			let first = null;
			for (const asked of [{ sequence, text: question }, ...earlier.slice(0, BACK)]) {
				const found = await this.app.api.get(`console/conversations/${uri(this.id)}/suggestions`, { sequence: asked.sequence }, { signal: asking.signal });
				if (this.asking !== asking) return;
				first = first || found;
				if (!found.items.length) continue;
				this.show(found, asked.text);
				if (found !== first) this.status.textContent = `Cho tin trước đó: «${asked.text}»`;
				return;
			}
			this.show(first, question);
		} catch (problem) {
			if (problem.stopped) return;
			this.show({ id: "", items: [] }, question);
			this.status.replaceChildren("Chưa lấy được gợi ý. ", button("link", "Thử lại", () => { this.sequence = 0; this.ask(sequence, question, earlier); }));
		}
	}

	show({ id, items }, question) {
		this.set = id;
		this.list.setAttribute("aria-busy", "false");
		this.items = items.slice(0, 3);
		this.question = question;
		this.selected = 0;
		this.used.clear();
		this.count.textContent = this.items.length ? `(${this.items.length})` : "";
		this.status.textContent = this.items.length ? "" : "Không có gợi ý nào đủ chắc cho tin này.";
		this.list.replaceChildren(...this.items.map((item, place) => this.card(item, place)));
		if (this.attending()) this.items.forEach((item) => this.log(item, "displayed"));
	}

	card(item, place) {
		const press = button("small.primary", "Chèn", () => this.take(place), { "aria-label": `Chèn gợi ý ${place + 1} vào ô trả lời`, "aria-keyshortcuts": String(place + 1) }, el("kbd", { "aria-hidden": "true" }, String(place + 1)), " ");
		const select = () => {
			this.selected = place;
			this.list.querySelectorAll(".card").forEach((node, at) => node.classList.toggle("selected", at === place));
		};
		const node = el(`li.card${place === 0 ? ".selected" : ""}`, { onfocusin: select, onpointerdown: select },
			el("div.card-head", lightMark(item.light), item.confidence && el("span.sure", item.confidence)),
			folding(el("p.words", item.text), item.text.length > 180),
			sourceList(item.sources) || "",
			whyText(item.why) && el("p.why", `Vì sao: ${whyText(item.why)}`),
			verdictRow(this.app, { kind: "suggestion", id: this.set, item: item.id, facet: item.facet }, this.question || "", press));
		return node;
	}

	take(place) {
		const item = this.items[place];
		if (!item || !this.set || !this.insert(item.text, `${this.set}/${item.id}`)) return;
		this.used.add(item.id);
		this.log(item, "inserted");
	}

	/** After a reply went out: what became of each suggestion. */
	settle(ref, edited) {
		for (const item of this.items) {
			if (ref === `${this.set}/${item.id}`) { if (edited) this.log(item, "edited"); this.log(item, "sent"); } else if (!this.used.has(item.id)) this.log(item, "ignored");
		}
	}

	log(item, action) {
		if (!this.set) return;
		this.app.api.post(`console/suggestions/${uri(this.set)}/${uri(item.id)}`, { action }).catch(() => {});
	}
}
