/* Speaking and being read to, only where the device can do it. */

import { t } from "./words.js";

const LONGEST_MS = 120000;

/** Reads answers aloud with a Vietnamese voice of the device; `known` is null where it has none. */
export class Voice {
	constructor(changed) {
		this.known = null;
		this.pressed = null;
		const engine = window.speechSynthesis;
		if (!engine) return;
		const look = () => {
			this.known = engine.getVoices().find(({ lang }) => /^vi\b/i.test(lang)) || null;
			changed(Boolean(this.known));
		};
		if (engine.addEventListener) engine.addEventListener("voiceschanged", look);
		look();
	}

	/** Read an answer, or stop where its button is pressed again. */
	read(body, pressed) {
		const again = this.pressed === pressed;
		speechSynthesis.cancel();
		this.stopped();
		if (again) return;
		const lists = (body.blocks || []).flatMap(({ title, text, items }) => [title, text, ...(items || [])]);
		const said = new SpeechSynthesisUtterance([body.text, ...lists].filter(Boolean).join(". "));
		said.voice = this.known;
		said.lang = "vi-VN";
		said.onend = said.onerror = () => { if (this.pressed === pressed) this.stopped(); };
		this.pressed = pressed;
		pressed.textContent = t("Dừng đọc");
		speechSynthesis.speak(said);
	}

	stopped() {
		if (this.pressed) this.pressed.textContent = t("Nghe");
		this.pressed = null;
	}
}

/** Wire the microphone: `send(files)` gets a recording that the citizen chose to send. */
export function recordVoice($, send, say) {
	const mic = $("mic");
	if (!window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
	mic.hidden = false;
	let recorder = null;
	let keep = false;
	const show = (active) => {
		$("recording").hidden = !active;
		mic.hidden = active;
		(active ? $("recorded") : mic).focus();
	};
	const stop = (kept) => { keep = kept; if (recorder && recorder.state !== "inactive") recorder.stop(); };
	mic.addEventListener("click", async () => {
		say("");
		let stream;
		try {
			stream = await navigator.mediaDevices.getUserMedia({ audio: true });
		} catch {
			say(t("Máy không cho dùng micrô. Anh/chị nhắn chữ giúp tôi."));
			return;
		}
		const parts = [];
		const began = Date.now();
		const tick = setInterval(() => {
			const seconds = Math.round((Date.now() - began) / 1000);
			$("seconds").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
			if (Date.now() - began > LONGEST_MS) stop(true);
		}, 500);
		recorder = new MediaRecorder(stream);
		recorder.ondataavailable = ({ data }) => parts.push(data);
		recorder.onstop = () => {
			clearInterval(tick);
			stream.getTracks().forEach((track) => track.stop());
			show(false);
			const type = recorder.mimeType || "audio/webm";
			const ending = /mp4/.test(type) ? "m4a" : /ogg/.test(type) ? "ogg" : "webm";
			if (keep) send([new File(parts, `ghi-am.${ending}`, { type })]);
		};
		$("seconds").textContent = "0:00";
		recorder.start();
		show(true);
	});
	$("recorded").addEventListener("click", () => stop(true));
	$("unrecord").addEventListener("click", () => stop(false));
}
