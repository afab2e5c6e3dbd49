import { ChecksField, SwitchField } from "../forms/choice-fields.js";
import { cameraChoices } from "../forms/camera-choices.js";
import { BandwidthField } from "./bandwidth-field.js";
import { markFixed } from "./fields.js";

/** Which cameras' events are archived, and with how much bandwidth. `cameras`: those that there are. */
export function archiveFields(config, cameras) {
    const chosen = config.archive.cameras;
    const every = new SwitchField("everyCamera", "Archive every camera, also those that are added later");
    const choice = new ChecksField("cameras", "Archive only these", cameraChoices(cameras, chosen ?? []), { required: "Choose at least one camera. To archive nothing, stop sealing to every code." });
    const bandwidth = new BandwidthField("kilobits", "At most", config.limits["archive.kilobits"], { hint: "Of your line's upload. Empty: as much as there is. Clips that are being recorded go first." });
    every.value = chosen === null;
    choice.value = chosen ?? [];
    bandwidth.value = config.archive.kilobits;
    const follow = () => { choice.isAsked = !every.value; };
    every.control.addEventListener("change", follow);
    follow();
    if (config.fixed.includes("archive.cameras")) {
        markFixed(every);
        for (const box of choice.boxes) box.setAttribute("disabled", "");
    }
    if (config.fixed.includes("archive.kilobits")) markFixed(bandwidth);
    return [every, choice, bandwidth];
}

/** The typed values that differ from what the recorder has, as the body of a request; `null` when none does. */
export function archiveChanges({ archive, fixed }, { everyCamera, cameras = [], kilobits }) {
    const typed = { cameras: everyCamera ? null : cameras, kilobits };
    const changed = Object.entries(typed).filter(([name, value]) => !fixed.includes(`archive.${name}`) && JSON.stringify(sorted(value)) !== JSON.stringify(sorted(archive[name])));
    return changed.length === 0 ? null : { archive: Object.fromEntries(changed) };
}

const sorted = (value) => (Array.isArray(value) ? [...value].sort() : value);
