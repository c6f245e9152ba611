/* The REST calls, and the session that they need. */

export const KEY = "tiepdan.session";

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
		super((problem && problem.detail) || "");
		this.status = status;
		/** What to tell the citizen where too much was asked for at once. */
		this.busy = status === 429 && this.message;
	}
	/** The session is unknown or its token has expired. */
	get sessionGone() { return this.status === 401 || this.status === 404; }
	/** Sending the same again cannot help. */
	get final() { return this.status >= 400 && this.status < 500 && this.status !== 429 && this.status !== 408; }
}

function kept() {
	const found = recall("localStorage", KEY);
	return found && found.renewal && Date.parse(found.renewable_until) > Date.now() ? found : null;
}

/** Two tabs that start together share one session, where the browser has locks. */
function alone(work) {
	return navigator.locks ? navigator.locks.request(KEY, work) : work();
}

export class Api {
	/** `base` is the server's address with a slash at its end; empty for the page's own server. */
	constructor(base = "") {
		this.base = base;
		this.session = kept();
		this.opening = null;
		this.renewing = null;
	}

	async once(path, { method = "GET", body, headers = {}, signal, seconds = 20, bare = false } = {}) {
		const cut = new AbortController();
		const stop = () => cut.abort();
		const timer = setTimeout(stop, seconds * 1000);
		if (signal) signal.addEventListener("abort", stop);
		try {
			const response = await fetch(`${this.base}api/web/${path}`, {
				method, signal: cut.signal, cache: "no-store", credentials: "omit",
				headers: {
					...(bare ? {} : { Authorization: `Bearer ${this.session.token}` }),
					...(body ? { "Content-Type": "application/json" } : {}),
					...headers,
				},
				body: body && JSON.stringify(body),
			});
			if (!response.ok) throw new HttpProblem(response.status, await response.json().catch(() => null));
			if (headers.Accept === "text/event-stream") return response;
			return response.status === 204 ? null : await response.json();
		} finally {
			clearTimeout(timer);
		}
	}

	/** Call with the session's token; one that has run out is renewed first. */
	async call(path, options) {
		const { session } = this;
		try {
			return await this.once(path, options);
		} catch (error) {
			if (error.status !== 401 || session !== this.session) throw error;
			await this.renew();
			return this.once(path, options);
		}
	}

	/** Get a new token; refused where the session itself is over. */
	renew() {
		const { session } = this;
		const headers = { Authorization: `Bearer ${session.renewal}` };
		this.renewing = this.renewing || this.once(this.at("token"), { method: "POST", bare: true, headers }).then((fresh) => {
			Object.assign(session, fresh);
			if (session === this.session) remember("localStorage", KEY, session);
		}).finally(() => { this.renewing = null; });
		return this.renewing;
	}

	/** Make sure that there is a session; calls at the same time share one request. True when it is new. */
	async open() {
		if (this.session) return false;
		const asked = Date.now();
		this.opening = this.opening || alone(async () => {
			// Another tab was at it: what it stored takes a moment to be seen here.
			if (Date.now() - asked > 20) await new Promise((resolve) => setTimeout(resolve, 300));
			const session = kept() || await this.once("sessions", { method: "POST", bare: true });
			remember("localStorage", KEY, session);
			return session;
		}).finally(() => { this.opening = null; });
		this.session = await this.opening;
		return true;
	}

	forget() {
		this.session = null;
		remember("localStorage", KEY, null);
	}

	/** Take over what another tab did with the session; true when it is another one now. */
	adopt() {
		const before = this.session;
		this.session = kept();
		return !before || !this.session || before.session_id !== this.session.session_id;
	}

	/** Close the session on the server, which blanks what was said. */
	end() { return this.call(this.at("").slice(0, -1), { method: "DELETE" }); }

	at(rest) { return `sessions/${encodeURIComponent(this.session.session_id)}/${rest}`; }

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

	notices() { return this.once("notices", { bare: true }); }
}
