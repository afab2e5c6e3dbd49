import { session } from "../store/session.js";
import { store } from "../store/store.js";
import { h, fill, write } from "../common/dom.js";
import { count, figure, ms, shortly, span } from "../common/format.js";
import { icon } from "../common/icons.js";
import { isNode } from "../common/server.js";
import { checkSignatures } from "./signatures.js";

/** The proofs of an event and their current state: signed by this recorder, delivered to the node, sealed in the archive. */
export class Proofs {
    #signed = new Proof();
    #node = new Proof();
    #archive = new Proof();
    element = h("ul", { class: "proofs card", "aria-label": "Proof" }, this.#signed.element, this.#node.element, this.#archive.element);
    #abort = new AbortController();
    #checked = "";
    #event = null;
    /** When the event was recognised: the time of its opening entry, in ms. */
    #openedAt = null;
    #timer = 0;

    update(event) {
        this.#event = event;
        this.#showNode(event);
        this.#showArchive(event);
        const key = `${event.id}|${event.state}`;
        if (this.#checked === key) return;
        this.#checked = key;
        clearTimeout(this.#timer);
        this.#abort.abort();
        this.#abort = new AbortController();
        const { signal } = this.#abort;
        // It took nothing whose signature is not the recorder's.
        if (isNode) return this.#signed.show("well", "Signed by its recorder", "Checked by the node when it arrived");
        if (!session.can("read_journal")) return this.#signed.show("calm", "Signed by this recorder", "An owner's browser can check the signatures");
        this.#signed.show("run", "Signed by this recorder", "Checking the signatures…");
        // Delayed, so that the clip loads first.
        this.#timer = setTimeout(() => this.#check(event, signal), 900);
    }

    close() {
        clearTimeout(this.#timer);
        this.#abort.abort();
    }

    async #check(event, signal) {
        try {
            const found = await checkSignatures(event, store.status?.journal?.sequence ?? 0, signal);
            if (signal.aborted) return;
            this.#openedAt = found.openedAt ?? null;
            this.#showNode(this.#event);
            if (found.fault) return this.#signed.show("bad", "Signature check failed", found.fault);
            const first = figure(found.first);
            const number = found.first === found.last ? `No. ${first}` : `No. ${first} to ${figure(found.last)}`;
            this.#signed.show("well", "Signed by this recorder", `${number} in an unbroken chain, ${count(found.entries, "signature")} checked here`);
        } catch (error) {
            if (signal.aborted) return;
            if (error.reason === "unsupported") this.#signed.show("calm", "Signed by this recorder", "This browser cannot check it; guardian doctor --verify can");
            else if (error.reason === "absent") this.#signed.show("calm", "Signed by this recorder", "This recorder's journal no longer has its entries");
            else this.#signed.show("calm", "Signed by this recorder", "Not checked: the journal did not load");
        }
    }

    #showArchive(event) {
        const state = event.archive?.state ?? "off";
        const clip = event.clips?.[0]?.id;
        this.#archive.element.hidden = state === "off";
        const open = clip && ["uploading", "stored", "interrupted"].includes(state) ? `/archive/${encodeURIComponent(clip)}` : null;
        const given = event.archive?.reason;
        const reason = given ? `${sentence(given)}. ` : "";
        const full = /^(The|This camera's) archive is full: */.exec(given ?? "");
        const [kind, title, detail] = {
            waiting: ["run", reason ? "Waiting for your archive" : "On its way into your archive", reason || "It is sealed here first"], uploading: ["run", "On its way into your archive", reason || "Sealed while it is recorded"],
            stored: ["well", "Sealed in your archive", "Only your recovery code opens it"], interrupted: ["warn", "In your archive, cut short", `${reason}Everything before is there.`],
            refused: ["warn", full ? (full[1] === "The" ? "Your archive is full" : "Your archive is full for this camera") : "Not in your archive yet", `${full ? `${sentence(given.slice(full[0].length))}. ` : reason || "There is no room. "}The clip stays on this recorder until there is room, and is then archived automatically.`],
            failed: ["bad", "Not in your archive", `${reason || "It could not be stored. "}It is not tried again.`],
        }[state] ?? ["calm", "Archive", state];
        this.#archive.show(kind, title, detail, open);
    }

    #showNode(event) {
        const node = store.status?.node;
        const { state, firstAcknowledgedAt, acknowledgedAt, attempts } = event.delivery ?? {};
        const known = firstAcknowledgedAt ?? acknowledgedAt;
        const seen = known && `${span(ms(known) - ms(event.startedAt))} after first sight`;
        const took = this.#openedAt === null || !known ? seen : `${span(ms(known) - this.#openedAt)} after it was recognised, ${seen}`;
        // Without the status it is not known whether there is a node.
        this.#node.element.hidden = !known && !session.can("read_status");
        if (node && !node.configured) this.#node.show("calm", "No node yet", "Events stay on this recorder");
        else if (state === "delivered" && known) this.#node.show("well", "At your node", took);
        else if (node && !node.connected) {
            const since = node.since ? ` since ${shortly(node.since)}` : "";
            this.#node.show("warn", "Waiting for your node", `${node.reason ? sentence(node.reason) : `The node is unreachable${since}`}. The event is delivered automatically when the node is back.`);
        } else if (known) this.#node.show("run", "At your node", `${took}; the latest change is on its way`);
        else this.#node.show("run", "On its way to your node", attempts > 1 ? `Attempt ${attempts}` : "This usually takes a moment");
    }
}

class Proof {
    #mark = h("span", { class: "proof-mark" });
    #title = h("strong", {});
    #detail = h("span", { class: "figures" });
    #state = "";
    element = h("li", {}, this.#mark, h("div", {}, this.#title, this.#detail));

    /** `address`: the link target of the title. */
    show(state, title, detail, address = null) {
        if (this.#state !== state) {
            this.#state = state;
            this.element.className = state;
            fill(this.#mark, icon({ well: "check", run: "clock", warn: "clock", bad: "alert", calm: "seal" }[state]));
        }
        if (address && this.#title.firstElementChild?.getAttribute("href") !== address) fill(this.#title, h("a", { href: address }, title));
        write(address ? this.#title.firstElementChild : this.#title, title);
        write(this.#detail, detail);
    }
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, "");
