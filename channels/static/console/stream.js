/* The live stream: it only says «look again». After every reconnection the page reads its lists anew. */

const SILENCE_MS = 45000; // the server sends a comment every 15 s
const POLL_MS = 15000;

async function readEvents(response, onEvent, onBytes) {
	const reader = response.body.getReader();
	const decoder = new TextDecoder();
	let rest = "";
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		onBytes();
		const parts = (rest + decoder.decode(value, { stream: true }).replace(/\r/g, "")).split("\n\n");
		rest = parts.pop();
		for (const part of parts) {
			const event = { name: "message", id: "", data: "" };
			for (const line of part.split("\n")) {
				if (line.startsWith("event:")) event.name = line.slice(6).trim();
				else if (line.startsWith("id:")) event.id = line.slice(3).trim();
				else if (line.startsWith("data:")) event.data += line.slice(5).trimStart();
			}
			if (event.data) onEvent(event);
		}
	}
}

export class Stream {
	constructor(api) {
		this.api = api;
		this.listeners = new Set();
		this.last = "";
		this.failures = 0;
		this.heard = 0;
		this.state = "";
		this.alive = false;
		this.wake = () => {};
		this.cut = new AbortController();
	}

	/** Call `hear(name, data)` for changed, presence, alarm, again (all may have changed) and state; returns how to stop. */
	on(hear) {
		this.listeners.add(hear);
		return () => this.listeners.delete(hear);
	}

	tell(name, data) { for (const hear of [...this.listeners]) hear(name, data); }

	mark(state) {
		if (state === this.state) return;
		this.state = state;
		this.tell("state", { state });
	}

	start() {
		if (this.alive) return;
		this.alive = true;
		this.kick = () => { this.failures = 0; this.cut.abort(); this.wake(); };
		this.shown = () => { if (document.visibilityState === "visible" && Date.now() - this.heard > 20000) this.kick(); };
		addEventListener("online", this.kick);
		document.addEventListener("visibilitychange", this.shown);
		this.watch = setInterval(() => { if (this.heard && Date.now() - this.heard > SILENCE_MS) this.cut.abort(); }, 5000);
		this.run();
	}

	stop() {
		if (!this.alive) return;
		this.alive = false;
		removeEventListener("online", this.kick);
		document.removeEventListener("visibilitychange", this.shown);
		clearInterval(this.watch);
		this.cut.abort();
		this.wake();
		this.last = "";
		this.state = "";
	}

	sleep(ms) {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.wake = () => { clearTimeout(timer); resolve(); };
		});
	}

	async run() {
		while (this.alive) {
			this.cut = new AbortController();
			const began = Date.now();
			try {
				await this.follow();
				this.failures = Date.now() - began < 5000 ? this.failures + 1 : 0;
			} catch (error) {
				if (!this.alive || error.status === 401) return;
				// No stream for this account or this server: look again by ourselves.
				if (error.status === 403 || error.status === 404) { await this.poll(); continue; }
				this.failures += 1;
			}
			this.heard = 0;
			if (!this.alive) return;
			if (this.failures > 1) this.mark("retrying");
			if (this.failures) await this.sleep(Math.min(20000, 400 * 2 ** this.failures) * (0.5 + Math.random() / 2));
		}
	}

	async follow() {
		const headers = this.last ? { "Last-Event-ID": this.last } : {};
		const { signal } = this.cut;
		const response = await this.api.get("console/stream", null, { signal, headers, accept: "text/event-stream" });
		this.heard = Date.now();
		this.mark("live");
		this.tell("again", {});
		await readEvents(response, ({ name, id, data }) => {
			if (id) this.last = id;
			if (this.alive) this.tell(name, JSON.parse(data));
		}, () => { this.heard = Date.now(); this.failures = 0; });
	}

	async poll() {
		this.mark("polling");
		this.tell("again", {});
		await this.sleep(POLL_MS);
	}
}
