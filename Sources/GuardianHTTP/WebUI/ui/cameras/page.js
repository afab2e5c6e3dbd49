import { h } from "../common/dom.js";
import { count } from "../common/format.js";
import { icon } from "../common/icons.js";
import { announcer } from "../shell/announcer.js";
import { Page } from "../shell/page.js";
import { addCameras } from "./add.js";
import { CameraList } from "./list.js";

/** Milliseconds between two looks at how the cameras are. */
const readEvery = 5000;

/** The cameras of the recorder: adds, changes, tests, pauses and removes them. */
class CamerasPage extends Page {
    #list = new CameraList();
    #add = addCameras((cameras) => {
        announcer.say(`${count(cameras.length, "camera")} added.`);
        this.#list.refresh();
    });

    build() {
        this.append(
            h("header", { class: "top" }, h("h1", {}, "Cameras"), h("span", { class: "push" }), h("a", { class: "button", href: "/welcome" }, icon("star", true), "First steps")),
            h("div", { class: "cameras-body" }, this.#add.element, this.#list.element));
    }

    begin() { this.scope.every(readEvery, () => { if (!document.hidden) this.#list.read(); }); }

    open() {
        this.heading = "Cameras";
        this.#list.read();
    }

    close() {
        this.#add.close();
        this.#list.close();
    }
}

customElements.define("cameras-page", CamerasPage);
