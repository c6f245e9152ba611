/* Joins the session, the outbox, the connection and the view, on the page of its own and in the widget alike. */

import { Api, KEY } from "./api.js";
import { Connection } from "./connection.js";
import { el } from "./content.js";
import { Outbox } from "./outbox.js";
import { wireTools } from "./tools.js";
import { attachFiles, sender } from "./upload.js";
import { View } from "./view.js";
import { Voice, recordVoice } from "./voice.js";
import { chosenLanguage, t } from "./words.js";

const MAX_CHARS = 20000;
const BANNERS = {
	ok: "",
	offline: "Máy đang mất mạng. Tin anh/chị viết được giữ lại và gửi đi khi có mạng.",
	retrying: "Đang nối lại với máy chủ, xin anh/chị chờ một chút…",
};

/** Start the chat in the markup of `root` (a document or a shadow root); returns the composer's text field.
 *
 * `base` is the server's address, `frame` the element that carries the look, `resize(scale)` sets the text's size,
 * `arrived()` is called for each new answer or notice.
 */
export function startChat({ root, frame, resize, base = "", language = "vi", arrived = () => {} }) {
	const $ = (id) => root.getElementById(id);
	const text = $("text");
	const say = (line) => { $("hint").textContent = line; };
	const api = new Api(base);
	const voice = new Voice((can) => root.querySelectorAll(".listen").forEach((node) => { node.hidden = !can; }));
	const view = new View(root, {
		press: (choice) => outbox.add(choice.title, choice.id),
		resend: () => outbox.flush(),
		drop: (entry) => outbox.remove(entry),
		voice,
	});

	function renew() {
		if (!api.session) return;
		api.forget();
		if (connection.last) view.close(t("Phiên trò chuyện trước đã hết hạn. Đây là cuộc trò chuyện mới."));
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
			// Probably this page's own message: the answer to its POST says which place it has, after a reload too.
			if (outbox.queue.length) await Promise.race([outbox.flush(), new Promise((resolve) => setTimeout(resolve, 3000))]);
			if (session !== api.session || view.at(event.sequence)) return;
		}
		view.show(event, live);
		view.typing(view.awaitsReply());
		if (live && event.kind !== "citizen") arrived();
	}

	const connection = new Connection(api, {
		message: onMessage,
		typing: (active) => view.typing(active),
		state: (state, told) => view.banner(told || t(BANNERS[state])),
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
		say(over > 0 ? t("Tin dài quá {most} ký tự (thừa {n}). Anh/chị chia thành nhiều tin giúp tôi.",
			{ most: MAX_CHARS.toLocaleString("vi-VN"), n: over }) : "");
		if (over > 0) return;
		text.value = "";
		fit();
		outbox.add(typed.trim());
	}

	text.addEventListener("input", () => { say(""); fit(); });
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

	const sendFiles = sender({
		api,
		clip: $("clip"),
		bar: $("upload"),
		sent: ({ id, name }, photo) => outbox.add(`Tệp: ${name}`, `file:${id}`, photo),
		say,
		done: () => text.focus({ preventScroll: true }),
	});
	attachFiles($("clip"), $("file"), sendFiles);
	recordVoice($, sendFiles, say);

	function startAnew(told = "") {
		outbox.clear();
		api.forget();
		view.clear();
		if (told) view.tell(told);
		connection.restart();
		text.focus();
	}

	$("new").addEventListener("click", () => {
		const dialog = $("confirm");
		$("codes").hidden = !$("entries").querySelector(".ticket");
		if (!$("entries").querySelector(".citizen") || !dialog.showModal) startAnew();
		else { dialog.returnValue = ""; dialog.showModal(); }
	});
	$("confirm").addEventListener("close", () => { if ($("confirm").returnValue === "new") startAnew(); });

	// One history in all tabs: what another one opens or ends is taken over. One that ends opens the next by itself.
	let following = 0;
	addEventListener("storage", (event) => {
		if (event.key !== KEY) return;
		clearTimeout(following);
		following = setTimeout(() => {
			if (!api.adopt()) return;
			if (connection.last) view.close(t("Cuộc trò chuyện trước đã kết thúc ở một trang khác."));
			connection.restart();
		}, event.newValue ? 0 : 2000);
	});

	async function showNotices() {
		const notices = await api.notices().catch(() => []);
		const box = $("notices");
		box.replaceChildren(...notices.map(({ text: told, english }) => {
			const node = el("p", "banner", chosenLanguage() === "en" && english ? english : told);
			node.lang = chosenLanguage() === "en" && english ? "en" : "vi";
			return node;
		}));
		box.hidden = !notices.length;
	}

	function redraw() {
		view.clear(true);
		outbox.queue.forEach((entry) => view.mine(entry));
		connection.restart();
		showNotices();
	}

	wireTools({
		root, frame, api, language, redraw, say,
		resize: (scale) => { resize(scale); requestAnimationFrame(fit); },
		rate: (n) => outbox.add(`${n} điểm`, `s:score:${n}`),
		erased: () => startAnew(t("Đã xóa nội dung trò chuyện trước. Phiếu phản ánh đã gửi thì vẫn còn.")),
	});
	showNotices();
	setInterval(showNotices, 10 * 60000);
	outbox.queue.forEach((entry) => view.mine(entry));
	connection.start();
	return text;
}
