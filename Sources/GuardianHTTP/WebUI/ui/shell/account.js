import { session } from "../store/session.js";
import { h, fill, write } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { isServed } from "./served.js";
import { roleName } from "../people/roles.js";

/** Who is logged in, with links to their account and to the pages for owners, and the way out. */
export class AccountMenu {
    #label = h("span", {});
    #list = h("div", { class: "account-menu", id: "account-menu", popover: "auto" });
    #button = h("button", { class: "place account", type: "button", "aria-expanded": "false", popovertarget: "account-menu" }, icon("person"), this.#label);
    element = h("div", { class: "account-place" }, this.#button, this.#list);

    constructor() {
        this.#list.addEventListener("toggle", (event) => this.#button.setAttribute("aria-expanded", String(event.newState === "open")));
        this.#list.addEventListener("click", (event) => { if (event.target.closest("a")) this.#list.hidePopover(); });
    }

    show() {
        this.element.hidden = session.state !== "in";
        if (this.element.hidden) return;
        const { name, role } = session.principal;
        write(this.#label, name);
        this.#button.setAttribute("aria-label", `Account: ${name}`);
        fill(this.#list,
            h("p", { class: "account-name" }, h("strong", {}, name), h("span", {}, roleName(role))),
            h("a", { class: "choice", href: "/people" }, icon("person", true), session.can("manage_people") ? "People and access" : "Your account"),
            isServed("/cameras") && session.can("manage_cameras") && session.seesAll && h("a", { class: "choice", href: "/cameras" }, icon("live", true), "Cameras"),
            isServed("/settings") && session.can("manage_settings") && session.seesAll && h("a", { class: "choice", href: "/settings" }, icon("pen", true), "Settings"),
            session.can("read_audit") && session.seesAll && h("a", { class: "choice", href: "/audit" }, icon("events", true), "Audit log"),
            session.hasAccount && h("button", { class: "choice", type: "button", on: { click: () => this.#logOut() } }, icon("out", true), "Log out"));
    }

    async #logOut() {
        try {
            await session.logOut();
            location.replace("/login");
        } catch (problem) {
            this.#list.querySelector(".form-error")?.remove();
            this.#list.append(h("p", { class: "form-error", role: "alert" }, `Not logged out. ${problem.message}`));
        }
    }
}
