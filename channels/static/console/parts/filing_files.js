/* Scans that go with a filing: each is sent at once, sealed, and waits for the case. */

import { button, el, expected, icon } from "../dom.js";
import { explain } from "../words/problems.js";

const WAY = "console/filing/files";

export class FilingFiles {
	/** `id` names the filing, `source()` is how it came, `changed()` after files were added or taken away. */
	constructor(app, { id, source, changed }) {
		Object.assign(this, { app, id, source, changed });
		this.items = [];
		this.pending = Promise.resolve();
		this.input = el("input", { type: "file", id: "scans", multiple: true, accept: ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png", onchange: () => this.take([...this.input.files]) });
		this.list = el("ul.plain-list", { "aria-label": "Bản quét kèm theo" });
		this.said = el("p.fault", { role: "alert", hidden: true });
		this.node = el("div.field", el("label", { for: "scans" }, "Bản quét đơn thư (PDF, JPEG, PNG)"), this.input, this.said, this.list);
	}

	get count() { return this.items.length; }

	at() { return { client_id: this.id }; }

	tell(text) { this.said.textContent = text; this.said.hidden = !text; }

	async read() {
		try { this.show((await this.app.api.get(WAY, this.at())).items); } catch (problem) { this.app.fail(problem); }
	}

	take(files) {
		this.input.value = "";
		this.tell("");
		for (const file of files) this.pending = this.pending.then(() => this.send(file));
	}

	settled() { return this.pending; }

	async send(file) {
		this.list.setAttribute("aria-busy", "true");
		try {
			const asked = new URLSearchParams({ ...this.at(), source: this.source(), name: file.name });
			const stored = await this.app.api.send(`${WAY}?${asked}`, file, { seconds: 120 });
			this.show([...this.items.filter(({ id }) => id !== stored.id), stored]);
		} catch (problem) {
			expected(problem);
			this.tell(`${file.name}: ${problem.status === 413 ? "tệp lớn quá." : explain(problem)}`);
		} finally { this.list.setAttribute("aria-busy", "false"); }
	}

	show(items) {
		this.items = items;
		this.list.replaceChildren(...items.map((file) => el("li", el("div.line", icon("file"), el("span", file.name, el("small", ` ${Math.max(1, Math.round(file.size / 1024))} kB`)),
			button("small", "Bỏ", () => this.drop(file), { "aria-label": `Bỏ tệp ${file.name}` })))));
		this.changed();
	}

	async drop(file) {
		try {
			await this.app.api.del(`${WAY}/${file.id}?${new URLSearchParams(this.at())}`);
			this.show(this.items.filter(({ id }) => id !== file.id));
			this.input.focus();
		} catch (problem) { this.app.fail(problem); }
	}
}
