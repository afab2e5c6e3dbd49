// The report in sentences for people. No elements.

import { count, ms, span } from "../common/format.js";

/** Seconds below which a loss is not worth a sentence: a camera that reconnects loses some. */
const least = 60;
/** Gaps that are told otherwise: a lost camera by its uptime, and a paused one lost nothing. */
const toldOtherwise = ["camera_lost", "camera_paused"];

const time = (seconds) => span(seconds * 1000);

/** Whether nearly all of the time was measured. A restart costs some. */
const isWhole = ({ known, of }) => of - known < Math.max(2 * least, of / 100);

/** The day in one sentence. `reasons`: of gaps, as the events page has them; `now`: milliseconds. */
export function sentenceOf(report, { nameOf, reasons, now }) {
    if (!report.edges.some(({ uptime }) => uptime.known > 0)) return "Nothing was measured on this day.";
    const away = report.edges.flatMap(({ cameras }) => cameras)
        .map(({ camera, uptime }) => ({ seconds: uptime.known - uptime.up, words: (length) => `${nameOf(camera)} sent no video for ${length}` }));
    const [worst, ...others] = [...away, ...lossesOf(report, { nameOf, reasons, now })].filter(({ seconds }) => seconds >= least)
        .sort((one, other) => other.seconds - one.seconds);
    if (worst) {
        const isCameras = [worst, ...others].every((each) => away.includes(each));
        const more = others.length === 0 ? "" : isCameras ? `, and ${count(others.length, "other camera")} for less` : ", and more is below";
        return `${worst.words(time(worst.seconds))}${more}.`;
    }
    const partly = report.edges.find(({ uptime }) => !isWhole(uptime));
    if (partly) return `Everything worked while it was measured; for ${time(partly.uptime.of - partly.uptime.known)} it was not.`;
    return ms(report.to) <= now ? "Everything worked all day." : "Everything has worked so far today.";
}

/** How long each camera, or all of them, lacked something for a reason: `seconds`, and `words` of a length. */
function lossesOf({ from, to, incidents }, { nameOf, reasons, now }) {
    const losses = new Map();
    for (const gap of incidents) {
        const [lack, why] = reasons[gap.reason] ?? [];
        if (!lack || toldOtherwise.includes(gap.reason)) continue;
        const key = `${gap.camera ?? ""} ${gap.reason}`;
        const who = gap.camera ? `${nameOf(gap.camera)} was not` : "Nothing was";
        const loss = losses.get(key) ?? { seconds: 0, words: (length) => `${who} ${lack.replace("Not ", "")} for ${length} (${why})` };
        const end = Math.min(gap.to === null ? now : ms(gap.to), ms(to));
        loss.seconds += Math.max(0, end - Math.max(ms(gap.from), ms(from))) / 1000;
        losses.set(key, loss);
    }
    return [...losses.values()];
}

/** How a camera did: what its row says, and for its bar the shares of the time in which it sent video (`up`) and did not (`away`). */
export function cameraWords({ uptime, reconnects, missingPackets, bitsPerSecond }, rateOf) {
    const { up, known, of } = uptime;
    const words = [upWords(uptime)];
    if (reconnects) words.push(count(reconnects, "reconnection"));
    if (missingPackets) words.push(`${count(missingPackets, "packet")} missed`);
    if (bitsPerSecond) words.push(rateOf(bitsPerSecond));
    const whole = Math.max(1, isWhole(uptime) ? known : of);
    return { words: words.join(" · "), up: up / whole, away: (known - up) / whole };
}

function upWords(uptime) {
    const { up, known } = uptime;
    if (known === 0) return "Not measured";
    const measured = isWhole(uptime) ? "" : ` of the ${time(known)} that were measured`;
    if (up === 0) return `No video${measured}`;
    if (up >= known) return measured ? `All${measured}` : "All the time";
    return up < known / 2 ? `${time(up)}${measured || ` of ${time(known)}`}` : `All but ${time(known - up)}${measured}`;
}

/** What the storage's figures say: `[name, value]` for those that are known. */
export function storageWords({ usedBytes, grownBytes, freeBytes, daysLeft }, sizeOf) {
    return [
        usedBytes !== null && ["Clips", sizeOf(usedBytes)],
        grownBytes !== null && ["Grown on this day", grownBytes < 0 ? `${sizeOf(-grownBytes)} less` : sizeOf(grownBytes)],
        freeBytes !== null && ["Free", sizeOf(freeBytes)],
        daysLeft !== null && ["Full in", daysLeft >= 3650 ? "more than ten years" : daysLeft < 1 ? "less than a day" : `about ${count(Math.round(daysLeft), "day")}`],
    ].filter(Boolean);
}
