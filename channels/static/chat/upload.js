/* Sending a file: progress while it goes up, a plain sentence when it cannot be taken. */

import { t } from "./words.js";

const MAX_BYTES = 10 * 1024 * 1024;
const SHOW_AGAIN = "Anh/chị mở ảnh lên, chụp lại màn hình rồi gửi ảnh chụp đó giúp tôi.";
const NOT_SENT = "Chưa gửi được tệp, mạng đang chập chờn. Anh/chị thử lại giúp tôi.";

async function post(api, file, progress) {
	if (/hei[cf]$/i.test(file.type || file.name)) throw new Error(`${t("Tôi chưa mở được ảnh dạng này.")} ${t(SHOW_AGAIN)}`);
	if (file.size > MAX_BYTES) throw new Error(`${t("Tệp lớn quá 10 MB. Nếu là ảnh:")} ${t(SHOW_AGAIN)}`);
	await api.open().catch((error) => { throw new Error(error.busy || t(NOT_SENT)); });
	try {
		return await attempt(api, file, progress);
	} catch (error) {
		if (error.status !== 401) throw error;
		await api.renew().catch(() => { throw error; });
		return attempt(api, file, progress);
	}
}

function attempt({ base, session }, file, progress) {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open("POST", `${base}api/files/${encodeURIComponent(session.session_id)}?name=${encodeURIComponent(file.name.slice(-200))}`);
		request.setRequestHeader("Authorization", `Bearer ${session.token}`);
		request.setRequestHeader("Content-Type", "application/octet-stream");
		request.timeout = 120000;
		request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
		request.onerror = request.ontimeout = () => reject(new Error(t(NOT_SENT)));
		request.onload = () => {
			let answer = {};
			try { answer = JSON.parse(request.responseText); } catch { /* said below */ }
			if (request.status < 300) resolve(answer);
			else reject(Object.assign(new Error(answer.detail || t("Chưa gửi được tệp này.")), { status: request.status }));
		};
		request.send(file);
	});
}

/** A photo made small, as a canvas (a picture's address would be refused); null for what is none. */
async function small(file) {
	try {
		const image = await createImageBitmap(file);
		const node = document.createElement("canvas");
		node.width = 480;
		node.height = 480 * image.height / image.width;
		node.getContext("2d").drawImage(image, 0, 0, 480, node.height);
		return node;
	} catch {
		return null;
	}
}

/** Return what sends files: `sent(stored, photo)` gets each one, `say` shows a line, `done` is called at the end. */
export function sender({ api, clip, bar, sent, say, done }) {
	return async (files) => {
		if (!files.length) return;
		const problems = new Set();
		clip.disabled = true;
		bar.hidden = false;
		bar.value = 0;
		say("");
		for (const [place, file] of files.entries()) {
			try {
				const stored = await post(api, file, (share) => { bar.value = (place + share) / files.length; });
				sent(stored, await small(file));
			} catch (error) {
				problems.add(error.message);
			}
		}
		say([...problems].join(" "));
		clip.disabled = false;
		bar.hidden = true;
		done();
	};
}

/** Wire the paper clip to a file input. */
export function attachFiles(clip, input, send) {
	clip.addEventListener("click", () => input.click());
	input.addEventListener("change", () => {
		const files = [...input.files];
		input.value = "";
		send(files);
	});
}
