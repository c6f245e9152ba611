/* The end of a filing: read back, consent, one sending; number and secret are shown once. */

import { button, copy, el, expected, icon, rows } from "../dom.js";
import { field } from "../form.js";
import { date } from "../time.js";
import { CONSENTS } from "../words/calls.js";
import { explain } from "../words/problems.js";

export class FilingConfirm {
	/** `id` names the filing, however often it is sent; `ready()` waits for its files; `draft()` is what is on the page now; `refused(problem)` puts a refusal to its fields; `filed(told)` after it is filed. */
	constructor(app, { id, ready, draft, refused, filed }) {
		Object.assign(this, { app, id, ready, draft, refused, filed });
		this.saidAt = null;
		this.read = "";
		this.reading = button("", "Đọc lại cho người kể", () => this.back(), icon("sound"));
		this.script = el("div.script", { role: "group", tabindex: "0", "aria-label": "Đọc cho người kể", hidden: true });
		this.consent = field({ name: "consent", label: "Cho giữ số liên hệ và họ tên", kind: "radio", needed: true, options: CONSENTS });
		this.consent.node.addEventListener("change", () => { this.saidAt = new Date().toISOString(); this.consent.fault(""); });
		this.sending = button("primary", "Gửi phiếu", () => this.send(), icon("send"));
		this.said = el("p.fault", { role: "alert", hidden: true });
		this.node = el("section.filing-end", { "aria-label": "Đọc lại và gửi" }, el("div.answer-acts", this.reading), this.script, this.consent.node, this.said, el("div.actions", this.sending));
	}

	tell(text) {
		this.said.textContent = text;
		this.said.hidden = !text;
	}

	/** Something was changed: what was read back is no longer what will be filed. */
	stale() {
		if (!this.read) return;
		this.read = "";
		this.script.classList.add("is-stale");
		this.script.setAttribute("aria-label", "Đã sửa sau khi đọc, cần đọc lại");
	}

	async back() {
		const draft = this.draft();
		try {
			const { script } = await this.app.api.post("console/filing/read-back", { draft });
			this.read = JSON.stringify(draft);
			this.script.replaceChildren(...script.map((sentence) => el("p", sentence)));
			this.script.classList.remove("is-stale");
			this.script.setAttribute("aria-label", "Đọc cho người kể");
			this.script.hidden = false;
			this.tell("");
			this.consent.focus();
			this.script.scrollTop = 0;
			// What is read aloud and what is asked then are in sight together.
			this.node.scrollIntoView({ block: "end" });
		} catch (problem) {
			expected(problem);
			this.tell(explain(problem));
			this.refused(problem);
		}
	}

	/** The next step: reading back, then sending. */
	next() { return this.read ? this.send() : this.back(); }

	async send() {
		if (this.sending.disabled) return;
		const how = this.consent.value;
		if (!how) { this.consent.fault("Hỏi người kể rồi chọn một."); this.consent.focus(); return; }
		this.sending.disabled = true;
		try {
			await this.ready();
			this.filed(await this.app.api.post("console/filing/confirm", { client_id: this.id, draft: this.draft(), consent: { contact: how, said_at: how === "spoken" ? this.saidAt : null } }));
		} catch (problem) {
			expected(problem);
			this.tell(problem.unsure ? "Chưa rõ phiếu đã gửi chưa. Bấm gửi lại: hệ thống không ghi thành hai phiếu." : explain(problem));
			this.refused(problem);
		} finally { this.sending.disabled = false; }
	}
}

/** What was filed; the secret is nowhere else. */
export function filedBox(app, told, again) {
	const one = ({ number, secret }) => el("div.filed", el("p", "Số phiếu"), el("p.big-code.code", number),
		secret && [el("p", "Mã bí mật, để tra kết quả"), el("p.big-code.code", secret)],
		button("small", "Chép", () => copy(secret ? `${number} ${secret}` : number).then(() => app.say("Đã chép."), () => app.say("Trình duyệt không cho chép.", ".bad")), { "aria-label": `Chép số phiếu ${number}` }));
	return el("section.filing-done", { tabindex: "-1", "aria-label": "Phiếu đã gửi" },
		el("h2", icon("check"), told.added ? "Đã ghi thêm vào phiếu có sẵn" : "Đã gửi phiếu"),
		told.secret && el("p.caution", icon("alert"), "Mã bí mật chỉ hiện một lần này. Đọc chậm cho người kể ghi lại; hệ thống không đọc lại được."),
		one(told), ...told.linked.map(one),
		rows([["Hạn trả lời", date(told.due_on)], ["Phạm vi", told.restricted && "Phiếu hạn chế: không giao cho đơn vị"]]),
		el("div.actions", again));
}
