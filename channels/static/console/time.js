/* Moments and days as people say them, in Viet Nam's time. */

const zone = { timeZone: "Asia/Ho_Chi_Minh" };
const clockOf = new Intl.DateTimeFormat("vi-VN", { ...zone, hour: "2-digit", minute: "2-digit", hour12: false });
const dayOf = new Intl.DateTimeFormat("vi-VN", { ...zone, day: "2-digit", month: "2-digit", year: "numeric" });
const isoOf = new Intl.DateTimeFormat("en-CA", { ...zone, year: "numeric", month: "2-digit", day: "2-digit" });
const DAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];

/** The day as 2026-11-26. */
export const isoDay = (at = new Date()) => isoOf.format(new Date(at));
export const clock = (at) => clockOf.format(new Date(at));
export const day = (at) => dayOf.format(new Date(at));

/** «14:05», or with its day where that is not today. */
export function moment(at) {
	return isoDay(at) === isoDay() ? clock(at) : `${clock(at)}, ${day(at)}`;
}

/** A date without a time, 2026-11-26, as 26/11/2026. */
export function date(iso) {
	return iso ? iso.split("-").reverse().join("/") : "";
}

export function weekday(at) {
	return DAYS[new Date(`${isoDay(at)}T12:00:00Z`).getUTCDay()];
}

/** Whole days from today to a date; negative where it is over. */
export function daysTo(iso) {
	return Math.round((Date.parse(`${iso}T00:00:00Z`) - Date.parse(`${isoDay()}T00:00:00Z`)) / 86400000);
}

export const NOW = "vừa xong";

/** «6 phút», «2 giờ 5 phút», «3 ngày»: how long since a moment. */
export function since(at, now = Date.now()) {
	const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60000));
	if (minutes < 1) return NOW;
	if (minutes < 60) return `${minutes} phút`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return minutes % 60 ? `${hours} giờ ${minutes % 60} phút` : `${hours} giờ`;
	return `${Math.floor(hours / 24)} ngày`;
}

/** What a deadline says: {text, late, soon}. */
export function due(iso) {
	if (!iso) return { text: "không có hạn", late: false, soon: false };
	const left = daysTo(iso);
	if (left < 0) return { text: `quá hạn ${-left} ngày`, late: true, soon: false };
	if (left === 0) return { text: "hạn hôm nay", late: false, soon: true };
	return { text: left === 1 ? "hạn ngày mai" : `còn ${left} ngày`, late: false, soon: left <= 1 };
}
