import { session } from "../store/session.js";
import { store } from "../store/store.js";
import { h, write } from "../common/dom.js";
import { count, figure, firstSentence } from "../common/format.js";

/** A page's header: its title, the page's own elements beside it, and the system status. */
export class Top {
    #dot = h("span", { class: "dot" });
    #text = h("span", { class: "pill-word" }, "Connecting");
    #node = h("a", { class: "pill node-pill", href: "/system" });
    #status = h("a", { class: "pill status-pill", href: "/system" }, this.#dot, this.#text);

    constructor(title, ...beside) {
        this.title = h("h1", {}, title);
        this.element = h("header", { class: "top" }, this.title, ...beside, h("span", { class: "push" }), this.#status, this.#node);
    }

    follow(scope) {
        scope.listen(store, "status", () => this.#show());
        scope.listen(store, "link", () => this.#show());
        this.#show();
    }

    #show() {
        const status = store.status;
        this.#status.hidden = !session.can("read_status") || !session.seesAll;
        if (!store.isReachable) {
            this.#dot.className = "dot bad";
            write(this.#text, "Not reachable");
        } else if (status) {
            const isWell = status.state === "well";
            const worst = status.problems?.some((problem) => ["error", "critical"].includes(problem.severity));
            this.#dot.className = `dot ${isWell ? "well" : worst ? "bad" : "warn"}`;
            write(this.#text, isWell ? `All well · ${count(status.cameras.length, "camera")}` : firstSentence(status.summary));
            this.#status.title = isWell ? "" : status.summary;
        }
        const node = status?.node;
        this.#node.hidden = !node?.configured;
        if (node?.configured) {
            write(this.#node, node.connected
                ? node.waiting > 0 ? `Node: ${figure(node.waiting)} on their way` : "Node up to date"
                : node.waiting > 0 ? `Node unreachable · ${figure(node.waiting)} waiting` : "Node unreachable");
        }
    }
}
