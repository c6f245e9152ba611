/* <tiep-dan>: the chat on another site's page, in a shadow tree of its own. Nothing inline, nothing but our server.
 *
 * Made of DOM calls and a constructed style sheet, so it needs of the host's Content-Security-Policy only
 * script-src and connect-src for our address; Trusted Types do not matter to it.
 */

// Parts and words first: near each other they are compressed best.
import { css, markup } from "./parts.js";
import { t } from "../chat/words.js";
import { recall, remember } from "../chat/api.js";
import { el, icon } from "../chat/content.js";
import { startChat } from "../chat/app.js";

const OPEN = "tiepdan.open";
const SVG = "http://www.w3.org/2000/svg";
const NARROW = "(max-width: 560px), (max-height: 480px)";
const script = document.currentScript;

/** Build markup given as [tag, attributes, children…]. */
function build(part, drawn = false) {
	if (typeof part === "string") return document.createTextNode(part);
	const [tag, attributes, ...children] = part;
	const vector = drawn || tag === "svg";
	const node = vector ? document.createElementNS(SVG, tag) : document.createElement(tag);
	Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
	node.append(...children.map((child) => build(child, vector)));
	return node;
}

/** The size that the reader chose in the browser, whatever the host page makes of `rem`. */
function readersSize(node) {
	node.style.setProperty("font-size", "medium", "important");
	return parseFloat(getComputedStyle(node).fontSize) || 16;
}

class TiepDan extends HTMLElement {
	connectedCallback() {
		if (this.shadowRoot) return;
		const root = this.attachShadow({ mode: "open" });
		const rules = css.replace(/(\d*\.?\d+)rem\b/g, "calc($1 * var(--u))");
		try {
			const sheet = new CSSStyleSheet();
			sheet.replaceSync(rules);
			root.adoptedStyleSheets = [sheet];
		} catch { // older browsers, where the host's policy allows it
			root.append(el("style", "", rules));
		}
		this.style.setProperty("--u", `${readersSize(this)}px`);
		this.panel = el("dialog", "panel");
		this.panel.setAttribute("part", "panel");
		this.panel.setAttribute("aria-label", "Tiếp Dân – Sở Nội vụ Hà Nội");
		this.panel.append(...markup.map((part) => build(part)));
		this.count = el("span", "count-new");
		this.count.hidden = true;
		this.launcher = el("button", "launcher", icon("logo"), el("span", "", t(this.getAttribute("label") || "Hỏi Tiếp Dân")), this.count);
		this.launcher.type = "button";
		this.launcher.setAttribute("part", "launcher");
		this.launcher.setAttribute("aria-expanded", "false");
		this.launcher.setAttribute("aria-haspopup", "dialog");
		this.launcher.hidden = this.getAttribute("launcher") === "none";
		this.launcher.addEventListener("click", () => this.open());
		root.append(this.panel, this.launcher);
		const close = el("button", "menu", icon("close"));
		close.type = "button";
		close.id = "close";
		close.setAttribute("aria-label", t("Đóng"));
		close.addEventListener("click", () => this.close());
		root.querySelector(".side").append(close);
		this.panel.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
		this.panel.addEventListener("keydown", (event) => {
			if (event.key !== "Escape" || root.querySelector("dialog:not(.panel)[open]")) return;
			event.preventDefault();
			this.close();
		});
		// A panel that fills the screen is modal; one beside the page is not.
		this.narrow = matchMedia(NARROW);
		this.narrow.addEventListener("change", () => { if (this.shown) { this.hide(); this.show(); } });
		if (recall("sessionStorage", OPEN)) this.show();
		else if (this.hasAttribute("open") && recall("sessionStorage", OPEN) === null) this.open();
	}

	show() {
		const root = this.shadowRoot;
		if (!this.panel.show) this.panel.setAttribute("open", ""); // browsers older than <dialog>
		else if (this.narrow.matches) this.panel.showModal();
		else this.panel.show();
		this.launcher.setAttribute("aria-expanded", "true");
		this.launcher.classList.add("covered");
		this.unread = 0;
		this.count.hidden = true;
		const size = readersSize(this);
		this.text = this.text || startChat({
			root,
			frame: this,
			base: this.server,
			language: this.getAttribute("language") || "vi",
			resize: (scale) => this.style.setProperty("--u", `${size * scale}px`),
			arrived: () => this.arrived(),
		});
		remember("sessionStorage", OPEN, true);
	}

	/** Open the panel; the focus goes into it. */
	open() {
		if (!this.shown) this.show();
		this.text.focus({ preventScroll: true });
	}

	/** Close the panel; the focus goes back to where it came from. */
	close() {
		this.hide();
		this.launcher.classList.remove("covered");
		this.launcher.setAttribute("aria-expanded", "false");
		this.launcher.focus({ preventScroll: true });
		remember("sessionStorage", OPEN, false);
	}

	get shown() { return this.panel.hasAttribute("open"); }

	hide() {
		if (this.panel.close) this.panel.close();
		else this.panel.removeAttribute("open");
	}

	/** An answer came: where nobody sees it, the launcher says so. */
	arrived() {
		if (this.shown) return;
		this.unread += 1;
		this.count.textContent = t("{n} tin mới", { n: this.unread });
		this.count.hidden = false;
	}

	/** The server's address, with a slash at its end. */
	get server() {
		const given = this.getAttribute("server") || (script && script.src) || document.querySelector('script[src$="/widget.js"]').src;
		return new URL("./", given).href;
	}
}

if (!customElements.get("tiep-dan")) customElements.define("tiep-dan", TiepDan);

/** The script's data-* attributes become the element's; without data-auto="no" the element is put at the page's end. */
function place() {
	if ((script && script.dataset.auto === "no") || document.querySelector("tiep-dan")) return;
	const node = document.createElement("tiep-dan");
	Object.entries(script ? script.dataset : {}).forEach(([name, value]) => node.setAttribute(name, value));
	document.body.append(node);
}
if (document.body) place();
else addEventListener("DOMContentLoaded", place);
