import { store } from "../store/store.js";
import { h, fill, write } from "../common/dom.js";
import { bytes, clock, count, ms, stay } from "../common/format.js";
import { icon } from "../common/icons.js";
import { meaning, remark } from "./status.js";

export const cameraOf = (item) => (item.camera ? store.cameraName(item.camera) : `Camera ${item.cameraId.slice(0, 8)}`);
export const isPicture = (item) => item.contentType?.startsWith("image/") === true;

/** A sealed clip in the list. */
export class ArchiveRow {
    #picture = h("span", { class: "row-mark" });
    #title = h("strong", {});
    #facts = h("span", { class: "row-facts figures" });
    #remark = h("span", { class: "row-remark" });
    #status = h("span", { class: "row-status" });
    #shown = "";
    #address = null;

    constructor(item) {
        this.element = h("a", { class: "archive-row", href: `/archive/${encodeURIComponent(item.clipId)}` },
            this.#picture, h("span", { class: "row-words" }, this.#title, this.#facts, this.#remark), this.#status);
        this.update(item);
    }

    get at() { return ms(this.item.startedAt); }

    update(item) {
        this.item = item;
        const key = JSON.stringify([item, cameraOf(item)]);
        if (this.#shown === key) return;
        this.#shown = key;
        const { kind, text, icon: picture } = meaning(item.status);
        this.#showMark();
        write(this.#title, `${clock(item.startedAt)} · ${cameraOf(item)}`);
        write(this.#facts, [
            isPicture(item) ? "Picture" : item.duration === null ? "Clip" : stay(item.duration), item.size > 0 && bytes(item.size), item.held && "Held",
            item.parts.length > 1 && count(item.parts.length, "part"), item.events.length > 0 && count(item.events.length, "event"), item.pictures?.length > 0 && count(item.pictures.length, "picture"),
        ].filter(Boolean).join(" · "));
        const note = ["interrupted", "failed", "refused"].includes(item.status) ? remark(item) : null;
        this.#remark.hidden = note === null;
        write(this.#remark, note ?? "");
        this.#status.className = `row-status ${kind}`;
        fill(this.#status, icon(picture, true), h("span", {}, text));
    }

    /** Shows a picture instead of the icon; `null` shows the icon. */
    setPicture(address) {
        this.#address = address;
        this.#showMark();
    }

    #showMark() {
        fill(this.#picture, this.#address ? h("img", { src: this.#address, alt: "" }) : icon(isPicture(this.item) ? "picture" : "archive"));
    }
}
