/* Calls of /api/console and /api/desk: session cookie, CSRF header, and problems as one kind of error. */

export class Problem extends Error {
	/** `status` 0: the server was not reached. `retry` is in seconds. */
	constructor(status, body, retry = 0) {
		super(`HTTP ${status}`);
		const told = body || {};
		this.status = status;
		this.code = String(told.type || "").split(":").pop();
		this.detail = told.detail || "";
		this.errors = told.errors || [];
		this.by = told.by || null;
		this.retry = retry;
	}
	/** It may have been done all the same: ask again with the same id. */
	get unsure() { return this.status === 0 || this.status >= 500 || this.status === 408; }
	get stopped() { return this.code === "stopped"; }
}

const MUST_PROVE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

function query(given) {
	const asked = new URLSearchParams();
	for (const [name, value] of Object.entries(given || {})) {
		for (const one of Array.isArray(value) ? value : [value]) if (one !== "" && one !== null && one !== undefined && one !== false) asked.append(name, one);
	}
	const text = asked.toString();
	return text ? `?${text}` : "";
}

export class Api {
	constructor() {
		this.csrf = "";
		this.user = null;
		this.gone = () => {};
		this.reached = () => {};
	}

	/** Remember the session that the server tells of. */
	adopt(session) {
		this.csrf = session.csrf;
		this.user = session.user;
		return session;
	}

	forget() {
		this.csrf = "";
		this.user = null;
	}

	get(path, asked, options) { return this.call("GET", path + query(asked), options); }
	post(path, body = {}, options) { return this.call("POST", path, { ...options, body }); }
	/** Post a file as it is. */
	send(path, raw, options) { return this.call("POST", path, { ...options, raw }); }
	put(path, body, options) { return this.call("PUT", path, { ...options, body }); }
	del(path, body, options) { return this.call("DELETE", path, { ...options, body }); }

	/** Call `path` under /api. Raises Problem; a session that is over is told to `gone` as well. */
	async call(method, path, options = {}) {
		const { user } = this;
		try {
			return await this.once(method, path, options);
		} catch (error) {
			if (!(error instanceof Problem) || !user || user !== this.user) throw error;
			if (error.status === 401 && !options.quiet) this.gone();
			if (error.status !== 403 || !/csrf/.test(error.code)) throw error;
			// Signed in anew in another tab: the same person goes on with the new proof.
			const fresh = await this.once("GET", "console/session", {});
			if (fresh.user.id !== user.id) { this.gone(); throw error; }
			this.csrf = fresh.csrf;
			return this.once(method, path, options);
		}
	}

	async once(method, path, { body, raw, signal, seconds = 20, accept = "application/json", headers = {} }) {
		const cut = new AbortController();
		let late = false;
		const stop = () => cut.abort();
		const timer = setTimeout(() => { late = true; stop(); }, seconds * 1000);
		if (signal) { if (signal.aborted) stop(); else signal.addEventListener("abort", stop); }
		let response;
		try {
			response = await fetch(`api/${path}`, {
				method, signal: cut.signal, cache: "no-store", credentials: "same-origin", redirect: "error",
				headers: {
					Accept: accept,
					...(raw ? { "Content-Type": "application/octet-stream" } : body !== undefined ? { "Content-Type": "application/json" } : {}),
					...(MUST_PROVE.has(method) && this.csrf ? { "X-CSRF-Token": this.csrf } : {}),
					...headers,
				},
				body: raw || (body === undefined ? undefined : JSON.stringify(body)),
			});
			if (accept !== "text/event-stream") this.reached(true);
			if (!response.ok) {
				throw new Problem(response.status, await response.json().catch(() => null), Number(response.headers.get("Retry-After")) || 0);
			}
			if (accept === "text/event-stream") return response;
			if (accept === "*/*") return await response.blob();
			return response.status === 204 ? null : await response.json();
		} catch (error) {
			if (error instanceof Problem) throw error;
			if (signal && signal.aborted && !late) throw new Problem(0, { type: "stopped" });
			if (!response) this.reached(false);
			throw new Problem(0, null);
		} finally {
			clearTimeout(timer);
			// A stream that was opened ends with its signal.
			if (signal && !(response && response.ok && accept === "text/event-stream")) signal.removeEventListener("abort", stop);
		}
	}
}

/** Ids of one's own making: the same thing sent twice is done once. */
export function newId() {
	return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
}
