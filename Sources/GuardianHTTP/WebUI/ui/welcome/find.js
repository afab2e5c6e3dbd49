import { store } from "../store/store.js";
import { h, Scope } from "../common/dom.js";
import { count } from "../common/format.js";
import { Actions } from "../forms/actions.js";
import { ByAddress } from "../cameras/by-address.js";
import { Finder } from "../cameras/finder.js";

/** The step in which cameras are found and added. The search begins by itself. */
export class FindCameras {
    #scope = new Scope();
    #known = h("p", { class: "quiet" });
    #finder;
    #other;
    element;

    constructor({ goOn, done }) {
        const added = (cameras) => {
            store.refresh();
            goOn(cameras.map((camera) => camera.id));
        };
        this.#finder = new Finder({ done: added });
        this.#other = new Actions([{ label: "Add by address", form: (close) => new ByAddress({ done: added, cancel: close }) }]);
        this.element = h("div", { class: "find-cameras" },
            h("p", { class: "welcome-lead" }, "Choose the cameras that Guardian is to watch. Their pictures stay in your house."), this.#known,
            h("div", { class: "card find-card" }, this.#finder.element),
            h("div", { class: "find-other" }, h("p", { class: "quiet" }, "Is one missing? If you know its address, add it by hand."), this.#other.element));
        const show = () => {
            const { length } = store.cameras;
            this.#known.hidden = length === 0;
            this.#known.textContent = `${count(length, "camera")} ${length === 1 ? "is" : "are"} here already.`;
            if (length > 0) done();
        };
        this.#scope.listen(store, "cameras", show);
        show();
    }

    close() {
        this.#scope.end();
        this.#finder.close();
        this.#other.close();
    }
}
