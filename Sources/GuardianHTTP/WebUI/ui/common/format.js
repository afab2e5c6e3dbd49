// Formats values for people. Times and dates use the browser's time zone and language.

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minuteFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const shortDayFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayYearFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const momentFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/** Milliseconds since 1970 of an RFC 3339 text, a Date or a number of milliseconds. */
export const ms = (time) => (typeof time === "number" ? time : time instanceof Date ? time.getTime() : Date.parse(time));

export const clock = (time) => clockFormat.format(ms(time));
export const minute = (time) => minuteFormat.format(ms(time));
export const moment = (time) => momentFormat.format(ms(time));
export const date = (time) => dateFormat.format(ms(time));

/** The date of a time in the browser's time zone, as `2026-11-24`. */
export function dayKey(time) {
    const date = new Date(ms(time));
    return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}

/** Start and end of a day in the browser's time zone (23 to 25 hours apart); `null` when `key` is not a date. */
export function dayBounds(key) {
    const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(key ?? "");
    if (!match) return null;
    const [year, month, day] = match.slice(1).map(Number);
    const from = new Date(year, month - 1, day);
    return dayKey(from) === key ? { from: from.getTime(), to: new Date(year, month - 1, day + 1).getTime() } : null;
}

export function dayTitle(key) {
    const today = new Date();
    if (key === dayKey(today)) return "Today";
    if (key === dayKey(new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1))) return "Yesterday";
    const from = new Date(dayBounds(key)?.from ?? key);
    return (from.getFullYear() === today.getFullYear() ? dayFormat : dayYearFormat).format(from);
}

/** "Today 14:07:20". */
export const when = (time) => `${dayTitle(dayKey(time))} ${clock(time)}`;

/** "14:07" today, "Yesterday 14:07", "1 Nov 14:07": a short form for narrow places. */
export function shortly(time) {
    const title = dayTitle(dayKey(time));
    if (title === "Today") return minute(time);
    return `${title === "Yesterday" ? title : shortDayFormat.format(ms(time))} ${minute(time)}`;
}

/** "12 s", "4 min 10 s", "3 h 5 min", "2 days". */
export function span(milliseconds) {
    const seconds = Math.max(0, milliseconds) / 1000;
    if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
    if (seconds < 9.95) return `${number.format(seconds)} s`;
    if (seconds < 59.5) return `${Math.round(seconds)} s`;
    const minutes = Math.floor(Math.round(seconds) / 60);
    const rest = Math.round(seconds) % 60;
    if (minutes < 60) return rest && minutes < 10 ? `${minutes} min ${rest} s` : `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return minutes % 60 && hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
    return `${whole.format(hours / 24)} days`;
}

/** "12 s" without decimals: the duration of an event. */
export const stay = (milliseconds) => span(Math.max(1000, Math.round(milliseconds / 1000) * 1000));

/** "0:12", "1:04:09": the format of media players. */
export function counter(milliseconds) {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    return hours ? `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}` : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

export function ago(time, now = Date.now()) {
    const past = now - ms(time);
    if (past < 45_000) return past < 5000 ? "just now" : `${Math.round(past / 1000)} s ago`;
    if (past < 3_570_000) return `${Math.round(past / 60_000)} min ago`;
    return shortly(time);
}

export function bytes(count) {
    const units = ["bytes", "KB", "MB", "GB", "TB", "PB"];
    let value = count;
    let unit = 0;
    // What would be shown as 1,000 of a unit is 1 of the next.
    while (value >= (unit === 0 ? 1000 : 999.5) && unit < units.length - 1) { value /= 1000; unit += 1; }
    return `${value >= 100 || unit === 0 ? whole.format(value) : number.format(value)} ${units[unit]}`;
}

export const bitrate = (perSecond) => (perSecond >= 999_500 ? `${number.format(perSecond / 1e6)} Mbit/s` : `${whole.format(perSecond / 1e3)} kbit/s`);
export const percent = (fraction) => `${Math.round(fraction * 100)} %`;
export const count = (value, one, many = `${one}s`) => `${whole.format(value)} ${value === 1 ? one : many}`;
export const figure = (value) => whole.format(value);

/** "Person", "Traffic light": a model's label for people. */
export const labelName = (label) => label.charAt(0).toUpperCase() + label.slice(1).replaceAll(/[_-]/g, " ");

const codecNames = { h264: "H.264", h265: "H.265", hevc: "H.265" };
export const codecName = (codec) => codecNames[codec] ?? String(codec ?? "").toUpperCase();

/** The first sentence of a text, without its full stop. */
export const firstSentence = (text) => /^.*?[.;!?](?=\s|$)/s.exec(text)?.[0].replace(/[.;]$/, "") ?? text;
