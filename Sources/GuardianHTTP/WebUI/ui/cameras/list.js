import { get } from "../store/api.js";
import { store } from "../store/store.js";
import { h, fill } from "../common/dom.js";
import { blank, failure } from "../common/blank.js";
import { CameraRow } from "./row.js";

/** All cameras, as they are now. */
export class CameraList {
    #rows = new Map();
    #list = h("ul", { class: "camera-list" });
    #title = h("h2", { tabindex: "-1" }, "Your cameras");
    #body = h("div", {}, h("div", { class: "bone camera-bone" }));
    element = h("section", { class: "camera-section", "aria-label": "Your cameras" }, this.#title, this.#body);

    /** Reads the cameras. What goes wrong is shown unless there is a list already: the shell says that Guardian does not answer. */
    async read() {
        try {
            this.#show((await get("/api/v1/cameras")).items);
        } catch (problem) {
            if (this.#rows.size === 0) fill(this.#body, failure(problem, () => this.read(), ""));
        }
    }

    /** Reads them again after somebody has changed one; the other pages hear of it too. */
    async refresh() {
        await this.read();
        store.refresh();
    }

    close() {
        for (const row of this.#rows.values()) row.close();
        this.#rows.clear();
        fill(this.#list);
    }

    #show(cameras) {
        const hadFocus = this.element.contains(document.activeElement);
        for (const [id, row] of this.#rows) {
            if (cameras.some((camera) => camera.id === id)) continue;
            row.close();
            row.element.remove();
            this.#rows.delete(id);
        }
        cameras.forEach((camera, index) => {
            const row = this.#rows.get(camera.id) ?? new CameraRow(camera, () => this.refresh());
            if (this.#rows.has(camera.id)) row.update(camera);
            this.#rows.set(camera.id, row);
            if (this.#list.children[index] !== row.element) this.#list.insertBefore(row.element, this.#list.children[index] ?? null);
        });
        if (cameras.length === 0) fill(this.#body, blank("live", "No camera yet", "Look for cameras in your network, or add one by its address."));
        else if (this.#body.firstChild !== this.#list) fill(this.#body, this.#list);
        if (hadFocus && !this.element.contains(document.activeElement)) this.#title.focus({ preventScroll: true });
    }
}
