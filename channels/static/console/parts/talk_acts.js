/* What is done with a conversation besides answering: claim, hand on, hand back, close, warn. */

import { button, el, icon, menu, uri } from "../dom.js";
import { field, formDialog } from "../form.js";
import { OUTCOMES, PRESENCE, capital, colleague } from "../words/words.js";

const least = (name, text) => (given) => (given[name].trim().length >= 3 ? {} : { [name]: text });

export class TalkActs {
	/** `done(summary)` after a change; `told(text)` shows why something was not done; `summary()` is what is shown. */
	constructor(app, keys, id, { done, told, summary }) {
		Object.assign(this, { app, id, done, told, summary });
		this.claimButton = button("primary", "Nhận trả lời", () => this.claim());
		keys.add("n", "nhận trả lời", this.claimButton);
		this.back = button("", "Giao lại trợ lý", () => this.handBack());
		this.transfer = button("", "Chuyển", () => this.handOn());
		this.closing = button("", "Đóng", () => this.finish());
		this.letGo = button("", "Trả về hàng chờ", () => this.plain("release", "Đã trả về hàng chờ."));
		this.warn = button("", "Nhắc lời lẽ", () => this.abuse("warn"));
		this.end = button("danger", "Kết thúc vì xúc phạm", () => this.abuse("end"));
		this.file = el("a.button", { href: `#lap-phieu?hoi-thoai=${uri(id)}` }, "Lập phiếu phản ánh");
		keys.add("h", "giao lại trợ lý", this.back);
		keys.add("c", "chuyển cho đồng nghiệp", this.transfer);
		keys.add("e", "đóng hội thoại", this.closing);
		this.more = menu("Khác", this.letGo, this.file, this.warn, this.end);
		this.node = el("div.talk-acts", this.claimButton, this.back, this.transfer, this.closing, this.more);
	}

	/** Offer what fits the state. */
	show(summary) {
		const { user } = this.app;
		const mine = summary.owner === "OPERATOR" && summary.attended_by && summary.attended_by.id === user.id;
		const leads = user.role === "supervisor";
		const open = !summary.closed_at;
		// What is over can be taken up again, but not by everybody who may read it.
		this.claimButton.hidden = summary.owner === "OPERATOR" || (!open && user.role === "complaint_officer");
		for (const one of [this.back, this.transfer, this.closing, this.letGo]) one.hidden = !open || !(mine || (leads && summary.owner === "OPERATOR"));
		if (open && summary.owner === "WAITING") this.closing.hidden = false;
		this.warn.hidden = !open || !mine;
		this.end.hidden = !open || user.role !== "supervisor";
		this.more.hidden = !open;
	}

	at(verb) { return `console/conversations/${uri(this.id)}/${verb}`; }

	async claim() {
		try {
			this.done(await this.app.api.post(this.at("claim")));
			this.app.speak("Anh/chị đã nhận cuộc này.");
		} catch (problem) {
			if (problem.code === "claimed") this.told(`${capital(colleague(problem.by))} đang trả lời cuộc này rồi. Cần thì nhờ chuyển.`);
			else this.app.fail(problem);
			if (problem.status === 409) this.done(null);
		}
	}

	async plain(verb, said, body = {}) {
		try {
			this.done(await this.app.api.post(this.at(verb), body));
			this.app.say(said);
		} catch (problem) {
			this.app.fail(problem);
			this.done(null);
		}
	}

	/** A dialog with one form that does one thing. */
	ask({ title, told, fields, submit, verb, said, check, body }) {
		formDialog(title, told, {
			fields, submit, check,
			draft: { drafts: this.app.drafts, name: `${verb}.${this.id}` },
			send: (given) => this.app.api.post(this.at(verb), body ? body(given) : given),
			done: (summary) => { this.app.say(said); this.done(summary); },
		});
	}

	async handOn() {
		const { presence } = this.app;
		await presence.refresh();
		const people = presence.colleagues();
		if (!people.length) { this.app.say("Chưa có đồng nghiệp nào đang làm việc để chuyển.", ".bad"); return; }
		this.ask({
			title: "Chuyển cho đồng nghiệp",
			told: "Người nhận thấy cả hội thoại và lời nhắn; công dân chỉ được báo là có người khác trả lời tiếp.",
			fields: [
				field({ name: "to", label: "Người nhận", kind: "radio", needed: true, options: people.map(({ id, name, state, attending }) => [id, `${name} · ${PRESENCE[state] || state}${attending ? ` · đang trả lời ${attending} cuộc` : ""}`]) }),
				field({ name: "note", label: "Lời nhắn", kind: "textarea", needed: true, hint: "Người ta hỏi gì, đã trả lời đến đâu.", attributes: { maxlength: 1000, rows: 3 } }),
			],
			submit: "Chuyển", verb: "transfer", said: "Đã chuyển.",
			check: (given) => ({ ...(given.to ? {} : { to: "Chọn người nhận." }), ...least("note", "Ghi một câu để người nhận khỏi hỏi lại công dân.")(given) }),
		});
	}

	handBack() {
		this.ask({
			title: "Giao lại cho trợ lý tự động",
			told: "Trợ lý nói tiếp với công dân từ đây, mở đầu bằng câu tóm tắt này.",
			fields: [field({ name: "summary", label: "Tóm tắt cho công dân", kind: "textarea", hint: "Công dân đọc được. Đã giải đáp gì, còn gì chưa xong; để trống cũng được.", attributes: { maxlength: 800, rows: 3 } })],
			submit: "Giao lại", verb: "hand-back", said: "Đã giao lại trợ lý.",
		});
	}

	finish() {
		this.ask({
			title: "Đóng hội thoại",
			told: "Công dân nhắn lại thì trợ lý trả lời trước.",
			fields: [
				field({ name: "outcome", label: "Kết quả", kind: "radio", needed: true, options: Object.entries(OUTCOMES) }),
			],
			submit: "Đóng hội thoại", verb: "close", said: "Đã đóng.",
			check: (given) => (given.outcome ? {} : { outcome: "Chọn một kết quả." }),
		});
	}

	abuse(step) {
		const ends = step === "end";
		this.ask({
			title: ends ? "Kết thúc vì xúc phạm" : "Nhắc lời lẽ",
			told: ends ? "Chỉ người phụ trách, sau khi đã nhắc một lần. Công dân được báo lý do và các cách liên hệ khác; việc này vào sổ."
				: "Công dân nhận một câu nhắc lịch sự, chỉ một lần. Nếu vẫn tiếp tục, người phụ trách quyết định có kết thúc hay không.",
			fields: [field({ name: "reason", label: "Lý do", needed: true, hint: "Vào sổ; không chép lại lời xúc phạm.", attributes: { maxlength: 300 } })],
			submit: ends ? "Kết thúc" : "Gửi lời nhắc", verb: "abuse", said: ends ? "Đã kết thúc." : "Đã gửi lời nhắc.",
			check: least("reason", "Ghi lý do."),
			body: (given) => ({ step, reason: given.reason.trim() }),
		});
	}
}

/** A line that says who has the conversation, or why something was not done. */
export const kindly = (text) => el("p.kindly", { role: "alert" }, icon("person"), text);
