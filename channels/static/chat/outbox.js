/* Messages on their way: sent in order, kept over a reload, retried with the same id until they are accepted. */

import { recall, remember } from "./api.js";

const KEY = "tiepdan.outbox";

function newId() {
	return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
	/** `send(entry)` resolves to {sequence}; `changed(entry)` shows its state, `delivered(entry, sequence)` its place. */
	constructor(send, changed, delivered) {
		this.send = send;
		this.changed = changed;
		this.delivered = delivered;
		this.queue = (recall("sessionStorage", KEY) || []).map((entry) => ({ ...entry, state: "sending" }));
		this.busy = null;
		this.failures = 0;
		this.timer = 0;
	}

	save() {
		remember("sessionStorage", KEY, this.queue.map(({ id, text, button }) => ({ id, text, button })));
	}

	/** `photo`, a picture of a sent file, is not kept over a reload. */
	add(text, button, photo) {
		const entry = { id: newId(), text, button, photo, state: "sending" };
		this.queue.push(entry);
		this.save();
		this.changed(entry);
		this.flush();
	}

	/** Give up a message that waits. */
	remove(entry) {
		this.drop(entry);
		this.flush();
	}

	clear() {
		this.queue = [];
		this.save();
	}

	/** Send what waits. Resolves when the queue is empty or a message failed. */
	flush() {
		clearTimeout(this.timer);
		this.busy = this.busy || this.drain().finally(() => { this.busy = null; });
		return this.busy;
	}

	async drain() {
		while (this.queue.length) {
			const entry = this.queue[0];
			this.queue.filter((waiting) => waiting.state !== "sending").forEach((waiting) => this.mark(waiting, "sending"));
			try {
				const { sequence } = await this.send(entry);
				if (this.queue[0] !== entry) continue; // cleared meanwhile
				this.failures = 0;
				this.drop(entry);
				this.delivered(entry, sequence);
			} catch (error) {
				if (this.queue[0] !== entry) continue;
				if (error.final) {
					this.drop(entry);
					entry.reason = error.message;
					this.mark(entry, "refused");
					continue;
				}
				this.queue.forEach((waiting) => { waiting.busy = error.busy; this.mark(waiting, "waiting"); });
				this.failures += 1;
				const ceiling = Math.min(60000, 2000 * 2 ** this.failures);
				this.timer = setTimeout(() => this.flush(), ceiling * (0.5 + Math.random() / 2));
				return;
			}
		}
	}

	drop(entry) {
		this.queue = this.queue.filter((other) => other !== entry);
		this.save();
	}

	mark(entry, state) {
		entry.state = state;
		this.changed(entry);
	}
}
