import { session } from "../store/session.js";
import { h } from "../common/dom.js";
import { ago, date } from "../common/format.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";
import { deviceName } from "./agent.js";
import { Section, takingAway } from "./section.js";

/** What is known of a login. */
export const deviceFacts = ({ address, current, lastSeenAt, createdAt, remembered }) => [address, current ? "now" : `last seen ${ago(lastSeenAt)}`, `logged in ${date(createdAt)}`, remembered && "stays logged in"].filter(Boolean);

/** How a login is ended. */
export const logout = ({ id, agent }) => ({ action: "Log out", name: deviceName(agent), path: `/api/v1/sessions/${encodeURIComponent(id)}`, text: "Whoever uses it has to log in again." });

/** Where one is logged in. */
export class Devices extends Section {
    path = "/api/v1/sessions";

    constructor() { super("Your devices", "Where you are logged in. Log out what you do not know, and change your password then."); }

    show({ items }) {
        const everywhere = new Actions([{ label: "Log out everywhere", form: (close) => this.#everywhere(close) }]);
        return [this.rows(items, (device) => this.#row(device), "None."), everywhere.element];
    }

    #row(device) {
        const actions = device.current ? null : takingAway(logout(device), () => this.read());
        return h("div", { class: "row-parts" },
            h("div", { class: "row-text" }, h("strong", {}, deviceName(device.agent), device.current && h("span", { class: "tag" }, "This device")), h("span", { class: "quiet figures", title: device.agent }, deviceFacts(device).join(" · "))), actions?.element);
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
