import { cameraChoice, dayChoice, FilterBar } from "../lists/filter-bar.js";
import { meaning, statuses } from "./status.js";

const statusChoice = { title: "Status", any: "Any status", values: () => statuses, word: (status) => meaning(status).word, isOne: (text) => statuses.includes(text) };

/** What the archive's list is narrowed to: camera, day, status. */
export class ArchiveFilters extends FilterBar {
    constructor(onChange) { super("/archive", { camera: cameraChoice, day: dayChoice, status: statusChoice }, onChange); }
}
