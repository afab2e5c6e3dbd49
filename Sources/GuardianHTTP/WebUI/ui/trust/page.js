import { session } from "../store/session.js";
import { h, fill, write } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { failure } from "../common/blank.js";
import { here, isNode } from "../common/server.js";
import { go } from "../shell/router.js";
import { Page } from "../shell/page.js";
import { authorityPath, fingerprint, groupsOf, profilePath, readAuthority } from "./authority.js";
import { platformsFor } from "./platforms.js";

/** Why the browser warns about this recorder, and how to make a device trust it. For everyone, also before they log in. */
class TrustPage extends Page {
    #how = h("div", { class: "trust-how" });
    #backText = h("span", {});
    #back = h("button", { class: "button", type: "button" }, icon("back", true), this.#backText);
    #isFromHere = false;

    build() {
        this.#back.addEventListener("click", () => (this.#isFromHere ? history.back() : go("/")));
        this.append(
            h("header", { class: "top" }, h("h1", {}, `Trust this ${here}`), h("span", { class: "push" }), this.#back),
            h("article", { class: "trust" },
                h("section", {},
                    h("h2", {}, "Why your browser warns"),
                    h("p", {}, `A website shows a certificate that an authority known to all browsers has signed. Such an authority signs only for names on the internet, and this ${here} stands in a house or belongs to a few. So it has a certificate authority of its own, which nobody else vouches for and which your device does not know yet.`)),
                h("section", {},
                    h("h2", {}, "What the warning means"),
                    h("p", {}, `The connection is encrypted in any case. But until your device trusts the ${here}, it cannot tell it from another device in the network that answers in its place, and that could read your password. In your own network at home, going on once is a small risk. Elsewhere, end the warning first.`),
                    h("p", {}, `Once the device trusts the ${here}, there is no warning any more. If one appears then, do not go on, and tell the owner of the ${here}.`)),
                this.#how));
    }

    open(_parameter, _address, how) {
        this.heading = `Trust this ${here}`;
        this.#isFromHere ||= how === "link";
        write(this.#backText, this.#isFromHere ? "Back" : "To the login");
        // Whoever is logged in has the links of the rail.
        this.#back.hidden = !this.#isFromHere && session.isIn;
        this.#read();
    }

    async #read() {
        fill(this.#how, h("div", { class: "bone trust-bone" }));
        try {
            const authority = await readAuthority();
            fill(this.#how, ...(authority === null ? nothingNeeded() : instructions(await fingerprint(authority))));
        } catch (problem) {
            fill(this.#how, failure(problem, () => this.#read(), ""));
        }
    }
}

function nothingNeeded() {
    return [h("section", {},
        h("h2", {}, `This ${here} needs nothing of it`),
        h("p", {}, "Its owner has given it a certificate of their own. There is nothing to install from here. If your browser warns all the same, ask the owner before you go on."))];
}

/** Where the fingerprint is found that the page's is compared with. */
const fingerprintSource = () => isNode
    ? ["the node prints when its operator logs in to the machine and types ", h("code", {}, "guardian user setup-link"), " or ", h("code", {}, "guardian user link"), ", each with the node's configuration"]
    : ["the recorder prints when its owner logs in to the machine and types ", h("code", {}, "guardian doctor")];

/** `print`: the authority's fingerprint. */
function instructions(print) {
    return [h("section", {},
        h("h2", {}, "How to end it"),
        h("p", {}, `Install the ${here}'s authority on this device, once. It is good for this ${here}'s names and for addresses in private networks alone, not for other websites.`),
        h("p", {}, `To be sure that it is this ${here}'s, compare its fingerprint (SHA-256) with the one that `, ...fingerprintSource(), ". If they differ, install nothing."),
        h("pre", { class: "secret figures fingerprint", tabindex: "0", role: "group", "aria-label": "Fingerprint of the authority" }, ...groupsOf(print).map((group) => h("span", {}, group))),
        ...platformsFor(navigator.userAgent, navigator.maxTouchPoints).map(platformCard),
        h("p", {}, "Close the browser then, and open this page again: the warning is gone."))];
}

/** The steps of one platform; those of this device are the first and open. */
function platformCard({ title, steps, usesProfile }, index) {
    const [path, label] = usesProfile ? [profilePath, "Download the profile"] : [authorityPath, "Download the authority"];
    return h("details", { class: "card platform", open: index === 0 },
        h("summary", {}, icon("down", true), title),
        h("div", { class: "buttons" }, h("a", { class: "button primary", href: path }, icon("save", true), label)),
        h("ol", { class: "steps" }, ...steps.map((step) => h("li", {}, step))));
}

customElements.define("trust-page", TrustPage);
