import { figure } from "../common/format.js";
import { DaysField } from "./days-field.js";
import { filled } from "./fields.js";

const ageWords = ({ least, most }) => `${figure(least)} to ${figure(most)} days. Empty: clips stay until their room is needed. Clips of kept events always stay; one that waits for the archive stays up to 7 days longer. A shorter time can delete clips at once; you are asked before.`;

/** How old clips may become. */
export function ageFields(config) {
    const limit = config.limits["recording.keepDays"];
    return [filled(new DaysField("keepDays", "Delete after", limit, { hint: ageWords(limit) }), config)];
}
