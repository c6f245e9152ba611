/* Who is there: the switch in the bar, the working hours beside it, and the colleagues to hand a conversation to. */

import { el, icon } from "./dom.js";
import { clock, isoDay, weekday } from "./time.js";
import { PRESENCE } from "./words/words.js";

/** What the hours say, in a few words. */
export function hoursText(hours) {
	if (!hours) return "";
	const { shift } = hours;
	const name = typeof shift === "string" ? shift : shift && (shift.name || shift.label);
	if (hours.open) {
		const count = Array.isArray(hours.on_duty) ? hours.on_duty.length : hours.on_duty;
		return ["Đang giờ trực", name, Number.isFinite(count) && `${count} người trực`].filter(Boolean).join(" · ");
	}
	if (!hours.next_open) return "Ngoài giờ trực";
	const today = isoDay(hours.next_open) === isoDay();
	return `Ngoài giờ trực · mở lại ${clock(hours.next_open)}${today ? "" : ` ${weekday(hours.next_open)}`}`;
}

export class Presence {
	constructor(app) {
		this.app = app;
		this.people = [];
		this.select = el("select", { id: "presence", onchange: () => this.change(this.select.value) },
			...Object.entries(PRESENCE).map(([value, label]) => el("option", { value }, label)));
		this.mark = icon("dot");
		this.node = el("div.presence", el("label.sr", { for: "presence" }, "Trạng thái của tôi"), this.mark, this.select);
		this.hours = el("p.hours", { "aria-label": "Giờ trực" });
	}

	async refresh() {
		const { api } = this.app;
		const [people, hours] = await Promise.all([api.get("console/presence").catch(() => null), api.get("console/hours").catch(() => null)]);
		this.people = people ? people.items || people : this.people;
		this.hours.textContent = hoursText(hours);
		const me = this.people.find(({ id }) => id === this.app.user.id);
		this.show(me ? me.state : "away");
	}

	show(state) {
		if (document.activeElement !== this.select) this.select.value = state;
		this.node.dataset.state = state;
	}

	async change(state) {
		try {
			await this.app.api.post("console/presence", { state });
			this.show(state);
			this.app.say(`Trạng thái: ${PRESENCE[state]}.`);
		} catch (problem) {
			this.app.fail(problem);
			this.refresh();
		}
	}

	/** Colleagues that a conversation can be handed to, whoever is free first. */
	colleagues() {
		const order = Object.keys(PRESENCE);
		return this.people.filter(({ id }) => id !== this.app.user.id)
			.sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || (one.attending || 0) - (other.attending || 0));
	}
}
