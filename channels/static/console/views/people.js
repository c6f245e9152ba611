/* Accounts: who may sign in, in which role; one-time passwords are shown once. */

import { button, copy, el, expected, HOME, icon, uri } from "../dom.js";
import { showDialog } from "../dialog.js";
import { field, formDialog } from "../form.js";
import { moment } from "../time.js";
import { explain } from "../words/problems.js";
import { ROLES } from "../words/words.js";

const ROLE_OPTIONS = Object.entries(ROLES);

function state(user) {
	const until = user.locked_until && Date.parse(user.locked_until) > Date.now() ? user.locked_until : null;
	if (user.active === false || user.locked === true) return { locked: true, text: "Đã khóa" };
	if (until) return { locked: true, text: `Tạm khóa đến ${moment(until)}` };
	if (user.account === false) return { locked: false, text: "Chỉ có mã truy cập, không đăng nhập" };
	if (user.must_change_password) return { locked: false, text: "Chờ đổi mật khẩu" };
	return { locked: false, text: "Đang dùng" };
}

class People {
	constructor(app, main) {
		this.app = app;
		this.closed = false;
		this.keys = app.keys.scope("Tài khoản");
		this.search = el("input", { type: "search", id: "people-search", placeholder: "Tên hoặc mã", autocomplete: "off", oninput: () => this.show() });
		const add = this.keys.add("a", "thêm tài khoản", button("primary", "Thêm tài khoản", () => this.edit()));
		this.body = el("tbody");
		this.told = el("p.empty", { role: "status" }, "Đang đọc…");
		this.table = el("table.people", { hidden: true }, el("caption.sr", "Tài khoản"), el("thead", el("tr", ...["Người dùng", "Vai trò", "Đơn vị", "Mã hai lớp", "Tình trạng", "Việc"].map((head) => el("th", { scope: "col" }, head)))), this.body);
		main.append(el("div.page", HOME,
			el("div.filters", el("div.find", el("label", { for: "people-search" }, "Tìm"), this.search), add), this.table, this.told));
		this.read();
	}

	close() {
		this.closed = true;
		this.keys.close();
	}

	async read() {
		try {
			const [found, words] = await Promise.all([this.app.api.get("console/users"), this.app.directory()]);
			if (this.closed) return;
			this.users = found.items || found;
			this.words = words;
			this.show();
		} catch (problem) {
			expected(problem);
			if (!this.closed) this.told.replaceChildren(explain(problem), " ", button("", "Thử lại", () => this.read()));
		}
	}

	unit(id) { return id ? (this.words.units.find((one) => one.id === id) || { name: id }).name : ""; }

	show() {
		const wanted = this.search.value.trim().toLowerCase();
		const users = (this.users || []).filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted));
		this.body.replaceChildren(...users.map((user) => this.row(user)));
		this.table.hidden = !users.length;
		this.told.hidden = users.length > 0;
		this.told.textContent = "Không có tài khoản nào khớp.";
	}

	row(user) {
		const { locked, text } = state(user);
		const own = user.id === this.app.user.id;
		const cell = (label, ...parts) => el("td", { "data-label": label }, parts.some(Boolean) && el("div", ...parts));
		return el("tr", el("th", { scope: "row" }, user.name, el("small", user.id)), cell("Vai trò", ROLES[user.role] || user.role), cell("Đơn vị", this.unit(user.unit)),
			cell("Mã hai lớp", user.totp ? [icon("check"), "Có"] : "Chưa có"),
			cell("Tình trạng", locked ? el("span.mark.severity", icon("lock"), text) : text),
			cell("Việc", el("div.actions",
				button("small", "Đổi vai trò", () => this.role(user), { disabled: own, "aria-label": `Đổi vai trò ${user.name}` }),
				button("small", "Cấp lại mật khẩu", () => this.reset(user), { "aria-label": `Cấp lại mật khẩu ${user.name}` }),
				locked ? button("small", "Mở khóa", () => this.act(user, "unlock", {}, "Đã mở khóa."), { "aria-label": `Mở khóa ${user.name}` })
					: button("small", "Khóa", () => this.lock(user), { disabled: own, "aria-label": `Khóa ${user.name}` }))));
	}

	at(user, verb) { return `console/users/${uri(user.id)}/${verb}`; }

	async act(user, verb, body, said) {
		try {
			await this.app.api.post(this.at(user, verb), body);
			this.app.say(`${user.name}: ${said}`);
		} catch (problem) { this.app.fail(problem); }
		this.read();
	}

	fields(user) {
		return [
			field({ name: "role", label: "Vai trò", kind: "select", needed: true, options: [["", "Chọn vai trò"], ...ROLE_OPTIONS], value: user ? user.role : "" }),
			field({ name: "unit", label: "Đơn vị", kind: "select", options: [["", "Không thuộc đơn vị nào"], ...this.words.units.map(({ id, name }) => [id, name])], value: user ? user.unit || "" : "", hint: "Ghi đúng để không ai xử lý phiếu về chính nơi mình làm." }),
		];
	}

	async edit() {
		this.words = await this.app.directory();
		const page = formDialog("Thêm tài khoản", "", {
			fields: [
				field({ name: "id", label: "Tên đăng nhập", needed: true, hint: "Chữ thường không dấu, số, dấu chấm. Ví dụ: lan.nt", attributes: { maxlength: 64, spellcheck: "false", autocapitalize: "none" } }),
				field({ name: "name", label: "Họ và tên", needed: true, hint: "Đủ họ tên: hệ thống dựa vào đó để không giao phiếu nêu tên chính người này.", attributes: { maxlength: 200 } }),
				...this.fields(null),
			],
			submit: "Thêm", draft: { drafts: this.app.drafts, name: "user.new" },
			check: (given) => ({ ...(/^[a-z\d][\w.-]{1,63}$/.test(given.id.trim()) ? {} : { id: "Từ 2 ký tự: chữ thường không dấu, số, dấu chấm." }), ...(given.name.trim().includes(" ") ? {} : { name: "Ghi đủ họ và tên." }), ...(given.role ? {} : { role: "Chọn vai trò." }) }),
			send: (given) => this.app.api.post("console/users", { id: given.id.trim(), name: given.name.trim(), role: given.role, unit: given.unit || null }),
			done: ({ one_time_password: password }) => { this.once(page.fields.get("name").value, page.fields.get("id").value, password); this.read(); },
		});
	}

	role(user) {
		formDialog(`Vai trò của ${user.name}`, "", {
			fields: this.fields(user), submit: "Lưu",
			send: (given) => this.app.api.post(this.at(user, "role"), { role: given.role, unit: given.unit || null }),
			done: () => { this.app.say(`${user.name}: đã đổi vai trò.`); this.read(); },
		});
	}

	reset(user) {
		formDialog("Cấp lại mật khẩu?", `${user.name} sẽ bị thoát khỏi mọi máy và phải đặt mật khẩu mới.`, {
			fields: user.totp ? [field({ name: "totp", label: "Tắt cả mã hai lớp (mất điện thoại và mã dự phòng)", kind: "checkbox" })] : [],
			submit: "Cấp lại",
			send: (given) => this.app.api.post(this.at(user, "reset"), { totp: Boolean(given.totp) }),
			done: ({ one_time_password: password }) => { this.once(user.name, user.id, password); this.read(); },
		});
	}

	lock(user) {
		const dialog = showDialog({
			title: "Khóa tài khoản?",
			body: el("p", `${user.name} bị thoát ngay và không đăng nhập được nữa. Phiếu và hội thoại đang giữ cần giao lại cho người khác.`),
			actions: [button("danger", "Khóa", () => { dialog.shut(); this.act(user, "lock", {}, "đã khóa."); })],
		});
	}

	/** A password that is seen once. */
	once(name, id, password) {
		showDialog({
			title: "Mật khẩu một lần",
			body: [el("p", `Đưa tận tay ${name} (${id}). Đóng hộp này là không xem lại được.`), el("p.code", password)],
			close: "Đã đưa",
			actions: [button("", "Chép", async () => { await copy(password); this.app.say("Đã chép."); })],
		});
	}
}

export function open(app, main) {
	const people = new People(app, main);
	return { update: () => people.read(), close: () => people.close() };
}
