/* Keeps the conversation flowing in: a stream, else polling; resumes by sequence, backs off with jitter. */

const SILENCE_MS = 40000; // the server sends a comment every 15 s
const POLL_MS = 3000;

/** Read server-sent events from a response; `onBytes` marks every sign of life. */
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
			let name = "message";
			let data = "";
			for (const line of part.split("\n")) {
				if (line.startsWith("event:")) name = line.slice(6).trim();
				else if (line.startsWith("data:")) data += line.slice(5).trimStart();
			}
			if (data) onEvent(name, JSON.parse(data));
		}
	}
}

export class Connection {
	/** `handlers`: message(event, live), typing(active), state("ok" | "retrying" | "offline", told by the server),
	 * ready(), gone(). */
	constructor(api, handlers) {
		this.api = api;
		this.on = handlers;
		this.last = 0;
		this.failures = 0;
		this.polling = false;
		this.kicked = false;
		this.cut = new AbortController();
		this.wake = () => {};
		this.heard = 0;
	}

	start() {
		addEventListener("online", () => this.kick());
		addEventListener("offline", () => { this.on.state("offline"); this.cut.abort(); });
		document.addEventListener("visibilitychange", () => {
			if (document.visibilityState === "visible" && Date.now() - this.heard > 20000) this.kick();
		});
		setInterval(() => this.heard && Date.now() - this.heard > SILENCE_MS && this.cut.abort(), 5000);
		this.run();
	}

	/** Try again at once, with a new connection. */
	kick() {
		this.kicked = true;
		this.cut.abort();
		this.wake();
	}

	/** Begin another conversation. */
	restart() {
		this.last = 0;
		this.kick();
	}

	take(event, live) {
		if (event.sequence <= this.last) return;
		this.last = event.sequence;
		this.on.message(event, live);
	}

	async catchUp(live) {
		const { session } = this.api;
		for (;;) {
			const events = await this.api.history(this.last, this.cut.signal);
			if (session !== this.api.session) return;
			events.forEach((event) => this.take(event, live));
			if (events.length < 200) return;
		}
	}

	/** A message was accepted: if no event comes soon, something on the way holds the stream back, so ask once. */
	expectReply() {
		const before = this.heard;
		setTimeout(() => { if (this.heard === before) this.catchUp(true).catch(() => {}); }, 4000);
	}

	sleep(ms) {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.wake = () => { clearTimeout(timer); resolve(); };
		});
	}

	async run() {
		for (;;) {
			this.cut = new AbortController();
			this.kicked = false;
			let told;
			try {
				await this.api.open();
				await this.catchUp(this.last > 0);
				this.on.ready();
				this.on.state("ok");
				if (this.polling) await this.poll();
				else await this.follow();
				this.failures = 0;
			} catch (error) {
				this.failures = this.kicked ? 0 : this.failures + 1;
				if (error.sessionGone) this.on.gone();
				told = error.busy;
			}
			this.heard = 0;
			if (!this.failures) continue;
			if (navigator.onLine === false) this.on.state("offline");
			else if (told || this.failures > 1) this.on.state("retrying", told);
			const ceiling = Math.min(30000, 500 * 2 ** this.failures);
			await this.sleep(ceiling * (0.5 + Math.random() / 2));
		}
	}

	async follow() {
		const { session } = this.api;
		const opened = Date.now();
		const response = await this.api.stream(this.last, this.cut.signal);
		if (!response.body || !response.body.getReader) { this.polling = true; return; }
		this.heard = Date.now();
		await readEvents(response, (name, data) => {
			if (session !== this.api.session) return;
			if (name === "message") this.take(data, true);
			else if (name === "typing") this.on.typing(data.active);
			else if (name === "superseded") this.polling = true;
		}, () => { this.heard = Date.now(); });
		// A stream that ends as soon as it began would otherwise be reopened without pause.
		if (!this.polling && Date.now() - opened < 5000) throw new Error("the stream ended");
	}

	/** Ask every few seconds; after a minute the stream gets another chance. */
	async poll() {
		const until = Date.now() + 60000;
		while (Date.now() < until && !this.cut.signal.aborted) {
			await this.sleep(document.visibilityState === "visible" ? POLL_MS : 5 * POLL_MS);
			await this.catchUp(true);
		}
		this.polling = false;
	}
}
