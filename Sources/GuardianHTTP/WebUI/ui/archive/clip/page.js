import { store } from "../../store/store.js";
import { get } from "../../store/api.js";
import { h, fill, isWriting, write } from "../../common/dom.js";
import { blank, failure } from "../../common/blank.js";
import { icon } from "../../common/icons.js";
import { bytes, clock, ms, percent, stay, when } from "../../common/format.js";
import { announcer } from "../../shell/announcer.js";
import { go } from "../../shell/router.js";
import { lockButton } from "../lock-button.js";
import { ownerLock } from "../lock.js";
import { cameraOf, isPicture } from "../row.js";
import { hasBytes, meaning, remark } from "../status.js";
import { sealedPicture } from "../sealed-picture.js";
import { Refusal } from "../sealed/refusal.js";
import { HoldButton } from "./hold.js";
import { inspectParts, openParts } from "./parts.js";
import { showPicture } from "./picture.js";
import { save } from "./save.js";
import { junction } from "./sequence.js";
import { Stage } from "./stage.js";
import { Unlock } from "./unlock.js";
import { Page } from "../../shell/page.js";

/** The page of an archived clip, which is opened in this browser with the owner's recovery code. */
class ArchivedClipPage extends Page {
    #id = null;
    #item = null;
    #abort = new AbortController();
    #opened = [];
    /** Whether the clip was still being uploaded when it was opened; then its early end is not a loss. */
    #wasUploading = false;
    #stage = null;
    #still = null;
    #title = h("h1", {}, "Sealed clip");
    #watch = h("div", { class: "clip-watch" });
    #facts = h("dl", { class: "facts card" });
    #proofs = h("ul", { class: "proofs card", "aria-label": "Proof" });
    #save = h("button", { class: "button primary", type: "button", hidden: true, on: { click: () => this.#saveAll() } }, icon("save", true), h("span", {}, "Save as mp4"));
    #hold = new HoldButton((item) => { this.#item = { ...this.#item, held: item.held }; });
    #links = h("div", { class: "clip-links" });
    #aside = h("aside", { class: "clip-aside", "aria-label": "About this clip" }, this.#facts, this.#proofs, this.#save, this.#hold.element, this.#links);

    open(parameter) {
        if (this.#id !== parameter) this.#load(parameter);
    }

    close() {
        this.#close();
        this.#id = null;
    }

    build() {
        this.append(
            h("header", { class: "top" }, h("a", { class: "button back", href: "/archive", on: { click: (event) => this.#back(event) } }, icon("back", true), "Archive"), this.#title, h("span", { class: "push" }), lockButton(this.scope)),
            h("div", { class: "clip-body" }, this.#watch, this.#aside));
    }

    begin() {
        this.scope.listen(ownerLock, "change", () => this.#show());
        this.scope.listen(store, "cameras", () => { if (this.#item) this.#describe(); });
        this.scope.listen(document, "keydown", (event) => this.#key(event));
    }

    async #load(id) {
        this.#close();
        this.#id = id;
        this.#item = null;
        this.heading = "Sealed clip";
        fill(this.#watch, h("div", { class: "sealed-stage bone" }));
        this.#aside.hidden = true;
        try {
            this.#item = await get(`/api/v1/archive/${encodeURIComponent(id)}`, {}, this.#abort.signal);
        } catch (error) {
            if (this.#abort.signal.aborted) return;
            return void fill(this.#watch, error.isMissing
                ? blank("archive", "This clip is not in the archive", "It may have expired, or belong to another recorder.", h("a", { class: "button", href: "/archive" }, "All clips of the archive"))
                : failure(error, () => this.#load(id), ""));
        }
        this.#aside.hidden = false;
        this.#show();
    }

    /** Shows the clip, the form for the recovery code, or why there is nothing to open. */
    async #show() {
        this.#close();
        this.#describe();
        if (!hasBytes(this.#item)) {
            const { text, icon: picture } = meaning(this.#item.status);
            fill(this.#watch, blank(picture === "cross" ? "alert" : picture, text, remark(this.#item) ?? ""));
            return this.#showPictureAlone();
        }
        fill(this.#watch, h("div", { class: "sealed-stage bone" }));
        try {
            if (ownerLock.isOpen) await this.#open(ownerLock.keys);
            else if (await this.#isAvailable()) this.#ask("");
        } catch (error) {
            if (error.name === "AbortError") return;
            if (error instanceof Refusal) this.#ask(error.message);
            else fill(this.#watch, failure(error, () => this.#show(), ""));
        }
    }

    /** Shows the event's picture when the clip is missing: the picture is uploaded before the clip. */
    #showPictureAlone() {
        const [event] = this.#item.pictures ?? [];
        if (!event) return;
        const show = async (keys) => {
            const { signal } = this.#abort;
            const address = await sealedPicture(event, keys, signal);
            if (signal.aborted) return URL.revokeObjectURL(address);
            if (!ownerLock.isOpen) {
                URL.revokeObjectURL(address);
                return ownerLock.keep(keys); // its change event calls #show again
            }
            this.#still = { close: () => URL.revokeObjectURL(address) };
            this.#watch.prepend(h("img", { class: "sealed-still", src: address, alt: "The event's picture" }));
        };
        if (ownerLock.isOpen) return show(ownerLock.keys).catch(() => {}); // the reason why the clip is missing stays visible
        this.#watch.append(new Unlock(show, ...trustNotes(`/api/v1/archive/events/${encodeURIComponent(event)}/snapshot`, `${event}.grdn`)).element);
    }

    /** Returns whether any part can be opened, so that the user is not asked for a code in vain; otherwise shows the reason. */
    async #isAvailable() {
        const { signal } = this.#abort;
        const faults = await inspectParts(this.#item, signal);
        if (signal.aborted) return false;
        if (faults.some((each) => each.fault === null)) return true;
        this.#opened = faults;
        this.#describe();
        this.#showMissing();
        return false;
    }

    #showMissing() {
        const [first] = this.#opened;
        const events = this.#item.events.length > 0 ? "The recorder may still have the clip: see its event." : "";
        fill(this.#watch, blank("alert", first.isMissing ? "The sealed file is not there" : "The clip does not open", `${first.fault} ${events}`.trim(),
            h("button", { class: "button", type: "button", on: { click: () => this.#show() } }, "Try again")));
    }

    #ask(message) {
        const unlock = new Unlock((keys) => this.#unlocked(keys), ...trustNotes(`/api/v1/archive/${encodeURIComponent(this.#id)}?part=0`, `${this.#name}.grdn`));
        fill(this.#watch, unlock.element);
        if (message) unlock.say(message);
        if (matchMedia("(pointer: fine)").matches) unlock.focus();
    }

    /** Keeps the keys only if they open a part. */
    async #unlocked(keys) {
        const { signal } = this.#abort;
        await openParts(this.#item, keys, signal);
        if (!signal.aborted) ownerLock.keep(keys);
    }

    async #open(keys) {
        const { signal } = this.#abort;
        this.#wasUploading = this.#item.status === "uploading";
        this.#opened = await openParts(this.#item, keys, signal);
        if (signal.aborted) return;
        const clips = this.#opened.filter((each) => each.clip).map((each) => each.clip);
        this.#describe();
        if (clips.length === 0) return this.#showMissing();
        this.#save.hidden = false;
        announcer.say("The clip is open");
        if (isPicture(this.#item)) {
            this.#still = await showPicture(clips[0], signal);
            return void fill(this.#watch, this.#still.element);
        }
        this.#stage = new Stage();
        this.#stage.player.addEventListener("fault", ({ detail }) => this.#fault(detail));
        this.#stage.player.addEventListener("state", () => this.#describeProofs());
        fill(this.#watch, this.#stage.element);
        this.#showPoster(this.#stage.player.video, keys, signal);
        await this.#readEndings();
        await this.#stage.player.open(clips).catch((error) => this.#fault(error));
    }

    /** Shows the event's picture until the clip's first frame is loaded. */
    async #showPoster(video, keys, signal) {
        const [event] = this.#item.pictures ?? [];
        if (!event) return;
        const address = await sealedPicture(event, keys, signal).catch(() => null); // the clip shows without it
        if (!address) return;
        if (signal.aborted) return URL.revokeObjectURL(address);
        this.#still = { close: () => URL.revokeObjectURL(address) };
        video.poster = address;
    }

    async #readEndings() {
        for (const each of this.#opened) {
            if (!each.clip) continue;
            try {
                each.ending = await each.clip.ending();
            } catch (error) {
                each.fault ??= error.message;
            }
        }
        this.#describeProofs();
    }

    #fault(error) {
        if (this.#abort.signal.aborted) return;
        this.#stage?.say(`${error.message} ${this.#stage.player.duration > 0 ? "The video before this point can be played." : ""}`.trim());
        announcer.say(error.message);
    }

    #close() {
        this.#abort.abort();
        this.#abort = new AbortController();
        this.#stage?.close();
        this.#stage = null;
        this.#still?.close();
        this.#still = null;
        this.#opened = [];
        this.#save.hidden = true;
    }

    get #name() {
        return `${this.#item.camera ?? "camera"}-${this.#item.startedAt.slice(0, 19).replaceAll(":", "-")}`;
    }

    #describe() {
        const item = this.#item;
        const title = `${cameraOf(item)}, ${when(item.startedAt)}`;
        write(this.#title, title);
        this.#hold.show(item);
        this.heading = `${title}`;
        this.#save.querySelector("span").textContent = isPicture(item) ? "Save as jpg" : "Save as mp4";
        const rows = [
            ["When", when(item.startedAt)], ["Camera", cameraOf(item)], item.duration !== null && ["Length", stay(item.duration)], ["Sealed", bytes(item.size)],
            item.parts.length > 1 && ["Parts", String(item.parts.length)],
        ].filter(Boolean);
        fill(this.#facts, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "figures" }, value))));
        fill(this.#links, ...item.events.slice(0, 3).map((id, index) => h("a", { class: "button", href: `/events/${encodeURIComponent(id)}` }, item.events.length > 1 ? `Event ${index + 1}` : "Its event")));
        this.#describeProofs();
    }

    #describeProofs() {
        const item = this.#item;
        const { kind, text } = meaning(item.status);
        const stored = item.parts.map((part) => part.storedAt).filter(Boolean).map(ms);
        const keyIds = [...new Set(item.parts.flatMap((part) => part.keyIds))];
        const proofs = [
            this.#opened.some((each) => each.isMissing) ? ["bad", "Part of it is missing in the object store", "The archive has a receipt for it, but the object store has no such object."]
                : [kind === "calm" ? "run" : kind, item.status === "stored" ? "Sealed in your archive" : text, remark(item) ?? (stored.length > 0 ? `Since ${when(Math.max(...stored))}` : "")],
            ["well", "Only a recovery code opens it", keyIds.length > 0 ? `Sealed to ${keyIds.length === 1 ? "the key" : "the keys"} ${keyIds.join(", ")}` : ""],
            ...this.#opened.flatMap((each, index) => this.#partProof(each, this.#opened[index + 1])),
        ];
        const key = JSON.stringify(proofs);
        if (this.#proofs.dataset.key === key) return;
        this.#proofs.dataset.key = key;
        fill(this.#proofs, ...proofs.map(([state, head, detail]) => h("li", { class: state }, h("span", { class: "proof-mark" }, icon({ well: "check", run: "clock", warn: "alert", bad: "alert" }[state])), h("div", {}, h("strong", {}, head), detail && h("span", { class: "figures" }, detail)))));
    }

    #partProof({ part, clip, fault, ending }, next) {
        const name = this.#opened.length > 1 ? `Part ${part + 1}` : "The clip";
        if (fault) return [["bad", `${name} is not whole`, fault]];
        if (!clip) return [];
        const device = clip.header.deviceKey;
        const proofs = [["well", `${name} opens`, `Signed by the recorder with key ${device.slice(0, 8)}…${clip.isClassical ? "; one of its recipients is not safe from quantum computers" : ""}`]];
        if (ending?.kind !== "interrupted") return proofs;
        if (next?.clip && !next.fault) {
            const gap = this.#gapBefore(next.clip);
            proofs.push([gap >= 0.5 ? "warn" : "well", `${name} was cut off`, junction(gap)]);
        } else if (this.#wasUploading) proofs.push(["run", `${name} is still being uploaded`, "You see what had arrived when you opened it. Open it again for more."]);
        else proofs.push(["warn", `${name} ends early`, `${ending.words}${this.#endsAt(part)}`]);
        return proofs;
    }

    #gapBefore(clip) {
        const index = this.#opened.filter((each) => each.clip).findIndex((each) => each.clip === clip);
        return this.#stage?.player.gaps[index] ?? null;
    }

    #endsAt(part) {
        const player = this.#stage?.player;
        if (!player || player.duration === 0 || part !== this.#opened.at(-1).part) return "";
        return ` It ends after ${stay(player.duration * 1000)}${this.#opened.length === 1 ? `, at ${clock(ms(this.#item.startedAt) + player.duration * 1000)}` : ""}.`;
    }

    async #saveAll() {
        const { signal } = this.#abort;
        const label = this.#save.querySelector("span");
        const before = label.textContent;
        this.#save.disabled = true;
        try {
            await save(this.#opened.filter((each) => each.clip).map((each) => each.clip), this.#name, (share) => write(label, `Opening ${percent(share)}`), signal);
            announcer.say("Saved");
        } catch (error) {
            if (!signal.aborted) this.#stage?.say(`Not saved. ${error.message}`);
        } finally {
            this.#save.disabled = false;
            write(label, before);
        }
    }

    #back(event) {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go("/archive");
    }

    #key(event) {
        if (isWriting(event)) return;
        if (event.key === "Escape" && !document.fullscreenElement) this.#back(event);
        else if (!this.#stage?.key(event)) return;
        event.preventDefault();
    }
}

/** Explains what a user who does not trust this page can do: a node could serve a manipulated page. */
export function trustNotes(sealedAddress, sealedName) {
    return [
        h("p", {}, "The code stays in this page: it is never sent, and it is forgotten when you lock or close the page. But a manipulated node could serve a manipulated page."),
        h("p", {}, "If you do not trust it, open the sealed file elsewhere: with ", h("code", {}, "open.html"), " of a signed release, without any network, or with ", h("code", {}, "guardian archive open"), "."),
        h("p", { class: "code-links" },
            h("a", { class: "button", href: sealedAddress, download: sealedName }, icon("save", true), "Sealed file"), h("a", { class: "button", href: "/open.html", download: "open.html" }, icon("save", true), "open.html")),
    ];
}

customElements.define("archived-clip-page", ArchivedClipPage);
