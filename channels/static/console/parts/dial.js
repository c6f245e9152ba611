/* Calling without seeing the number: the switchboard rings one's own telephone and connects it. */

import { button, icon } from "../dom.js";
import { reasonDialog } from "../form.js";

const SHUT = { "no-switchboard": "Gọi (chưa nối tổng đài)", "no-extension": "Gọi (tài khoản chưa có máy nhánh)" };

/** A button that has a number dialled; `at` is the path to post to, `free()` true where no reason is needed. */
export function dialButton(app, at, free) {
	const press = button("", "Gọi", () => dial(), icon("phone"));
	press.disabled = true;
	app.dialling = app.dialling || app.api.get("console/dial").catch(() => { app.dialling = null; return { state: "ready" }; });
	app.dialling.then(({ state }) => {
		press.disabled = state in SHUT;
		if (SHUT[state]) press.replaceChildren(icon("phone"), SHUT[state]);
	});
	const done = () => app.say("Máy của anh/chị sắp đổ chuông; nhấc máy là được nối với người dân.");
	async function dial() {
		if (free()) {
			press.disabled = true;
			try { await app.api.post(at, {}); done(); } catch (problem) { app.fail(problem); } finally { press.disabled = false; }
			return;
		}
		reasonDialog(app, "Gọi người dân", "Số không hiện ra. Lý do và việc gọi được ghi vào sổ.", "Gọi", at, done);
	}
	return press;
}
