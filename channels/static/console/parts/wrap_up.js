/* Wrapping a call up: what it was about, how it ended. The second press stores it. */

import { button, copy, el, expected, uri } from "../dom.js";
import { field } from "../form.js";
import { explain } from "../words/problems.js";

/** The form of an opened call; `done(summary)` after it is stored. Returns a node. */
export function wrapUp(app, { call, topics, outcomes }, done) {
	const name = `wrap.${call.id}`;
	let topic = call.topic || topics[0] || "Việc khác";
	const said = el("p.fault", { role: "alert", hidden: true });
	const note = field({ name: "note", label: "Ghi chú (không bắt buộc)", kind: "textarea", value: app.drafts.get(name), attributes: { rows: 2, maxlength: 2000 } });
	note.input.addEventListener("input", () => app.drafts.set(name, note.value));
	const about = el("div.choices", { role: "group", "aria-label": "Cuộc gọi về việc gì" });
	for (const one of topics) {
		about.append(button("chip", one, () => {
			topic = one;
			for (const press of about.children) press.setAttribute("aria-pressed", String(press.textContent === one));
		}, { "aria-pressed": String(one === topic) }));
	}
	const ends = el("div.choices", { role: "group", "aria-label": "Kết quả, bấm là lưu" }, ...outcomes.map(({ outcome, label }) => button("", label, async () => {
		ends.querySelectorAll("button").forEach((press) => { press.disabled = true; });
		try {
			const { summary } = await app.api.post(`console/calls/${uri(call.id)}/wrap-up`, { topic, outcome, note: note.value.trim() });
			app.drafts.set(name, null);
			done(summary);
		} catch (problem) {
			expected(problem);
			said.textContent = explain(problem);
			said.hidden = false;
		} finally { ends.querySelectorAll("button").forEach((press) => { press.disabled = false; }); }
	})));
	return el("section.wrap", { "aria-label": "Kết thúc ghi cuộc gọi" }, el("h3", "1. Việc gì"), about, note.node, el("h3", "2. Kết quả (bấm là lưu)"), ends, said);
}

/** The summary of a call that is wrapped up. */
export function summaryBox(app, summary) {
	return el("section.wrap", { "aria-label": "Tóm tắt cuộc gọi" }, el("h3", "Tóm tắt"), el("p.words", summary),
		button("small", "Chép tóm tắt", () => copy(summary).then(() => app.say("Đã chép tóm tắt."), () => app.say("Trình duyệt không cho chép.", ".bad"))));
}
