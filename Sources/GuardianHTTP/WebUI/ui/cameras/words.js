// What the pages say of cameras, for people.

import { codecName, count, firstSentence, span } from "../common/format.js";

/** How far a camera's clock may be off, in milliseconds, before it is said. */
const clockTolerance = 2000;

/** A text as a whole sentence; "" stays. */
export const sentence = (text) => (text && !/[.!?…]$/.test(text.trim()) ? `${text.trim()}.` : text?.trim() ?? "");

/** "H.264 · 1920 × 1080 · 25 pictures a second", without what is not known. */
export function pictureFacts({ codec, width, height, fps }) {
    return [codec && codecName(codec), width && height && `${width} × ${height}`, fps > 0 && `${Math.round(fps)} pictures a second`].filter(Boolean).join(" · ");
}

/** What is to be done about a camera in the list; "" when nothing is. */
export function remedy(camera) {
    switch (camera.state) {
    case "paused": return "Nothing of it is recorded, and Guardian does not look for people on it. Resume it to go on.";
    case "lost": return `${sentence(camera.lastFailure) || "It does not answer."} Guardian keeps trying. Check that it has power and is in this network, or test it.`;
    case "connecting": return sentence(camera.lastFailure) || "Waiting for its first picture.";
    case "stopped": return "It is not recorded now. It starts again with Guardian.";
    default: return camera.watch === "lost" ? `It is recorded, but Guardian does not look for people on it: ${sentence(camera.watchFailure) || "the AI service does not answer."}` : "";
    }
}

function clockWords(milliseconds) {
    if (milliseconds === null) return "The camera does not tell its time";
    if (Math.abs(milliseconds) < clockTolerance) return "Right";
    return `${span(Math.abs(milliseconds))} ${milliseconds > 0 ? "ahead" : "behind"}`;
}

/** What a test measured, as `[name, value]`. */
export function testFacts({ codec, width, height, fps, gopSeconds, clockDifferenceMs, tookMs }) {
    return [
        ["Picture", pictureFacts({ codec, width, height }) || "–"],
        ["Smoothness", fps === null ? "Could not be measured" : `${fps} pictures a second`],
        ["Whole picture every", gopSeconds === null ? "Could not be measured" : span(gopSeconds * 1000)],
        ["Clock", clockWords(clockDifferenceMs)],
        ["First picture after", span(tookMs)],
    ];
}

const outcomes = {
    needs_login: "It wants a user name and a password.",
    refused: "It refused this user name or password.",
    locked: "It accepts no login for a while, because wrong ones were tried. Wait half an hour or switch it off and on again, then try the right one.",
    other_maker: "It says now that somebody else made it, so the login was not sent to it. Add it alone, by its address.",
    clear_text_only: "It accepts a login only in clear text, which others in your network could read. So the login was not sent to it.",
    unreachable: "It does not answer. Check that it has power and is in this network.",
    failed: "Guardian does not understand its answer. Add it by its address, which begins with rtsp://.",
};

/** Why there is no stream of a camera that was asked, as the server says it or else in words for the outcome; "" when there is one. */
export const outcomeWords = ({ outcome, note }) => (outcome === "streams" ? "" : sentence(note) || outcomes[outcome] || "");

/** Of which camera that is said; the server's own sentence has the address already. */
export const saidOf = (found) => `${found.note ? titleOf(found) : placed(found)}: `;

/** "Front (192.168.1.5)" */
export const placed = (found) => `${titleOf(found)} (${found.host})`;

/** A found camera's own name, else what it is. */
export const titleOf = ({ name, maker, model }) => name ?? ([maker, model].filter(Boolean).join(" ") || "Camera without a name");

/** Where a login goes, before it is sent; `maker` is `null` for a single camera. */
export function loginWords(maker, cameras) {
    const [first] = cameras;
    if (cameras.length === 1) return `Guardian tries it once on ${placed(first)} and sends it to no other camera.`;
    return `Guardian tries it once on each of these ${count(cameras.length, "camera")} by ${maker}: ${cameras.map(placed).join(", ")}. It sends it to no other camera.`;
}

/** Why a login is asked for again, of the cameras that were tried; `again`: those that did not accept it. */
export function refusalWords(again, tried) {
    const works = tried - again.length;
    const accepted = works > 0 ? `${count(works, "camera")} accepted it. ` : "";
    if (again.length > 1 && again.every((found) => found.outcome === "refused")) {
        return `${accepted}${works > 0 ? `${count(again.length, "other")}` : `All ${again.length} cameras`} refused it. Check user name and password: a camera may lock itself after several wrong ones.`;
    }
    return `${accepted}${again.map((found) => `${saidOf(found)}${outcomeWords(found)}`).join(" ")}`;
}

/** What was found, in one sentence. */
export function foundWords(items) {
    const known = items.filter((found) => found.camera !== null).length;
    if (items.length === 0) return "No camera answered.";
    if (known === items.length) return `${count(items.length, "camera")} answered. ${known === 1 ? "It is" : "All are"} here already.`;
    return `${count(items.length, "camera")} answered${known > 0 ? `, ${known} of them ${known === 1 ? "is" : "are"} here already` : ""}.`;
}

/** The note of a found camera, in short. */
export const noteWords = (found) => [[found.maker, found.model].filter(Boolean).join(" "), found.host, found.note && firstSentence(found.note)].filter((part) => part && part !== titleOf(found)).join(" · ");
