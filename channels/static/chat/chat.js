/* The chat page: joins the session, the outbox, the connection and the view. */

import { Api } from "./api.js";
import { Connection } from "./connection.js";
import { Outbox } from "./outbox.js";
import { View } from "./view.js";

const MAX_CHARS = 20000;
const BANNERS = {
	ok: "",
	offline: "Máy đang mất mạng. Tin anh/chị viết được giữ lại và gửi đi khi có mạng.",
	retrying: "Đang nối lại với máy chủ, xin anh/chị chờ một chút…",
};
const $ = (id) => document.getElementById(id);
const text = $("text");

const api = new Api();
const view = new View((button) => outbox.add(button.title, button.id), () => outbox.flush());

function renew() {
	if (!api.session) return;
	api.forget();
	if (connection.last) view.close("Phiên trò chuyện trước đã hết hạn. Đây là cuộc trò chuyện mới.");
	connection.restart();
}

async function send(entry) {
	await api.open();
	const { session } = api;
	try {
		return await api.send(entry);
	} catch (error) {
		if (!error.sessionGone) throw error;
		if (session === api.session) renew();
		await api.open();
		return api.send(entry);
	}
}

const outbox = new Outbox(send, (entry) => view.mine(entry), (entry, sequence) => {
	view.settle(entry, sequence);
	if (view.awaitsReply()) view.typing(true);
	connection.expectReply();
});

async function onMessage(event, live) {
	const { session } = api;
	if (event.kind === "citizen") {
		// Probably this page's own message: its answer to the POST says which place it has.
		if (outbox.busy) await Promise.race([outbox.busy, new Promise((resolve) => setTimeout(resolve, 3000))]);
		if (session !== api.session || view.has(event.sequence)) return;
	}
	view.show(event, live);
	view.typing(view.awaitsReply());
}

const connection = new Connection(api, {
	message: onMessage,
	typing: (active) => view.typing(active),
	state: (state) => view.banner(BANNERS[state]),
	ready: () => { view.refresh(); if (outbox.queue.length) outbox.flush(); },
	gone: renew,
});

function fit() {
	text.style.height = "auto";
	text.style.height = `${text.scrollHeight}px`;
}

function submit() {
	const typed = text.value;
	if (!typed.trim()) { text.focus(); return; }
	const over = typed.length - MAX_CHARS;
	$("hint").textContent = over > 0 ? `Tin dài quá ${MAX_CHARS.toLocaleString("vi-VN")} ký tự (thừa ${over}). Anh/chị chia thành nhiều tin giúp tôi.` : "";
	if (over > 0) return;
	text.value = "";
	fit();
	outbox.add(typed.trim());
}

text.addEventListener("input", () => { $("hint").textContent = ""; fit(); });
text.addEventListener("keydown", (event) => {
	// 229: an input method is still composing (older browsers do not say isComposing on this key).
	if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
	event.preventDefault();
	submit();
});
$("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
$("welcome").addEventListener("click", (event) => {
	const example = event.target.closest("button");
	if (example) outbox.add(example.querySelector("b").textContent);
});

function startAnew() {
	outbox.clear();
	api.forget();
	view.clear();
	connection.restart();
	text.focus();
}

$("new").addEventListener("click", () => {
	const dialog = $("confirm");
	if (!$("entries").querySelector(".citizen") || !dialog.showModal) startAnew();
	else { dialog.returnValue = ""; dialog.showModal(); }
});
$("confirm").addEventListener("close", () => { if ($("confirm").returnValue === "new") startAnew(); });

outbox.queue.forEach((entry) => view.mine(entry));
connection.start();
if (matchMedia("(hover: hover)").matches) text.focus();
