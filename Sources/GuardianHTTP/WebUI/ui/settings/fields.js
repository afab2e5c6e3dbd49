// The fields of the page's sections. Each is named as its member of `recording` in /api/v1/config.

import { SwitchField } from "../forms/choice-fields.js";
import { NumberField } from "./number-field.js";
import { RoomField } from "./room-field.js";
import { rangeWords, roomRangeWords } from "./words.js";

const fixedWords = "Set in the configuration file, and can be changed only there.";

/** Shows what the recorder has. What the configuration file sets can be read and not be changed. */
export function filled(field, { recording, fixed }) {
    const value = recording[field.name];
    field.value = field instanceof NumberField ? String(value) : value;
    return fixed.includes(`recording.${field.name}`) ? markFixed(field) : field;
}

/** Shows that the configuration file sets it. */
export function markFixed(field) {
    field.control.setAttribute(field instanceof SwitchField ? "disabled" : "readonly", "");
    field.hint(fixedWords);
    return field;
}

function number(name, label, unit, config, hint) {
    const limit = config.limits[`recording.${name}`];
    return filled(new NumberField(name, label, limit, unit, { hint: `${rangeWords(limit, unit)} ${hint}` }), config);
}

export const recordingFields = (config) => [
    number("preRoll", "Before an event", "seconds", config, "So much is recorded from before somebody is seen. A longer time takes full effect once it has passed."),
    number("postRoll", "After an event", "seconds", config, "So much is recorded after somebody was last seen."),
    number("maximum", "Longest clip", "seconds", config, "300 seconds are 5 minutes. What takes longer goes on in the next clip."),
    filled(new SwitchField("unanalysed", "Record everything while Guardian cannot look for people", { hint: "When the AI service is down, nothing would be recorded otherwise. It takes more room." }), config),
];

export function roomFields(config) {
    const limit = config.limits["recording.keepFreeMegabytes"];
    const hint = `${roomRangeWords(limit)} With less, the oldest clips are deleted. A larger number can delete them at once; you are asked before.`;
    return [filled(new RoomField("keepFreeMegabytes", "Kept free on the disk", limit, { hint }), config)];
}

/** The typed values that differ from what the recorder has, as the body of a request; `null` when none does. */
export function changesOf({ recording, fixed }, values) {
    const typed = Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? Number(value) : value]);
    const changed = typed.filter(([name, value]) => value !== recording[name] && !fixed.includes(`recording.${name}`));
    return changed.length === 0 ? null : { recording: Object.fromEntries(changed) };
}
