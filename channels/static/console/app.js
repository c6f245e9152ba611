/* Joins session, addresses, views, keys and the live stream. */

import { Alarms } from "./alarms.js";
import { Api } from "./api.js";
import { button, calm, el, expected, icon, menu, sr } from "./dom.js";
import { Drafts, preference } from "./drafts.js";
import { Idle } from "./idle.js";
import { Keys } from "./keys.js";
import { Login } from "./login.js";
import { Presence } from "./presence.js";
import { viewsOf } from "./registry.js";
import { Stream } from "./stream.js";
import { explain } from "./words/problems.js";
import { ROLES } from "./words/words.js";

const $ = (id) => document.getElementById(id);
const USER = "user";
const STATES = { live: "", retrying: "Mất kết nối với máy chủ, đang nối lại… Chữ đã gõ vẫn còn.", polling: "Chưa có báo tin tức thời; trang tự đọc lại mỗi 15 giây." };

export class App {
	constructor() {
		this.api = new Api();
		this.api.gone = () => this.leave("Phiên làm việc đã hết. Anh/chị đăng nhập lại; chữ đang soạn vẫn được giữ.");
		this.api.reached = (yes) => { if (!yes) this.banner(STATES.retrying); else if (this.stream.state !== "retrying") this.banner(STATES[this.stream.state] || ""); };
		this.stream = new Stream(this.api);
		this.drafts = new Drafts();
		this.keys = new Keys();
		this.alarms = new Alarms($("alarms"), (id) => this.go(`hoi-thoai/${id}`));
		this.login = new Login($("login"), this.api, (session) => this.enter(session));
		this.user = null;
		this.view = null;
		this.spoken = 0;
		this.stream.on((name, data) => {
			if (name === "alarm") this.alarms.show(data);
			else if (name === "state") this.banner(STATES[data.state] || "");
			else if (name === "presence" || name === "again") this.presence && this.presence.refresh();
			if (name === "changed" || name === "again") this.countWaiting();
			if (name === "call" || name === "again") this.countRinging();
		});
		this.countWaiting = calm(() => this.readWaiting(), 500);
		this.countRinging = calm(() => this.readRinging(), 100);
		$("skip").addEventListener("click", () => $("main").focus());
		addEventListener("hashchange", () => { if (this.user) this.route(); });
		// Another account signed in, or this one out, in another tab of the same browser.
		addEventListener("storage", ({ key, newValue }) => {
			if (key === "tiepdan.console.user" && this.user && newValue !== this.user.id) location.reload();
		});
	}

	async start() {
		try {
			const session = await this.api.get("console/session");
			if (session.must_change_password) this.login.change(this.api.adopt(session));
			else this.enter(session);
		} catch (problem) {
			this.login.show(problem.status === 401 ? "" : explain(problem));
		}
	}

	enter(session) {
		this.api.adopt(session);
		this.session = session;
		this.user = session.user;
		this.words = null;
		this.dialling = null;
		this.drafts.belong(this.user.id);
		preference(USER, this.user.id);
		this.idle = new Idle(session.idle_seconds || 900, {
			touch: () => this.api.post("console/session/touch").catch(() => {}),
			out: () => this.leave("Trang đã tự thoát vì lâu không thao tác. Chữ đang soạn được giữ; anh/chị đăng nhập lại để làm tiếp.", true),
		});
		this.presence = new Presence(this);
		this.frame();
		this.login.hide();
		$("shell").hidden = false;
		if (this.talks) this.stream.start();
		this.route();
	}

	/** End the session on this page; `tell` ends it on the server too. */
	leave(why, tell = false) {
		if (!this.user) return;
		if (tell) this.api.del("console/session", undefined, { quiet: true }).catch(() => {});
		this.user = null;
		this.idle.stop();
		this.stream.stop();
		this.closeView();
		this.alarms.clear();
		this.scope.close();
		document.querySelectorAll("dialog").forEach((node) => node.remove());
		$("shell").hidden = true;
		for (const id of ["main", "rail-list", "bar-tools", "toasts"]) $(id).replaceChildren();
		this.api.forget();
		document.title = "Bàn làm việc – Tiếp Dân";
		this.login.show(why);
	}

	async signOut() {
		this.drafts.clear();
		preference(USER, null);
		await this.api.del("console/session", undefined, { quiet: true }).catch(() => {});
		this.leave("Anh/chị đã thoát.");
	}

	/** True for who talks with citizens: they have a live stream and a presence. */
	get talks() { return viewsOf(this.user.role).some(({ path }) => path === "hoi-thoai"); }

	/** The rail and the bar of this account. */
	frame() {
		const keys = this.keys.scope("Mọi nơi");
		this.scope = keys;
		const links = viewsOf(this.user.role).map((view) => {
			if (view.key) keys.add(`g ${view.key}`, `đến ${view.title}`, () => this.go(view.path));
			if (view.aside) return null;
			return el("li", el("a", { href: `#${view.path}`, "data-path": view.path }, icon(view.icon), el("span", view.title), el("b.badge", { hidden: true })));
		});
		$("rail-list").replaceChildren(...links.filter(Boolean));
		const help = button("bare.help", "Phím tắt", () => this.keys.sheet());
		keys.add("?", "bảng phím tắt này", help);
		keys.tell("Esc", "ra khỏi ô nhập, đóng hộp");
		keys.add("/", "ô tìm của trang", () => { const found = document.querySelector("#main [type=search]"); if (found) { found.focus(); found.select(); } });
		const me = menu([icon("person"), el("span", this.user.name)], el("p.hint", ROLES[this.user.role] || this.user.role),
			el("a", { href: "#cua-toi" }, "Mật khẩu và bảo mật"), button("", "Thoát", () => this.signOut()));
		$("bar-tools").replaceChildren(...(this.talks ? [this.presence.hours, this.presence.node, this.alarms.toggle()] : []), help, me);
		if (this.talks) this.presence.refresh();
	}

	async readWaiting() {
		const link = document.querySelector("#rail-list [data-path=hoi-thoai]");
		if (!this.user || !link) return;
		const page = await this.api.get("console/conversations", { box: "waiting", limit: 1 }).catch(() => null);
		if (page) this.badge("hoi-thoai", page.counts.waiting, "đang chờ");
	}

	/** How many telephones ring, whatever view is open. */
	async readRinging() {
		if (!this.user || !this.talks) return;
		const page = await this.api.get("console/calls", { box: "live", limit: 30 }).catch(() => null);
		if (page) this.badge("tong-dai", page.items.filter(({ state }) => state === "ringing").length, "cuộc đang đổ chuông");
	}

	/** A number beside a view's name in the rail. */
	badge(path, count, told) {
		const badge = document.querySelector(`#rail-list [data-path="${path}"] .badge`);
		if (!badge) return;
		badge.hidden = !count;
		badge.replaceChildren(String(count), sr(` ${told}`));
	}

	go(place) { location.hash = `#${place}`; }

	place() {
		const [path, query = ""] = location.hash.slice(1).split("?");
		const parts = path.split("/").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
		return { path: parts[0], parts: parts.slice(1), query: new URLSearchParams(query) };
	}

	async route() {
		const place = this.place();
		const views = viewsOf(this.user.role);
		const wanted = views.find(({ path, also = [] }) => path === place.path || also.includes(place.path));
		if (!wanted) { location.replace(`#${(place.path ? views : views.filter(({ path }) => path !== "tong-dai"))[0].path}`); return; }
		document.querySelectorAll("#rail-list a").forEach((link) => {
			if (link.dataset.path === wanted.path) link.setAttribute("aria-current", "page");
			else link.removeAttribute("aria-current");
		});
		if (this.view && this.view.of === wanted && this.view.shown) { this.view.shown.update(place); return; }
		const moved = Boolean(this.view);
		this.closeView();
		const view = { of: wanted, shown: null };
		this.view = view;
		this.title(wanted.title);
		try {
			const module = await wanted.load();
			if (this.view !== view) return;
			view.shown = module.open(this, $("main"), this.place());
		} catch (error) {
			if (this.view !== view) return;
			$("main").replaceChildren(el("p.empty", "Phần này chưa mở được trên máy chủ này. Anh/chị tải lại trang, hoặc báo người quản trị."));
			view.shown = { update() {}, close() {} };
			console.error(error);
		}
		if (moved && !$("main").contains(document.activeElement)) $("main").focus({ preventScroll: true });
	}

	closeView() {
		if (this.view && this.view.shown) this.view.shown.close();
		this.view = null;
		$("main").replaceChildren();
		$("main").scrollTop = 0;
	}

	title(text, note = "") {
		$("title").textContent = text;
		document.title = `${note ? `${note} ` : ""}${text} – Tiếp Dân`;
	}

	banner(text) {
		if ($("banner").textContent !== text) $("banner").textContent = text;
		$("banner").hidden = !text;
	}

	/** Names of units and behaviours, and to whom a case may be given; read once. */
	directory() {
		this.words = this.words || this.api.get("console/directory").catch(() => {
			this.words = null;
			return { units: [], behaviours: {}, kinds: {}, people: [] };
		});
		return this.words;
	}

	/** A line about what was done, shown for a while and read aloud. */
	say(text, shape = "") {
		const node = el(`div.toast${shape}`, { role: shape ? "alert" : "status" }, icon(shape ? "alert" : "check"), text);
		$("toasts").append(node);
		while ($("toasts").children.length > 3) $("toasts").firstChild.remove();
		setTimeout(() => node.remove(), shape ? 12000 : 6000);
	}

	fail(problem) {
		expected(problem);
		if (!problem.stopped && problem.status !== 401) this.say(explain(problem), ".bad");
	}

	/** Words for screen readers alone; two places take turns so that equal words are read again. */
	speak(text) {
		const places = $("announcer").children;
		places[(this.spoken + 1) % 2].textContent = "";
		const place = places[this.spoken % 2];
		this.spoken += 1;
		setTimeout(() => { place.textContent = text; }, 100);
	}
}
