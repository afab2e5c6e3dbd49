import { cameraChoice, dayChoice, FilterBar } from "../lists/filter-bar.js";
import { meaning, statuses } from "./status.js";

const statusChoice = { title: "Status", any: "Any status", values: () => statuses, text: (status) => meaning(status).text, isOne: (text) => statuses.includes(text) };

/** The filters of the archive's list: camera, day, status. */
export class ArchiveFilters extends FilterBar {
    constructor(onChange) { super("/archive", { camera: cameraChoice, day: dayChoice, status: statusChoice }, onChange); }
}
