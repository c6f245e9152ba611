/* Quick replies: «/» in the reply box finds them, without accents; here they are also written. */

import { button, el, plain, uri } from "../dom.js";
import { showDialog } from "../dialog.js";
import { field, form } from "../form.js";

const ASKED = /(?:^|\s)\/(|[^\s/][^\n/]{0,40})$/;
const MOST = 7;
const SCOPES = [["personal", "Của riêng tôi"], ["shared", "Dùng chung cả tổng đài"]];

/** The replies with their variables filled in for a conversation, as far as they are known; read anew after ten minutes. */
async function quickReplies(app, conversation) {
	const kept = app.quick;
	if (kept && kept.conversation === conversation && Date.now() - kept.at < 600000) return kept.items;
	const { items } = await app.api.get("console/quick-replies", { conversation });
	app.quick = { at: Date.now(), conversation, items };
	return items;
}

/** Those that fit what was typed behind «/»: shortcuts first, then titles, then words of the text. */
export function matching(items, typed) {
	const wanted = plain(typed).trim();
	const score = ({ shortcut, title, text }) => {
		if (plain(shortcut || "").startsWith(wanted)) return 0;
		if (plain(title).startsWith(wanted)) return 1;
		const all = plain(`${shortcut || ""} ${title} ${text}`);
		return wanted.split(/\s+/).every((word) => all.includes(word)) ? 2 : 9;
	};
	return items.map((item, place) => ({ item, place, score: score(item) })).filter(({ score: fit }) => fit < 9)
		.sort((one, other) => one.score - other.score || one.place - other.place).slice(0, MOST).map(({ item }) => item);
}

/** The list below the reply box: opens at «/», closes by Esc, picks by Enter, Tab or a click. */
export class QuickList {
	constructor(app, box, conversation) {
		Object.assign(this, { app, box, conversation });
		this.items = [];
		this.at = 0;
		this.looked = null; // the text that is looked up
		this.answered = null; // … and the one that the list answers
		this.wish = false; // Enter or Tab came before the answer
		this.node = el("ul.quick", { id: "quick-list", role: "listbox", "aria-label": "Câu mẫu", hidden: true });
		box.setAttribute("aria-controls", "quick-list");
		box.setAttribute("aria-autocomplete", "list");
		box.addEventListener("input", () => this.look());
		box.addEventListener("keydown", (event) => this.key(event));
		box.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== box) this.close(); }, 150));
	}

	get open() { return !this.node.hidden; }

	get before() { return this.box.value.slice(0, this.box.selectionStart); }

	async look(wish = false) {
		const { before } = this;
		const found = ASKED.exec(before);
		this.looked = before;
		this.wish = wish;
		if (!found) { this.answer(before, []); return; }
		const items = matching(await quickReplies(this.app, this.conversation).catch(() => []), found[1]);
		if (this.looked === before && this.before === before) this.answer(before, items);
	}

	answer(before, items) {
		this.items = items;
		this.answered = before;
		this.at = 0;
		if (!items.length) { this.close(); return; }
		if (this.wish) { this.pick(0); return; }
		this.node.replaceChildren(...items.map((item, place) => el("li", { role: "option", id: `quick-${place}`, onpointerdown: (event) => { event.preventDefault(); this.pick(place); } },
			el("b", item.title), item.shortcut && el("kbd", `/${item.shortcut}`), el("span", item.filled || item.text))));
		this.node.hidden = false;
		this.mark();
	}

	mark() {
		[...this.node.children].forEach((node, place) => node.setAttribute("aria-selected", String(place === this.at)));
		this.box.setAttribute("aria-activedescendant", `quick-${this.at}`);
		this.node.children[this.at].scrollIntoView({ block: "nearest" });
	}

	close() {
		this.wish = false;
		this.node.hidden = true;
		this.box.removeAttribute("aria-activedescendant");
	}

	key(event) {
		if (event.isComposing || event.keyCode === 229) return;
		const { before } = this;
		if (!ASKED.test(before)) { this.close(); return; }
		const takes = !event.shiftKey && (event.key === "Enter" || event.key === "Tab");
		if (this.answered !== before) {
			// Nothing half asked for is taken or sent.
			if (!takes) return;
			if (this.looked === before) this.wish = true;
			else this.look(true);
		} else if (!this.open) return;
		else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			this.at = (this.at + (event.key === "ArrowDown" ? 1 : this.items.length - 1)) % this.items.length;
			this.mark();
		} else if (takes) this.pick(this.at);
		else if (event.key === "Escape") this.close();
		else return;
		event.preventDefault();
		event.stopPropagation();
	}

	pick(place) {
		const { box } = this;
		const { before } = this;
		if (this.answered !== before) return;
		const start = before.length - ASKED.exec(before)[1].length - 1;
		const text = this.items[place].filled || this.items[place].text; // what nobody knows stays in its braces
		box.value = box.value.slice(0, start) + text + box.value.slice(box.selectionStart);
		const gap = /\{\w+\}/.exec(text); // something that only a person knows
		box.focus();
		box.setSelectionRange(start + (gap ? gap.index : text.length), start + (gap ? gap.index + gap[0].length : text.length));
		this.close();
		box.dispatchEvent(new Event("input"));
	}
}

/** Write, change and delete quick replies. */
export function manageQuick(app) {
	const leads = ["supervisor", "knowledge_editor", "administrator"].includes(app.user.role);
	const place = el("div");
	const dialog = showDialog({ title: "Câu mẫu", wide: true, body: place, close: "Đóng" });
	const put = (...nodes) => { place.replaceChildren(...nodes); };

	async function list() {
		let found;
		try { found = await app.api.get("console/quick-replies"); } catch (problem) { dialog.shut(); app.fail(problem); return; }
		app.quick = null;
		const { items } = found;
		put(el("p.hint", `Gõ «/» trong ô trả lời rồi vài chữ, không dấu cũng được. Dùng được: ${Object.entries(found.variables || {}).map(([name, told]) => `{${name}} là ${told}`).join(", ")}.`),
			el("ul.plain-list", ...items.map((item) => el("li", el("div", el("b", item.title), " ", el("span.hint", item.scope === "shared" ? "dùng chung" : "của tôi", item.shortcut && ` · /${item.shortcut}`), el("p", item.text)),
				(leads || item.scope !== "shared") && el("div.actions", button("small", "Sửa", () => edit(item), { "aria-label": `Sửa câu mẫu ${item.title}` }), button("small", "Xóa", () => drop(item), { "aria-label": `Xóa câu mẫu ${item.title}` }))))),
			items.length ? "" : el("p.empty", "Chưa có câu mẫu nào."),
			el("div.actions", button("primary", "Thêm câu mẫu", () => edit(null))));
	}

	async function drop(item) {
		try { await app.api.del(`console/quick-replies/${uri(item.id)}`); } catch (problem) { app.fail(problem); return; }
		app.say(`Đã xóa câu mẫu «${item.title}».`);
		list();
	}

	function edit(item) {
		const given = item || { title: "", text: "", shortcut: "", scope: "personal" };
		const page = form({
			fields: [
				field({ name: "title", label: "Tên", needed: true, value: given.title, attributes: { maxlength: 80 } }),
				field({ name: "text", label: "Câu", kind: "textarea", needed: true, value: given.text, attributes: { maxlength: 2000, rows: 5 } }),
				field({ name: "shortcut", label: "Gõ tắt sau dấu /", value: given.shortcut || "", hint: "Vài chữ không dấu, ví dụ: chao", attributes: { maxlength: 30 } }),
				field({ name: "scope", label: "Ai dùng", kind: "radio", options: leads ? SCOPES : SCOPES.slice(0, 1), value: given.scope }),
			],
			submit: "Lưu",
			after: button("", "Quay lại", list),
			draft: { drafts: app.drafts, name: `quick.${item ? item.id : "new"}` },
			check: (values) => ({ ...(values.title.trim() ? {} : { title: "Đặt tên để tìm lại." }), ...(values.text.trim() ? {} : { text: "Chưa có câu." }) }),
			refused: (problem) => (problem.errors.length ? { say: "", fields: Object.fromEntries(problem.errors.map(({ field: name, message }) => [name.replace("body.", ""), message])) } : null),
			send: (values) => (item ? app.api.put(`console/quick-replies/${uri(item.id)}`, values) : app.api.post("console/quick-replies", values)),
			done: () => { app.say("Đã lưu câu mẫu."); list(); },
		});
		put(el("h3", item ? "Sửa câu mẫu" : "Câu mẫu mới"), page.node);
		page.fields.get("title").focus();
	}
	list();
}
