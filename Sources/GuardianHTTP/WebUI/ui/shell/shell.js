import { session } from "../store/session.js";
import { store } from "../store/store.js";
import { h, fill, isWriting, Scope } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { isForOperators } from "../common/server.js";
import { failure, headed } from "../common/blank.js";
import { served } from "./served.js";
import { AccountMenu } from "./account.js";
import { follow, go, load, match } from "./router.js";
import { ThemeSwitch } from "./theme.js";
import { announcer } from "./announcer.js";

const toFirst = isForOperators ? "Go to the households" : "Go to the live view";
const loginPage = served.find(({ tag }) => tag === "login-page");

/**
 * The frame around the pages (`Page`). When the login has ended, the login page is shown in place of the page, which is kept as it is until
 * the same person has logged in again.
 */
class GuardianApp extends HTMLElement {
    #links = new Map();
    #kept = new Map();
    #page = null;
    #account = new AccountMenu();
    /** The login page that covers another one: `{ page, address, title, scrolled, focused }`. */
    #cover = null;
    /** Counts navigations, so that an older one that is still loading can be detected. */
    #navigation = 0;
    #main = h("main", { id: "page", class: "main", tabindex: "-1" });
    #notice = h("div", { class: "notice", role: "status" });
    #scope = new Scope();

    connectedCallback() {
        for (const { place, title, paths, permission } of served) {
            if (title) this.#links.set(place, h("a", { class: "place", href: paths[0], data: { permission } }, icon(place), h("span", {}, title)));
        }
        this.append(
            h("nav", { class: "rail", "aria-label": "Pages" },
                h("a", { class: "mark", href: "/", "aria-label": `Guardian, ${isForOperators ? "households" : "live view"}` }, h("img", { src: "/guardian.svg", alt: "", width: 34, height: 34 })),
                h("ul", {}, ...[...this.#links.values()].map((link) => h("li", {}, link))),
                h("span", { class: "spring" }),
                this.#account.element, new ThemeSwitch().element),
            this.#main, this.#notice, announcer.element);
        this.#scope.listen(store, "link", () => this.#showLink());
        this.#scope.listen(session, "change", () => this.#followSession());
        // Nothing of one person is left in the document of another one.
        this.#scope.listen(session, "other", () => (match(location)?.page.isEntrance ? location.replace("/") : location.reload()));
        this.#showRights();
        // The covered page does not act on keys.
        this.#scope.listen(window, "keydown", (event) => { if (this.#cover) event.stopPropagation(); }, true);
        this.#scope.listen(document, "keydown", (event) => {
            if (event.key === "?" && !isWriting(event)) import("./keys.js").then((keys) => keys.show(), () => {});
        });
        follow((address, how) => this.#open(address, how));
    }

    disconnectedCallback() { this.#scope.end(); }

    async #open(address, how) {
        const found = match(address);
        const navigation = (this.#navigation += 1);
        for (const [name, link] of this.#links) {
            if (name === found?.page.place) link.setAttribute("aria-current", "page");
            else link.removeAttribute("aria-current");
        }
        if (!found) return this.#missing();
        load(found.page).catch(() => {});
        if (session.state === "unknown") await session.known;
        if (navigation !== this.#navigation) return;
        if (session.isOut && !found.page.isPublic) return this.#askToLogIn();
        if (session.isIn && found.page === loginPage && !address.hash) return go("/", { replace: true });
        if (!session.can(found.page.permission)) return this.#refuse();
        if (this.#page?.localName === found.page.tag) {
            this.#page.enter(found.parameter, address, how);
            if (found.page.tag === "event-page") scrollTo(0, 0);
            return;
        }
        try {
            await load(found.page);
        } catch {
            if (navigation === this.#navigation) this.#notLoaded(address);
            return;
        }
        if (navigation !== this.#navigation) return;
        const change = () => this.#show(found, address, how);
        if (how === "first" || !document.startViewTransition || document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) change();
        else {
            // A skipped transition (for example when the window is resized) rejects its promises, but the page is shown.
            const transition = document.startViewTransition(change);
            for (const promise of [transition.ready, transition.updateCallbackDone, transition.finished]) promise.catch(() => {});
        }
    }

    #followSession() {
        this.#showRights();
        if (session.isOut) {
            if (!match(location)?.page.isPublic) this.#askToLogIn();
        } else if (this.#cover) this.#goOn();
        else if (match(location)?.page.isEntrance && this.#page) go("/", { replace: true });
    }

    /** Shows the links and the menu for what the person may do; none to somebody who is not logged in. */
    #showRights() {
        this.classList.toggle("bare", !session.isIn);
        for (const link of this.#links.values()) link.parentElement.hidden = !session.can(link.dataset.permission);
        this.#account.show();
    }

    async #askToLogIn() {
        try {
            await load(loginPage);
        } catch {
            return this.#notLoaded(location.href);
        }
        if (!session.isOut || this.#cover || match(location)?.page.isPublic) return;
        for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
        const page = document.createElement(loginPage.tag);
        page.classList.add("page");
        this.#cover = { page, address: location.href, title: document.title, scrolled: scrollY, focused: document.activeElement };
        for (const child of this.#main.children) child.hidden = true;
        this.#main.append(page);
        page.enter(null, new URL(location.href), "first");
        if (this.#page) announcer.say("Your login has ended. Log in again.");
    }

    #uncover() {
        const cover = this.#cover;
        this.#cover = null;
        cover?.page.leave();
        cover?.page.remove();
        return cover;
    }

    /** Shows the page again that the login page covered. */
    #goOn() {
        const { address, title, scrolled, focused } = this.#uncover();
        if (!this.#page || address !== location.href) return void this.#open(new URL(location.href), "back");
        for (const child of this.#main.children) child.hidden = false;
        document.title = title;
        scrollTo(0, scrolled);
        if (focused?.isConnected) focused.focus({ preventScroll: true });
    }

    #refuse() {
        this.#leave();
        document.title = "Not for you · Guardian";
        fill(this.#main, h("div", { class: "blank" }, icon("lock"), h("h1", {}, "This page is not for you"), h("p", {}, "An owner of this Guardian can open it, and can give you more rights."),
            h("a", { class: "button", href: "/" }, toFirst)));
    }

    #leave() {
        this.#uncover();
        const before = this.#page;
        this.#page = null;
        if (!before) return;
        before.scrolled = scrollY;
        before.leave();
        if (before.keeps) this.#kept.set(before.localName, before);
    }

    #show(found, address, how) {
        this.#leave();
        const page = this.#kept.get(found.page.tag) ?? document.createElement(found.page.tag);
        page.classList.add("page");
        this.#page = page;
        fill(this.#main, page);
        page.enter(found.parameter, address, how);
        scrollTo(0, how === "back" ? page.scrolled ?? 0 : 0);
        if (how === "link") {
            const title = page.querySelector("h1");
            if (title) {
                title.tabIndex = -1;
                title.focus({ preventScroll: true });
            }
        }
    }

    /** The browser does not request a module again that failed to load, so the document is reloaded once Guardian answers. */
    #notLoaded(address) {
        this.#leave();
        document.title = "Guardian";
        const navigation = this.#navigation;
        const again = async () => {
            if (navigation !== this.#navigation) return store.removeEventListener("link", again);
            await store.refresh();
            if (store.isReachable && navigation === this.#navigation) location.assign(address);
        };
        store.addEventListener("link", again);
        fill(this.#main, headed(failure(Object.assign(new Error("Guardian does not answer. The page opens automatically when Guardian is back."), { title: "This page did not load", status: 0 }), again)));
    }

    #missing() {
        this.#leave();
        document.title = "Page not found · Guardian";
        const notice = headed(failure(Object.assign(new Error("Check the address."), { title: "Page not found" }), () => location.assign("/"), ""));
        notice.querySelector("button").textContent = toFirst;
        fill(this.#main, notice);
    }

    #showLink() {
        if (store.isReachable) fill(this.#notice);
        else fill(this.#notice, h("p", {}, h("span", { class: "dot bad" }), "Guardian does not answer. Retrying automatically."));
    }
}

customElements.define("guardian-app", GuardianApp);
