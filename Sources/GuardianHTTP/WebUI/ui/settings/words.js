// What the page says of numbers and of the disk, for people.

import { bytes, figure } from "../common/format.js";
import { days } from "../system/facts.js";

/** "2 to 60 seconds; 5 is usual." */
export const rangeWords = ({ least, most, usual }, unit) => `${figure(least)} to ${figure(most)} ${unit}; ${figure(usual)} is usual.`;

/** What is wrong with a typed number; "" when nothing is. */
export function numberLack(text, { least, most }) {
    const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : NaN;
    return value >= least && value <= most ? "" : `Type a whole number from ${figure(least)} to ${figure(most)}.`;
}

const mebibyte = 1_048_576;

/** A number of MiB, as the API counts, in GB as it is typed: "2.1". */
export const inGigabytes = (megabytes) => String(Math.round(megabytes * mebibyte / 1e8) / 10);

/** Typed GB in whole MiB; `NaN` when it is no number. */
export const inMegabytes = (text) => (/^\d{1,7}([.,]\d{1,3})?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(",", ".")) * 1e9 / mebibyte) : NaN);

/** What is kept free at least, in GB; what is possible at most depends on the disk, and the recorder says it. */
export const roomRangeWords = ({ least, usual }) => `At least ${leastRoom(least)} GB; ${inGigabytes(usual)} is usual.`;

/** What is wrong with room in MiB; "" when nothing is. */
export function roomLack(megabytes, { least, most }) {
    if (megabytes > most) return `Type at most ${figure(Math.floor(most * mebibyte / 1e9))}.`;
    return megabytes >= least ? "" : `Type a number from ${leastRoom(least)} on.`;
}

/** Rounded up, so that what is said is allowed. */
const leastRoom = (least) => String(Math.ceil(least * mebibyte / 1e8) / 10);

/** How much is free on the disk of the clips, and how many days that holds. */
export function roomWords({ free, capacity, daysLeft, away, recording }) {
    if (away) return "The clips' disk is away, so that its room is not known.";
    const room = `${bytes(free)} of ${bytes(capacity)} are free.`;
    if (!recording) return `${room} That is too little: nothing is recorded until there is room.`;
    if (daysLeft === null || daysLeft === undefined) return `${room} How long that lasts is known after some hours of recording.`;
    return daysLeft < 1 / 24 ? `${room} The disk is full: new clips take the place of the oldest ones.` : `${room} That is room for ${days(daysLeft)} at the rate so far; then new clips take the place of the oldest ones.`;
}
