import { Scope } from "../common/dom.js";

/**
 * A page of the Web UI. The shell calls `enter` for every address of it that is followed, and `leave`. Subclasses have
 *
 * - `build()`: called once, adds the page's elements;
 * - `begin()`: called each time the page is entered from another one, adds listeners and timers to `scope`;
 * - `open(parameter, address, how)`: called for every address, shows what it names;
 * - `close()`: called when the page is left.
 *
 * A page with `keeps` is entered again with its state.
 */
export class Page extends HTMLElement {
    keeps = false;
    /** Ends when the page is left. */
    scope = new Scope();
    #isBuilt = false;
    #isEntered = false;

    /** What the browser shows as the title of its tab. */
    set heading(text) { document.title = `${text} · Guardian`; }

    enter(parameter, address, how) {
        if (!this.#isBuilt) {
            this.#isBuilt = true;
            this.build();
        }
        if (!this.#isEntered) {
            this.#isEntered = true;
            this.begin();
        }
        this.open(parameter, address, how);
    }

    leave() {
        this.#isEntered = false;
        this.scope.end();
        this.scope = new Scope();
        this.close();
    }

    build() {}
    begin() {}
    open() {}
    close() {}
}
