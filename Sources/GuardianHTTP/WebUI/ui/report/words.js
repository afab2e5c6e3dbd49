// The report in sentences for people. No elements.

import { count, span } from "../common/format.js";

/** Seconds below which a loss is not worth a sentence: a camera that reconnects loses some. */
const least = 60;

const time = (seconds) => span(seconds * 1000);

/** The day in one sentence. `isOver`: whether the day has ended. */
export function sentenceOf(report, nameOf, isOver) {
    const known = report.edges.reduce((most, { uptime }) => Math.max(most, uptime.known), 0);
    if (known === 0) return "Nothing was measured on this day.";
    const lost = report.edges.flatMap(({ cameras }) => cameras)
        .map(({ camera, uptime }) => ({ camera, away: uptime.known - uptime.up })).filter(({ away }) => away >= least)
        .sort((one, other) => other.away - one.away);
    if (lost.length > 0) {
        const others = lost.length > 1 ? `, and ${count(lost.length - 1, "other camera")} for less` : "";
        return `${nameOf(lost[0].camera)} sent no video for ${time(lost[0].away)}${others}.`;
    }
    const unknown = Math.min(...report.edges.map(({ uptime }) => uptime.of - uptime.known));
    if (unknown >= 2 * least) return `Everything worked while it was measured; for ${time(unknown)} it was not.`;
    return isOver ? "Everything worked all day." : "Everything has worked so far today.";
}

/** How a camera did: what its row says, and the share of the measured time for its bar. */
export function cameraWords({ uptime, reconnects, missingPackets, bitsPerSecond }, rateOf) {
    const { up, known } = uptime;
    const words = [known === 0 ? "Not measured" : up >= known ? "All the time" : known - up < least ? `All but ${time(known - up)}` : `${time(up)} of ${time(known)}`];
    if (reconnects) words.push(count(reconnects, "reconnection"));
    if (missingPackets) words.push(`${count(missingPackets, "packet")} missed`);
    if (bitsPerSecond) words.push(rateOf(bitsPerSecond));
    return { words: words.join(" · "), share: known > 0 ? up / known : 0 };
}

/** What the storage's figures say: `[name, value]` for those that are known. */
export function storageWords({ usedBytes, grownBytes, freeBytes, daysLeft }, sizeOf) {
    return [
        usedBytes !== null && ["Clips", sizeOf(usedBytes)],
        grownBytes !== null && ["Grown", grownBytes < 0 ? `${sizeOf(-grownBytes)} less` : sizeOf(grownBytes)],
        freeBytes !== null && ["Free", sizeOf(freeBytes)],
        daysLeft !== null && ["Full in", daysLeft >= 3650 ? "more than ten years" : daysLeft < 1 ? "less than a day" : `about ${count(Math.round(daysLeft), "day")}`],
    ].filter(Boolean);
}
