// What the page says of numbers and of the disk, for people.

import { bytes, figure } from "../parts/format.js";
import { days } from "../system/facts.js";

/** "2 to 60 seconds; 5 is usual." */
export const rangeWords = ({ least, most, usual }, unit) => `${figure(least)} to ${figure(most)} ${unit}; ${figure(usual)} is usual.`;

/** What is wrong with a typed number; "" when nothing is. */
export function numberLack(text, { least, most }) {
    const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : NaN;
    return value >= least && value <= most ? "" : `Type a whole number from ${figure(least)} to ${figure(most)}.`;
}

/** How much is free on the disk of the clips, and how many days that holds. */
export function roomWords({ free, capacity, daysLeft, away, recording }) {
    if (away) return "The clips' disk is away, so that its room is not known.";
    const room = `${bytes(free)} of ${bytes(capacity)} are free.`;
    if (!recording) return `${room} That is too little: nothing is recorded until there is room.`;
    if (daysLeft === null || daysLeft === undefined) return `${room} How long that lasts is known after some hours of recording.`;
    return daysLeft < 1 / 24 ? `${room} The disk is full: new clips take the place of the oldest ones.` : `${room} That is room for ${days(daysLeft)} at the rate so far; then new clips take the place of the oldest ones.`;
}
