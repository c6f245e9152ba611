/* What is sealed apart: files, and the words as typed with the contact. Opened with a reason, shown once, hidden again. */

import { button, download, el, icon, rows, uri } from "../dom.js";
import { field, form } from "../form.js";
import { dialButton } from "./dial.js";
import { refusalOf } from "../words/refusals.js";

const SHOWN_SECONDS = 120;
const IMAGE = /^image\/(?:jpeg|png|webp)$/;
const KINDS = { "image/jpeg": "ảnh", "image/png": "ảnh", "image/webp": "ảnh", "application/pdf": "PDF" };

const size = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`);

function reasonForm(label, hint, send, done, draft) {
	return form({
		fields: [field({ name: "reason", label: "Lý do mở", kind: "textarea", needed: true, hint, attributes: { rows: 2, maxlength: 500 } })],
		submit: label, send, done, draft,
		check: ({ reason }) => (reason.trim() ? {} : { reason: "Cần ghi lý do, ít nhất vài chữ có nghĩa." }),
		refused: (problem) => refusalOf(problem, "reveal"),
	});
}

/** The words as typed and the contact; null where this account may never open them. Returns {node, hide}. */
export function revealSection(page) {
	const { app, view, id } = page;
	if (view.level !== "full" && !(view.level === "masked" && app.user.role === "administrator")) return null;
	const place = el("div");
	const calls = app.talks && /số/.test(view.contact || "") && dialButton(app, `console/cases/${uri(id)}/dial`, () => false);
	let timer = 0;
	const hide = () => {
		clearInterval(timer);
		place.replaceChildren(button("", "Mở lời kể nguyên văn và cách liên hệ", ask, {}, icon("lock")), el("p.hint", "Phải ghi lý do; mỗi lần mở đều vào sổ."));
	};

	function ask() {
		const asked = reasonForm("Mở", "Ví dụ: gọi hỏi thêm ngày giờ. Không nêu tên ai.", (given) => app.api.post(`desk/cases/${uri(id)}/reveal`, given), show,
			{ drafts: app.drafts, name: `reveal.${id}` });
		place.replaceChildren(asked.node, button("link", "Thôi, không mở", hide));
		asked.fields.get("reason").focus();
	}

	function show(opened) {
		const left = el("span");
		const contact = opened.contact || {};
		const phone = contact.phone && el("a", { href: `tel:${contact.phone.replace(/[^\d+]/g, "")}` }, contact.phone);
		const box = el("div.revealed", { tabindex: "-1" },
			el("p.hint", icon("eye"), "Chỉ hiện lần này, ", left, "."),
			rows([["Họ tên", contact.name], ["Điện thoại", phone], ["Thư điện tử", contact.email], ["Người bị nêu", opened.staff], ["Người chứng kiến", opened.witnesses],
				["Nguyên văn", el("p.words", opened.narrative_raw)], ...(opened.additions || []).map((text, at) => [`Bổ sung ${at + 1}`, el("p.words", text)])]),
			button("primary", "Ẩn ngay", hide));
		place.replaceChildren(box);
		box.focus();
		let seconds = SHOWN_SECONDS;
		const tick = () => {
			left.textContent = `tự ẩn sau ${seconds} giây`;
			if (seconds <= 0) hide();
			seconds -= 1;
		};
		clearInterval(timer);
		tick();
		timer = setInterval(tick, 1000);
	}

	hide();
	return { node: el("section.reveal", { "aria-labelledby": "reveal-h" }, el("h3", { id: "reveal-h" }, "Phần giữ kín"), place, calls), hide };
}

/** The case's files; an image is looked at here, anything else is saved. Opening is audited, so each waits for a press. */
export function filesSection(page) {
	const { app, view, id, files } = page;
	if (!files.length) return null;
	const at = (file) => `desk/cases/${uri(id)}/files/${uri(file.id)}`;
	const item = (file) => {
		const place = el("div");
		const look = () => {
			const picture = document.createElement("img");
			picture.alt = `Tệp ${file.name}`;
			picture.className = "picture";
			picture.src = `api/${at(file)}`;
			picture.addEventListener("error", () => place.replaceChildren(el("p.fault", icon("alert"), "Chưa mở được ảnh này.")));
			place.replaceChildren(picture, button("link", "Ẩn ảnh", () => place.replaceChildren()));
		};
		const save = async () => {
			try { download(await app.api.get(at(file), null, { accept: "*/*", seconds: 60 }), `${view.number}-${file.id.slice(0, 6)}`); } catch (problem) { app.fail(problem); }
		};
		const original = () => {
			const asked = reasonForm("Mở bản gốc", "Bản gốc còn thông tin máy chụp; vào sổ.", (given) => app.api.post(`${at(file)}/original`, given, { accept: "*/*", seconds: 60 }),
				(blob) => { download(blob, `${view.number}-goc-${file.id.slice(0, 6)}`); place.replaceChildren(el("p.hint", "Đã lưu bản gốc vào máy.")); });
			place.replaceChildren(asked.node, button("link", "Thôi", () => place.replaceChildren()));
			asked.fields.get("reason").focus();
		};
		const image = IMAGE.test(file.media_type);
		return el("li", el("div.line", icon("file"), el("span", file.name, el("small", ` ${KINDS[file.media_type] || (/^audio/.test(file.media_type) ? "ghi âm" : "tệp")}, ${size(file.size)}`)),
			button("small", image ? "Xem" : "Lưu về máy", image ? look : save, { "aria-label": `${image ? "Xem" : "Lưu"} ${file.name}` }),
			view.level === "full" && button("small", "Bản gốc", original, { "aria-label": `Mở bản gốc ${file.name}` })), place);
	};
	return el("section", { "aria-labelledby": "files-h" }, el("h3", { id: "files-h" }, "Tệp kèm theo"), el("ul.plain-list", ...files.map(item)));
}
