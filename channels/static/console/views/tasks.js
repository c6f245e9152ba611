/* What a person must do: dated tasks, and cases that have risen to the supervisor. */

import { button, el, expected, HOME, icon, uri } from "../dom.js";
import { date, isoDay, moment } from "../time.js";
import { DANGERS, RISING, TASKS } from "../words/cases.js";
import { explain } from "../words/problems.js";
import { CHANNELS } from "../words/words.js";

const HANDLERS = ["complaint_officer", "supervisor", "administrator"];
const GROUPS = [["late", "Quá hạn"], ["today", "Hôm nay"], ["later", "Sắp tới"]];

class Tasks {
	constructor(app, main) {
		this.app = app;
		this.closed = false;
		this.keys = app.keys.scope("Việc cần làm");
		this.keys.add("j", "xuống một việc", () => this.move(1));
		this.keys.add("k", "lên một việc", () => this.move(-1));
		this.node = el("div.page", HOME, el("p.empty", { role: "status" }, "Đang đọc…"));
		main.append(this.node);
		this.stop = app.stream.on((name) => { if (name === "again") this.read(); });
		this.read();
	}

	close() {
		this.closed = true;
		this.stop();
		this.keys.close();
	}

	async read() {
		const { api, user } = this.app;
		try {
			const [tasks, rising] = await Promise.all([api.get("desk/tasks"), HANDLERS.includes(user.role) ? api.get("desk/overdue") : []]);
			if (!this.closed) this.show(tasks, rising);
		} catch (problem) {
			expected(problem);
			if (this.closed || problem.status === 401) return;
			this.node.replaceChildren(el("p.empty", { role: "alert" }, explain(problem), " ", button("", "Thử lại", () => this.read())));
		}
	}

	show(tasks, rising) {
		const now = Date.now();
		const group = ({ due_at: at }) => (isoDay(at) === isoDay() ? "today" : Date.parse(at) < now ? "late" : "later");
		// A case that has risen is in the list above; its task ends by itself.
		const risen = new Set(rising.map(({ case_id: about }) => about));
		tasks = tasks.filter((task) => task.kind !== "overdue" || !risen.has(task.case_id));
		const rows = GROUPS.map(([name, label]) => [name, label, tasks.filter((task) => group(task) === name)]).filter(([, , found]) => found.length);
		this.app.badge("viec", rising.length + tasks.filter((task) => group(task) !== "later").length, "việc đến hạn");
		this.node.replaceChildren(
			rising.length > 0 && el("section", { "aria-labelledby": "rising-h" }, el("h2", { id: "rising-h" }, `Phiếu cần người phụ trách xem (${rising.length})`),
				el("ul.tasks", ...rising.map(({ case_id: id, number, why, due: day }) => el("li.task.late", icon("alert"), el("div", el("strong", el("a", { href: `#phieu/${uri(id)}` }, number)), ` ${RISING[why] || why}`, el("small", `hạn ${date(day)}`)))))) || "",
			...rows.map(([name, label, found]) => el("section", { "aria-labelledby": `t-${name}` }, el("h2", { id: `t-${name}` }, `${label} (${found.length})`), el("ul.tasks", ...found.map((task) => this.task(task, name))))),
			!tasks.length && !rising.length ? el("p.empty", "Không còn việc nào chờ. ") : "");
	}

	task({ id, kind, case_id: about, number, channel, conversation_id: talk, call_id: call, note, due_at: at }, group) {
		const open = (place, id, label) => id && [" · ", el("a", { href: `#${place}/${uri(id)}` }, label)];
		const node = el(`li.task${group === "late" ? ".late" : ""}`, group === "late" ? icon("alert") : icon("task"),
			el("div", el("strong", TASKS[kind] || kind), open("phieu", number && about, number), open("hoi-thoai", talk, "mở hội thoại"), open("cuoc-goi", call, "mở cuộc gọi"),
				el("p.words", DANGERS[note] || note), el("small", `${group === "late" ? "đã quá " : "hạn "}${moment(at)}`, channel && ` · nhận qua: ${CHANNELS[channel] || channel}`)),
			button("", "Xong", async () => {
				try {
					const { done } = await this.app.api.post(`desk/tasks/${uri(id)}/done`);
					this.app.say(done ? "Đã xong một việc." : "Việc này người khác vừa làm xong.");
					const next = node.nextElementSibling || node.previousElementSibling;
					if (next && next.querySelector("button")) next.querySelector("button").focus();
					this.read();
				} catch (problem) { this.app.fail(problem); }
			}, { "aria-label": `Xong: ${TASKS[kind] || kind}${number ? ` ${number}` : ""}` }));
		return node;
	}

	move(step) {
		const presses = [...this.node.querySelectorAll(".task a, .task button")];
		if (presses.length) presses[Math.min(presses.length - 1, Math.max(0, presses.indexOf(document.activeElement) + step))].focus();
	}
}

export function open(app, main) {
	const tasks = new Tasks(app, main);
	return { update: () => tasks.read(), close: () => tasks.close() };
}
