/* Signs out whoever has left the computer. Any tab that is used keeps all tabs signed in. */

import { button, el } from "./dom.js";
import { showDialog } from "./dialog.js";
import { preference } from "./drafts.js";
import { wait } from "./words/problems.js";

const SEEN = "seen";
const ACTS = ["keydown", "pointerdown", "wheel", "touchstart"];

export class Idle {
	/** After `seconds` without an act `out()` is called; before that, a warning. `touch()` tells the server of acts. */
	constructor(seconds, { touch, out }) {
		Object.assign(this, { ms: seconds * 1000, touch, out });
		this.warning = null;
		this.seen = Date.now();
		this.told = Date.now();
		this.acted = (event) => this.act(event);
		ACTS.forEach((name) => addEventListener(name, this.acted, { passive: true, capture: true }));
		this.timer = setInterval(() => this.look(), Math.min(1000, this.ms / 10));
	}

	stop() {
		ACTS.forEach((name) => removeEventListener(name, this.acted, { capture: true }));
		clearInterval(this.timer);
		if (this.warning) this.warning.shut();
	}

	act(event) {
		// Inside the warning the button speaks for itself.
		if (event && this.warning && this.warning.node.contains(event.target)) return;
		const now = Date.now();
		if (this.left(now) <= 0) { this.look(); return; } // a computer that was asleep
		if (now - this.seen < 500) return;
		this.seen = now;
		preference(SEEN, String(now));
		if (now - this.told > Math.min(60000, this.ms / 4)) {
			this.told = now;
			this.touch();
		}
		if (this.warning) this.look();
	}

	left(now = Date.now()) {
		const elsewhere = Number(preference(SEEN)) || 0;
		return this.ms - (now - Math.max(this.seen, elsewhere <= now ? elsewhere : 0));
	}

	look() {
		const left = this.left();
		if (left <= 0) {
			this.stop();
			this.out();
		} else if (left <= Math.min(120000, this.ms / 3)) this.warn(left);
		else if (this.warning) this.warning.shut();
	}

	warn(left) {
		if (!this.warning) {
			this.count = el("strong");
			this.warning = showDialog({
				title: "Anh/chị còn ở đây không?",
				role: "alertdialog",
				body: [el("p", "Trang sẽ tự thoát sau ", this.count, " để người khác không dùng được máy này."),
					el("p", "Chữ đang soạn được giữ lại; đăng nhập lại là thấy.")],
				close: "",
				actions: [button("primary", "Tôi vẫn ở đây", () => { this.act(); if (this.warning) this.warning.shut(); })],
				closed: () => { this.warning = null; this.seen = Date.now(); },
			});
		}
		this.count.textContent = wait(left / 1000);
	}
}
