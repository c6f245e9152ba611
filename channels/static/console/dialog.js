/* Dialogs: a title, a body, buttons. They give the focus back to where it was. */

import { button, el, icon } from "./dom.js";

let counter = 0;

/** Open a dialog. `actions` are nodes beside the closing button; returns {node, shut}. */
export function showDialog({ title, body, actions = [], close = "Thôi", wide = false, role, closed = () => {} }) {
	counter += 1;
	const before = document.activeElement;
	const id = `dialog-${counter}`;
	const shut = () => {
		if (node.isConnected && node.close) node.close();
		gone(); // at once, not with the event that follows: what a dialog showed must not stay in the page
	};
	const node = el(`dialog${wide ? ".wide" : ""}`, { "aria-labelledby": id, ...(role ? { role } : {}) },
		el("div.dialog-head", el("h2", { id }, title), button("bare", "", shut, { "aria-label": "Đóng hộp này" }, icon("close"))),
		el("div.dialog-body", body),
		(close || actions.length > 0) && el("div.actions", close && button("", close, shut), actions));
	function gone() {
		if (!node.isConnected) return;
		node.remove();
		closed();
		if (before && before.isConnected && before !== document.body) before.focus({ preventScroll: true });
	}
	node.addEventListener("close", gone);
	document.body.append(node);
	if (node.showModal) node.showModal();
	else { // a browser before 2022
		node.setAttribute("open", "");
		node.classList.add("old");
		node.addEventListener("keydown", (event) => { if (event.key === "Escape") gone(); });
	}
	const first = node.querySelector("[autofocus], .dialog-body input, .dialog-body textarea, .dialog-body select, .actions button");
	if (first) first.focus();
	return { node, shut };
}
