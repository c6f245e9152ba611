/* Alarms: somebody may be in danger, or waits unheard. They stay until somebody has seen them. */

import { button, el, icon } from "./dom.js";
import { preference } from "./drafts.js";

const SOUND = "sound";
const MOST = 4;

/** Two short tones; needs no file. Refused where the page was never touched, which is no harm. */
function ring() {
	try {
		const Context = window.AudioContext || window.webkitAudioContext;
		const context = new Context();
		[880, 660].forEach((pitch, place) => {
			const tone = context.createOscillator();
			const volume = context.createGain();
			const at = context.currentTime + place * 0.25;
			tone.frequency.value = pitch;
			volume.gain.setValueAtTime(0.15, at);
			volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
			tone.connect(volume).connect(context.destination);
			tone.start(at);
			tone.stop(at + 0.24);
		});
		setTimeout(() => context.close(), 1000);
	} catch { /* no sound here */ }
}

export class Alarms {
	/** `place` is the region that screen readers are told of at once; `open(conversation)` goes there. */
	constructor(place, open) {
		this.place = place;
		this.open = open;
		this.known = new Set();
	}

	get sound() { return preference(SOUND) === "1"; }

	/** The button that turns the sound on and off; off until somebody wants it. */
	toggle() {
		const show = () => {
			node.setAttribute("aria-pressed", String(this.sound));
			node.replaceChildren(icon(this.sound ? "sound" : "mute"), el("span", this.sound ? "Chuông: bật" : "Chuông: tắt"));
		};
		const node = button("bare", "", () => {
			preference(SOUND, this.sound ? null : "1");
			show();
			if (this.sound) ring();
		}, { "aria-label": "Chuông báo động" });
		show();
		return node;
	}

	show({ text, conversation_id: conversation }) {
		const key = `${conversation}|${text}`;
		if (this.known.has(key)) return;
		this.known.add(key);
		const gone = () => { node.remove(); this.known.delete(key); this.fit(); };
		const node = el("div.alarm", icon("alert"), el("p", el("strong", "Báo động: "), text),
			conversation && button("small", "Mở cuộc này", () => { gone(); this.open(conversation); }),
			button("small", "Đã biết", gone));
		this.place.append(node);
		this.fit();
		if (this.sound) ring();
	}

	/** More than a few would hide the work: the older ones are counted. */
	fit() {
		const all = [...this.place.querySelectorAll(".alarm")];
		all.forEach((node, place) => { node.hidden = place < all.length - MOST; });
		const more = this.place.querySelector(".more");
		if (more) more.remove();
		if (all.length > MOST) this.place.prepend(el("p.more", `và ${all.length - MOST} báo động trước đó`));
	}

	clear() {
		this.place.replaceChildren();
		this.known.clear();
	}
}
