import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { h } from "../common/dom.js";
import { ago, date } from "../common/format.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";
import { deviceName } from "./agent.js";
import { Section } from "./section.js";

/** What is known of a login. */
export const deviceFacts = ({ address, current, lastSeenAt, createdAt, remembered }) => [address, current ? "now" : `last seen ${ago(lastSeenAt)}`, `logged in ${date(createdAt)}`, remembered && "stays logged in"].filter(Boolean);

/** Where one is logged in. */
export class Devices extends Section {
    path = "/api/v1/sessions";

    constructor() { super("Your devices", "Where you are logged in. Log out what you do not know, and change your password then."); }

    show({ items }) {
        const everywhere = new Actions([{ label: "Log out everywhere", form: (close) => this.#everywhere(close) }]);
        return [this.rows(items, (device) => this.#row(device), "None."), everywhere.element];
    }

    #row(device) {
        const name = deviceName(device.agent);
        const actions = device.current ? null : new Actions([{
            label: "Log out", name: `Log out ${name}`,
            form: (close) => confirmation({
                question: `Log out ${name}?`, text: "Whoever uses it has to log in again.", action: "Log out", cancel: close,
                send: () => send("DELETE", `/api/v1/sessions/${encodeURIComponent(device.id)}`), done: () => this.read(),
            }),
        }]);
        return h("div", { class: "row-parts" },
            h("div", { class: "row-text" }, h("strong", {}, name, device.current && h("span", { class: "tag" }, "This device")), h("span", { class: "quiet figures", title: device.agent }, deviceFacts(device).join(" · "))), actions?.element);
    }

    #everywhere(close) {
        return confirmation({
            question: "Log out everywhere?", text: "All your devices, also this one, have to log in again. Tokens that you made end.", action: "Log out everywhere", cancel: close,
            // Also ends a login link that somebody may have made meanwhile.
            send: () => session.logOutEverywhere(),
            done: () => location.replace("/login"),
        });
    }
}
