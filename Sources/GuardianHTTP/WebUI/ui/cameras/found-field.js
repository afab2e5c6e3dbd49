import { h } from "../common/dom.js";
import { Field } from "../forms/field.js";
import { store } from "../store/store.js";
import { noteWords, titleOf } from "./words.js";

/** Which of the found cameras are wanted; those that are saved already are marked and cannot be chosen. Its value: their addresses. */
export class FoundField extends Field {
    #boxes;

    constructor(items) {
        const boxes = new Map(items.filter((found) => found.camera === null).map((found) => [found, h("input", { class: "tick-box", type: "checkbox", name: "addresses", props: { value: found.address } })]));
        const rows = items.map((found) => {
            const words = h("span", {}, h("strong", {}, titleOf(found)), h("span", { class: "note figures" }, noteWords(found)));
            return boxes.has(found)
                ? h("label", { class: "tick-row" }, boxes.get(found), words)
                : h("div", { class: "tick-row known" }, h("span", { class: "tag" }, "Added"), h("span", {}, words, h("span", { class: "note" }, `Here already as ${store.cameraName(found.camera)}`)));
        });
        super("addresses", "Cameras in your network", h("div", { class: "ticks" }, ...rows), { isGroup: true, required: "Choose at least one camera." });
        this.#boxes = [...boxes.values()];
        // One alone is surely meant.
        if (this.#boxes.length === 1) this.#boxes[0].checked = true;
    }

    get value() { return this.#boxes.filter((box) => box.checked).map((box) => box.value); }

    focus() { this.#boxes[0]?.focus(); }
}
