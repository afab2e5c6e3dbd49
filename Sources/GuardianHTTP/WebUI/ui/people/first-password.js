import { get } from "../store/api.js";
import { session } from "../store/session.js";
import { fill } from "../common/dom.js";
import { failure, headed } from "../common/blank.js";
import { door } from "../login/door.js";
import { announcer } from "../shell/announcer.js";
import { go } from "../shell/router.js";
import { Page } from "../shell/page.js";
import { ownPasswordForm } from "./own-password.js";

/** Asks whoever was let in by a link, and has no password yet, to choose one. */
class FirstPasswordPage extends Page {
    #form = null;

    open() {
        this.heading = "Choose a password";
        this.#ask();
    }

    close() { this.#form?.close(); }

    async #ask() {
        fill(this, door("Choose a password", ""));
        const { id } = session.principal;
        // Root of this machine has no account.
        if (id === null) return go("/", { replace: true });
        try {
            const account = await get(`/api/v1/users/${encodeURIComponent(id)}`);
            if (!this.isConnected) return;
            if (account.passwordSet) return go("/people", { replace: true });
            this.#show(account);
        } catch (problem) {
            if (this.isConnected) fill(this, headed(failure(problem, () => this.#ask(), "")));
        }
    }

    #show(account) {
        const goOn = () => go("/", { replace: true });
        this.#form = ownPasswordForm(account, {
            cancel: goOn, cancelTitle: "Not now",
            done: () => {
                announcer.say("The password is saved.");
                goOn();
            },
        });
        fill(this, door(`Welcome, ${account.name}`, "You are logged in, with a link that works only once. Choose a password, so that you can log in again.", this.#form.element));
        this.#form.focus();
    }
}

customElements.define("first-password-page", FirstPasswordPage);
