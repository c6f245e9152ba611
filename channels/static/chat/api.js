/* The REST calls, and the session that they need. */

const BASE = "api/web/sessions";
const KEY = "tiepdan.session";

/** Storage that may be refused by the browser; then the page simply forgets on reload. */
export function remember(area, key, value) {
	try {
		if (value === null) window[area].removeItem(key);
		else window[area].setItem(key, JSON.stringify(value));
	} catch { /* refused or full */ }
}

export function recall(area, key) {
	try {
		return JSON.parse(window[area].getItem(key));
	} catch {
		return null;
	}
}

export class HttpProblem extends Error {
	constructor(status, problem) {
		super(`HTTP ${status}`);
		this.status = status;
		this.detail = (problem && problem.detail) || "";
	}
	/** The session is unknown or its token has expired. */
	get sessionGone() { return this.status === 401 || this.status === 404; }
	/** Sending the same again cannot help. */
	get final() { return this.status >= 400 && this.status < 500 && this.status !== 429 && this.status !== 408; }
}

export class Api {
	constructor() {
		const kept = recall("localStorage", KEY);
		this.session = kept && kept.token && Date.parse(kept.expires_at) > Date.now() ? kept : null;
		this.opening = null;
	}

	async call(path, { method = "GET", body, headers = {}, signal, seconds = 20, bare = false } = {}) {
		const cut = new AbortController();
		const stop = () => cut.abort();
		const timer = setTimeout(stop, seconds * 1000);
		if (signal) signal.addEventListener("abort", stop);
		try {
			const response = await fetch(BASE + path, {
				method, signal: cut.signal, cache: "no-store", credentials: "omit",
				headers: {
					...(bare ? {} : { Authorization: `Bearer ${this.session.token}` }),
					...(body ? { "Content-Type": "application/json" } : {}),
					...headers,
				},
				body: body && JSON.stringify(body),
			});
			if (!response.ok) throw new HttpProblem(response.status, await response.json().catch(() => null));
			return headers.Accept === "text/event-stream" ? response : await response.json();
		} finally {
			clearTimeout(timer);
		}
	}

	/** Make sure that there is a session; calls at the same time share one request. True when it is new. */
	async open() {
		if (this.session) return false;
		this.opening = this.opening || this.call("", { method: "POST", bare: true }).finally(() => { this.opening = null; });
		this.session = await this.opening;
		remember("localStorage", KEY, this.session);
		return true;
	}

	forget() {
		this.session = null;
		remember("localStorage", KEY, null);
	}

	at(rest) { return `/${encodeURIComponent(this.session.session_id)}/${rest}`; }

	send({ id, text, button }) {
		return this.call(this.at("messages"), {
			method: "POST", body: { client_message_id: id, text, ...(button ? { button } : {}) },
		});
	}

	history(after, signal) { return this.call(this.at(`messages?after=${after}`), { signal }); }

	stream(after, signal) {
		return this.call(this.at("events"), {
			signal, headers: { Accept: "text/event-stream", "Last-Event-ID": String(after) },
		});
	}
}
