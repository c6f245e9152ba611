/* The views: one line each. A view's module has `open(app, main, place)`, which fills `main` and returns
 * {update(place), close()}; `place` is {path, parts, query} of the address behind «#». See views/tasks.js for a small one. */

const OPERATOR = "operator";
const OFFICER = "complaint_officer";
const SUPERVISOR = "supervisor";
const ADMINISTRATOR = "administrator";
const AUDITOR = "auditor";
const EDITOR = "knowledge_editor";
const TALKS = [OPERATOR, OFFICER, SUPERVISOR];
const OFFICE = [...TALKS, ADMINISTRATOR];

export const VIEWS = [
	{ path: "tong-dai", also: ["cuoc-goi"], title: "Tổng đài", icon: "phone", key: "h", roles: TALKS, load: () => import("./views/hotline.js") },
	{ path: "hoi-thoai", title: "Hội thoại", icon: "talk", key: "i", roles: TALKS, load: () => import("./views/inbox.js") },
	{ path: "phieu", title: "Phiếu phản ánh", icon: "case", key: "c", roles: [...OFFICE, AUDITOR, "unit"], load: () => import("./views/cases.js") },
	{ path: "viec", title: "Việc cần làm", icon: "task", key: "v", roles: OFFICE, load: () => import("./views/tasks.js") },
	{ path: "duyet-hoc", title: "Duyệt học", icon: "learn", key: "d", roles: [EDITOR, SUPERVISOR, ADMINISTRATOR], load: () => import("./views/review.js") },
	{ path: "so-lieu", title: "Số liệu", icon: "figures", key: "s", roles: [...OFFICE, AUDITOR, EDITOR], load: () => import("./views/figures.js") },
	{ path: "tai-khoan", title: "Tài khoản", icon: "people", key: "t", roles: [ADMINISTRATOR], load: () => import("./views/people.js") },
	{ path: "lap-phieu", title: "Lập phiếu", key: "f", aside: true, roles: TALKS, load: () => import("./views/filing.js") },
	{ path: "cua-toi", title: "Tài khoản của tôi", aside: true, load: () => import("./views/me.js") },
];

/** The views of a role, in the rail's order; `aside` ones are reached from elsewhere. */
export function viewsOf(role) {
	return VIEWS.filter(({ roles }) => !roles || roles.includes(role));
}
