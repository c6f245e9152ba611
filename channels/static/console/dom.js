/* Builds nodes. What people wrote goes in as text nodes: nowhere in the console is markup read from data. */

const SVG = "http://www.w3.org/2000/svg";
const REFUSED = /^(?:style|srcdoc|src|innerHTML|outerHTML)$/;
const PROTOCOLS = /^(?:https?|tel|blob):$/;
const PROPERTIES = new Set(["value", "checked", "selected", "disabled", "hidden"]);

/** Set a link's address where it is one that may be followed; «javascript:…» is none. */
export function lead(node, address) {
	let url;
	try { url = new URL(address, document.baseURI); } catch { return node; }
	if (PROTOCOLS.test(url.protocol)) node.setAttribute("href", address);
	return node;
}

function set(node, attributes) {
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || value === null) continue;
		if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
		else if (name === "href") lead(node, value);
		else if (/^on/.test(name) || REFUSED.test(name)) throw new Error(`${name} is not set from data`);
		else if (PROPERTIES.has(name)) node[name] = value;
		else if (typeof value === "boolean" && !name.startsWith("aria-")) node.toggleAttribute(name, value);
		else node.setAttribute(name, String(value));
	}
}

/** Build «tag.class.class» from parts: attributes and listeners as plain objects, nodes, strings; null and "" are left out. */
export function el(shape, ...parts) {
	const [tag, ...classes] = shape.split(".");
	const node = document.createElement(tag);
	if (classes.length) node.className = classes.join(" ");
	for (const part of parts.flat(9)) {
		if (part === null || part === undefined || part === false || part === "") continue;
		if (part.constructor === Object) set(node, part);
		else node.append(part);
	}
	return node;
}

/** A button that does something; `parts` as for `el`. */
export function button(shape, label, pressed, ...parts) {
	return el(`button${shape ? `.${shape}` : ""}`, { type: "button", onclick: pressed }, ...parts, label);
}

/** A drawing of index.html; it says nothing by itself. */
export function icon(name) {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("aria-hidden", "true");
	svg.setAttribute("class", "icon");
	const use = document.createElementNS(SVG, "use");
	use.setAttribute("href", `#i-${name}`);
	svg.append(use);
	return svg;
}

/** Words for those who do not see the screen. */
export const sr = (text) => el("span.sr", text);

/** A link to another site, in a new tab. */
export function outward(label, address) {
	return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label, icon("out"), sr(" (mở trang mới)"));
}

/** «label: value» rows; those without a value are left out. */
export function rows(pairs, shape = "dl.facts") {
	const told = (value) => value !== null && value !== undefined && value !== false && value !== "" && !(Array.isArray(value) && !value.length);
	return el(shape, ...pairs.filter(([, value]) => told(value)).map(([label, value]) => el("div", el("dt", label), el("dd", value))));
}

/** Give a list these children in order, moving only what is out of place; the focus stays where it was. */
export function arrange(list, nodes) {
	const focused = document.activeElement;
	const wanted = new Set(nodes);
	for (const old of [...list.children]) if (!wanted.has(old)) old.remove();
	nodes.forEach((node, place) => {
		if (list.children[place] !== node) list.insertBefore(node, list.children[place] || null);
	});
	if (focused && focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
}

/** Put the text in the clipboard, also where the page is not served over TLS. */
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = el("textarea.sr", { value: text });
		document.body.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		if (!done) throw new Error("refused");
	}
}

/** A button that unfolds more of them; pressing one, Escape or going elsewhere folds it again. */
export function menu(summary, ...body) {
	const node = el("details.menu", el("summary", summary), el("div.menu-body", ...body));
	node.addEventListener("click", (event) => { if (event.target.closest("button, a")) node.open = false; });
	node.addEventListener("focusout", (event) => { if (event.relatedTarget && !node.contains(event.relatedTarget)) node.open = false; });
	node.addEventListener("keydown", (event) => {
		if (event.key !== "Escape" || !node.open) return;
		event.preventDefault();
		node.open = false;
		node.firstChild.focus();
	});
	return node;
}

/** Offer bytes as a file of this name. */
export function download(blob, name) {
	const link = el("a", { href: URL.createObjectURL(blob), download: name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** Letters without accents, small: what a search compares. */
export function plain(text) {
	return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
}

/** Call `work` once, `ms` after the last of many calls. */
export function calm(work, ms) {
	let timer = 0;
	const later = (...given) => {
		clearTimeout(timer);
		timer = setTimeout(() => work(...given), ms);
	};
	later.cancel = () => clearTimeout(timer);
	return later;
}

/** A part of an address. */
export const uri = encodeURIComponent;

/** Throw what is no refusal of the server but a fault of the page. */
export function expected(problem) { if (problem.status === undefined) throw problem; }

/** A part of the page to which Escape goes out of its fields. */
export const HOME = { "data-home": true, tabindex: "-1" };

/** A case by its number. */
export const caseLink = (number) => el("a", { href: `#phieu?so=${uri(number)}` }, icon("case"), number);
