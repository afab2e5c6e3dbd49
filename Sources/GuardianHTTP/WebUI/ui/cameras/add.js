import { h } from "../common/dom.js";
import { Actions } from "../forms/actions.js";
import { ByAddress } from "./by-address.js";
import { Finder } from "./finder.js";

/** The two ways to add cameras. `done(cameras)`: called with those that were added. */
export function addCameras(done) {
    const ended = (close) => (cameras) => {
        close();
        done(cameras);
    };
    const actions = new Actions([
        { label: "Look for cameras", kind: "primary", form: (close) => new Finder({ done: ended(close), cancel: close }) },
        { label: "Add by address", form: (close) => new ByAddress({ done: ended(close), cancel: close }) },
    ]);
    return { element: h("div", { class: "add-cameras" }, actions.element), close: () => actions.close() };
}
