/* The options: text size, contrast, language, a score, the conversation as a file, clearing it. */

import { recall, remember } from "./api.js";
import { button, el } from "./content.js";
import { t, translate } from "./words.js";

const KEY = "tiepdan.look";
const SIZES = [1, 1.25, 1.5];

/** The whole conversation as plain text. */
async function transcript(api) {
	const lines = [];
	for (let after = 0, page = []; after === 0 || page.length === 200; after = page[page.length - 1].sequence) {
		page = await api.history(after);
		if (!page.length) break;
		for (const { kind, at, body } of page) {
			const who = kind === "citizen" ? "Anh/chị" : "Tiếp Dân";
			const blocks = (body.blocks || []).flatMap(({ title, text, items }) => [title, text, ...(items || []).map((item) => `- ${item}`)]);
			const sources = (body.sources || []).map(({ label, url }) => `[${label}${url ? ` ${url}` : ""}]`);
			lines.push([`${new Date(at).toLocaleString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh" })} ${who}:`, body.text, ...blocks, ...sources]
				.filter(Boolean).join("\n"));
		}
	}
	return `${lines.join("\n\n")}\n`;
}

function save(name, text) {
	const link = el("a", "");
	link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** Wire the options. `frame` carries language, contrast and size; `resize(scale)` sets the text's size. */
export function wireTools({ root, frame, resize, api, language, redraw, rate, erased, say }) {
	const $ = (id) => root.getElementById(id);
	const look = { size: 0, high: false, language, ...recall("localStorage", KEY) };
	const sizes = [...$("sizes").querySelectorAll("button")];
	const apply = () => {
		resize(SIZES[look.size] || 1);
		frame.classList.toggle("high", look.high);
		frame.lang = look.language;
		sizes.forEach((node, place) => node.setAttribute("aria-pressed", String(place === look.size)));
		$("high").setAttribute("aria-pressed", String(look.high));
		$("language").textContent = look.language === "en" ? "Tiếng Việt" : "English";
		$("language").lang = look.language === "en" ? "vi" : "en";
	};
	const change = (part) => {
		Object.assign(look, part);
		remember("localStorage", KEY, look);
		apply();
	};
	sizes.forEach((node, place) => node.addEventListener("click", () => change({ size: place })));
	$("high").addEventListener("click", () => change({ high: !look.high }));
	$("language").addEventListener("click", () => {
		change({ language: look.language === "en" ? "vi" : "en" });
		translate(root.body || root, look.language);
		redraw();
	});
	for (let n = 1; n <= 5; n += 1) {
		const star = button("", String(n), () => { $("tools").close(); rate(n); });
		star.setAttribute("aria-label", t("{n} điểm", { n }));
		$("stars").append(star);
	}
	$("menu").addEventListener("click", () => $("tools").showModal());
	$("transcript").addEventListener("click", async () => {
		$("tools").close();
		try {
			save(`tiep-dan-${new Date().toISOString().slice(0, 10)}.txt`, await transcript(api));
		} catch {
			say(t("Chưa tải được, mạng đang chập chờn. Anh/chị thử lại giúp tôi."));
		}
	});
	$("clear").addEventListener("click", () => { $("tools").close(); $("erase").returnValue = ""; $("erase").showModal(); });
	$("erase").addEventListener("close", async () => {
		if ($("erase").returnValue !== "erase") return;
		try {
			await api.end();
		} catch (error) {
			if (!error.sessionGone) {
				say(t(error.status === 429 ? "Tôi còn đang trả lời. Anh/chị chờ vài giây rồi xóa lại giúp tôi."
					: "Chưa xóa được, mạng đang chập chờn. Anh/chị thử lại giúp tôi."));
				return;
			}
		}
		erased();
	});
	if (!$("tools").showModal) $("menu").hidden = true;
	apply();
	if (look.language === "en") translate(root.body || root, "en");
}
