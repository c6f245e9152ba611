/* Signing in: password, a code where the account has one, a new password where it must be changed, single sign-on. */

import { button, el, icon } from "./dom.js";
import { field, form } from "./form.js";
import { explain, wait } from "./words/problems.js";

const SSO = {
	refused: "Đăng nhập một lần không thành. Anh/chị thử lại, hoặc dùng mật khẩu.",
	unavailable: "Hệ thống đăng nhập một lần đang không trả lời. Anh/chị dùng mật khẩu, hoặc thử lại sau ít phút.",
	unknown: "Tài khoản cơ quan này chưa được nối với bàn làm việc. Nhờ người quản trị nối giúp.",
};

/** A password field that can be looked at. */
function secret(wanted) {
	const found = field({ kind: "password", needed: true, ...wanted });
	const look = button("bare.look", "Hiện", () => {
		const shown = found.input.type === "text";
		found.input.type = shown ? "password" : "text";
		look.textContent = shown ? "Hiện" : "Ẩn";
		look.setAttribute("aria-pressed", String(!shown));
	}, { "aria-pressed": "false", "aria-label": `Hiện ${wanted.label.toLowerCase()}` });
	const row = el("div.with-button");
	found.input.replaceWith(row);
	row.append(found.input, look);
	return found;
}

/** The fields of a new password, and their check. */
export function newPassword() {
	return {
		fields: [
			secret({ name: "new", label: "Mật khẩu mới", attributes: { autocomplete: "new-password" }, hint: "Từ 12 ký tự; một câu ngắn dễ nhớ cũng được. Không dùng lại mật khẩu ở nơi khác." }),
			secret({ name: "again", label: "Gõ lại mật khẩu mới", attributes: { autocomplete: "new-password" } }),
		],
		check: (given) => {
			if (!given.new) return { new: "Chưa gõ mật khẩu mới." };
			return given.new === given.again ? {} : { again: "Hai lần gõ chưa giống nhau." };
		},
	};
}

export const code = (label = "Mã sáu số", hint = "Mở ứng dụng tạo mã trên điện thoại. Mất điện thoại thì gõ một mã dự phòng.") => field({
	name: "code", label, needed: true, hint,
	attributes: { autocomplete: "one-time-code", inputmode: "text", maxlength: 40 },
});

function refusal(problem) {
	if (problem.status === 423) return `Tài khoản tạm khóa vì nhập sai nhiều lần. Thử lại sau ${wait(problem.retry || 900)}, hoặc nhờ người quản trị mở.`;
	return explain(problem);
}

export class Login {
	constructor(root, api, entered) {
		Object.assign(this, { root, api, entered });
	}

	hide() {
		this.root.hidden = true;
		this.root.replaceChildren();
	}

	card(title, told, ...parts) {
		this.root.replaceChildren(el("div.entry",
			el("div.plate", icon("logo"), el("div", el("p.brand", "Tiếp Dân"), el("p", "Sở Nội vụ Hà Nội"))),
			el("h1", title), told && el("p.told", { role: "status" }, told), ...parts));
		this.root.hidden = false;
		const first = this.root.querySelector("input:not([readonly])");
		if (first) first.focus();
	}

	async show(told = "") {
		const sso = SSO[new URLSearchParams(location.search).get("sso")];
		if (sso) history.replaceState(null, "", location.pathname + location.hash);
		const ways = await this.api.get("console/session/ways").catch(() => null);
		if (this.api.user) return;
		const user = field({ name: "user", label: "Tên đăng nhập", needed: true, attributes: { autocomplete: "username", autocapitalize: "none", spellcheck: "false" } });
		const password = secret({ name: "password", label: "Mật khẩu", attributes: { autocomplete: "current-password" } });
		const page = form({
			fields: [user, password],
			submit: "Đăng nhập",
			check: (given) => ({ ...(given.user.trim() ? {} : { user: "Chưa gõ tên đăng nhập." }), ...(given.password ? {} : { password: "Chưa gõ mật khẩu." }) }),
			send: (given) => this.send({ user: given.user.trim(), password: given.password }),
			refused: (problem) => {
				if (problem.code === "code-needed") { this.askCode(user.value.trim(), password.value); return { say: "", fields: {} }; }
				password.value = "";
				return { say: refusal(problem), fields: {} };
			},
		});
		const parts = [page.node];
		if (ways && ways.first_start) parts.unshift(el("p.told", "Lần đầu chạy: dùng tên và mật khẩu một lần mà máy chủ đã in ra."));
		if (ways && ways.oidc) parts.push(el("p.or", "hoặc"), el("a.sso", { href: ways.oidc.start_url }, icon("key"), `Đăng nhập bằng ${ways.oidc.label}`));
		if (ways && ways.password === false) parts.splice(parts.indexOf(page.node), 1);
		this.card("Bàn làm việc", told || sso, ...parts);
	}

	askCode(user, password) {
		const page = form({
			fields: [code()],
			submit: "Tiếp tục",
			after: button("", "Quay lại", () => this.show()),
			check: (given) => (given.code.trim() ? {} : { code: "Chưa gõ mã." }),
			send: (given) => this.send({ user, password, code: given.code.replace(/\s/g, "") }),
			refused: (problem) => ({
				say: problem.status === 401 ? "Mã không đúng hoặc đã hết hạn. Chờ mã mới hiện ra rồi gõ lại." : refusal(problem), fields: {},
			}),
		});
		this.card("Nhập mã xác nhận", "", el("p.hint", `Tài khoản ${user}`), page.node);
	}

	async send(given) {
		const session = await this.api.post("console/session", given);
		this.api.adopt(session);
		if (session.must_change_password) this.change(session, given.password);
		else this.entered(session);
	}

	/** Before anything else: a password of one's own in place of the one that somebody printed. */
	change(session, old = "") {
		const asked = newPassword();
		const page = form({
			fields: [...(old ? [] : [secret({ name: "old", label: "Mật khẩu đang dùng", attributes: { autocomplete: "current-password" } })]), ...asked.fields],
			submit: "Đổi mật khẩu",
			check: asked.check,
			send: async (given) => {
				await this.api.post("console/password", { old: old || given.old, new: given.new });
				this.entered(this.api.adopt(await this.api.get("console/session")));
			},
			refused: (problem) => {
				const fault = problem.errors.find(({ field: name }) => /new$/.test(name));
				return { say: fault ? "" : explain(problem), fields: fault ? { new: fault.message } : {} };
			},
		});
		this.card("Đặt mật khẩu riêng", "", el("p.hint", `Chào ${session.user.name}. Mật khẩu được cấp chỉ dùng một lần; anh/chị đặt mật khẩu của riêng mình rồi vào làm việc.`), page.node);
	}
}

