/* What was typed and not sent yet: kept in this tab under its account, so that signing out by itself loses nothing. */

const PREFIX = "tiepdan.draft.";

function area(name) {
	try { return window[name]; } catch { return null; }
}

/** A preference of this computer; storage may be refused, then it is forgotten. */
export function preference(key, value) {
	try {
		const kept = area("localStorage");
		if (value === undefined) return kept.getItem(`tiepdan.console.${key}`);
		if (value === null) kept.removeItem(`tiepdan.console.${key}`);
		else kept.setItem(`tiepdan.console.${key}`, value);
	} catch { /* refused or full */ }
	return value === undefined ? null : value;
}

export class Drafts {
	constructor() {
		this.owner = "";
		this.memory = new Map(); // where the browser refuses to store
	}

	/** Whose drafts these are; somebody else's are thrown away. */
	belong(owner) {
		this.owner = `${PREFIX}${encodeURIComponent(owner)}.`;
		this.each((key) => { if (!key.startsWith(this.owner)) this.drop(key); });
	}

	each(visit) {
		try { Object.keys(area("sessionStorage")).filter((key) => key.startsWith(PREFIX)).forEach(visit); } catch { /* refused */ }
	}

	drop(key) { try { area("sessionStorage").removeItem(key); } catch { /* refused */ } }

	get(name) {
		try {
			const kept = area("sessionStorage").getItem(this.owner + name);
			if (kept !== null) return JSON.parse(kept);
		} catch { /* refused */ }
		return this.memory.has(name) ? this.memory.get(name) : null;
	}

	set(name, value) {
		const empty = value === null || value === "" || (typeof value === "object" && !Object.keys(value).length);
		if (empty) { this.memory.delete(name); this.drop(this.owner + name); return; }
		this.memory.set(name, value);
		try { area("sessionStorage").setItem(this.owner + name, JSON.stringify(value)); } catch { /* refused or full */ }
	}

	clear() {
		this.memory.clear();
		this.each((key) => this.drop(key));
	}
}
