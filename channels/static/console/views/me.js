/* The own account: password, second factor, keys. */

import { button, copy, el, HOME, icon } from "../dom.js";
import { field, form } from "../form.js";
import { code, newPassword } from "../login.js";
import { drawQr } from "../qr.js";
import { explain } from "../words/problems.js";
import { ROLES } from "../words/words.js";

function password(app) {
	const asked = newPassword();
	const page = form({
		fields: [field({ name: "old", label: "Mật khẩu đang dùng", kind: "password", needed: true, attributes: { autocomplete: "current-password" } }), ...asked.fields],
		submit: "Đổi mật khẩu",
		check: (given) => (given.old ? asked.check(given) : { old: "Chưa gõ mật khẩu đang dùng." }),
		send: (given) => app.api.post("console/password", { old: given.old, new: given.new }, { quiet: true }),
		refused: (problem) => {
			const fault = problem.errors.find(({ field: name }) => /new$/.test(name));
			return { say: fault ? "" : problem.status === 401 ? "Mật khẩu đang dùng không đúng." : explain(problem), fields: fault ? { new: fault.message } : {} };
		},
		done: () => { page.fields.forEach((one) => { one.value = ""; }); app.say("Đã đổi mật khẩu. Các máy khác đã bị thoát."); renew(app); },
	});
	return el("section", { "aria-labelledby": "pw-h" }, el("h2", { id: "pw-h" }, "Mật khẩu"), page.node);
}

/** The session may have been renewed along with what changed. */
async function renew(app) {
	app.session = app.api.adopt(await app.api.get("console/session").catch(() => ({ ...app.session, csrf: app.api.csrf })));
}

class SecondFactor {
	constructor(app) {
		this.app = app;
		this.place = el("div");
		this.node = el("section", { "aria-labelledby": "totp-h" }, el("h2", { id: "totp-h" }, "Mã hai lớp"), this.place);
		this.show();
	}

	show() {
		if (this.app.session.totp) {
			this.place.replaceChildren(el("p", icon("check"), " Đang bật: đăng nhập cần thêm mã sáu số trên điện thoại."), button("", "Tắt mã hai lớp", () => this.off()));
		} else {
			this.place.replaceChildren(el("p", "Chưa bật. Ai biết mật khẩu là vào được; bật mã hai lớp thì phải có cả điện thoại của anh/chị."), button("primary", "Bật mã hai lớp", () => this.start()));
		}
	}

	async start() {
		try {
			const { svg, secret, uri } = await this.app.api.post("console/totp/start");
			const page = form({
				fields: [code("Mã sáu số đang hiện trên điện thoại", "")],
				submit: "Xác nhận",
				after: button("", "Thôi", () => this.show()),
				check: (given) => (given.code.trim() ? {} : { code: "Chưa gõ mã." }),
				send: (given) => this.app.api.post("console/totp/confirm", { code: given.code.replace(/\s/g, "") }, { quiet: true }),
				refused: (problem) => (problem.unsure ? null : { say: "", fields: { code: "Mã chưa đúng. Xem giờ trên điện thoại có đúng không, chờ mã mới rồi gõ lại." } }),
				done: ({ recovery_codes: codes }) => this.codes(codes),
			});
			const spaced = (secret || "").replace(/(.{4})(?=.)/g, "$1 ");
			this.place.replaceChildren(
				el("ol.steps", el("li", "Mở ứng dụng tạo mã (Google Authenticator, FreeOTP…) trên điện thoại."),
					el("li", "Quét hình này:", drawQr(svg, "Hình QR để quét bằng điện thoại") || "", el("p.hint", "Không quét được thì gõ mã: "), el("p.code", spaced),
						el("p", button("small", "Chép mã", async () => { await copy(secret || uri); this.app.say("Đã chép mã."); }))),
					el("li", "Gõ mã mà điện thoại hiện ra:", page.node)));
			page.fields.get("code").focus();
		} catch (problem) { this.app.fail(problem); }
	}

	codes(codes) {
		this.app.session.totp = true;
		this.place.replaceChildren(el("p", { role: "status" }, icon("check"), " Đã bật. Cất các mã dự phòng này ở nơi khác điện thoại; mỗi mã dùng một lần, không xem lại được:"),
			el("ul.codes", ...codes.map((one) => el("li.code", one))),
			el("div.actions", button("", "Chép tất cả", async () => { await copy(codes.join("\n")); this.app.say("Đã chép."); }), button("primary", "Đã cất xong", () => this.show())));
	}

	off() {
		const page = form({
			fields: [field({ name: "password", label: "Mật khẩu", kind: "password", needed: true, attributes: { autocomplete: "current-password" } })],
			submit: "Tắt",
			after: button("", "Thôi", () => this.show()),
			check: (given) => (given.password ? {} : { password: "Chưa gõ mật khẩu." }),
			send: (given) => this.app.api.del("console/totp", given, { quiet: true }),
			refused: (problem) => (problem.status === 401 ? { say: "", fields: { password: "Mật khẩu không đúng." } } : null),
			done: () => { this.app.session.totp = false; this.app.say("Đã tắt mã hai lớp."); this.show(); },
		});
		this.place.replaceChildren(page.node);
		page.fields.get("password").focus();
	}
}

export function open(app, main) {
	const { user } = app;
	const single = el("input", { type: "checkbox", checked: !app.keys.off, onchange: () => { app.keys.off = !single.checked; } });
	main.append(el("div.page.narrow", HOME,
		el("p", el("strong", user.name), ` · ${user.id} · ${ROLES[user.role] || user.role}`),
		password(app), new SecondFactor(app).node,
		el("section", { "aria-labelledby": "keys-h" }, el("h2", { id: "keys-h" }, "Phím tắt"), el("label.check", single, "Dùng phím một chữ trên máy này"), el("p", button("", "Xem bảng phím", () => app.keys.sheet())))));
	return { update() {}, close() {} };
}
