// The page open.html, which opens sealed clips from files without a server and a network. `scripts/open-page` bundles it into one file.
import { h, fill, write } from "../../common/dom.js";
import { bytes, percent, stay } from "../../common/format.js";
import { icon } from "../../common/icons.js";
import { showPicture } from "../clip/picture.js";
import { save } from "../clip/save.js";
import { follows, junction } from "../clip/sequence.js";
import { Stage } from "../clip/stage.js";
import { Unlock } from "../clip/unlock.js";
import { inspect, open } from "../sealed/open.js";
import { Refusal } from "../sealed/refusal.js";
import { BlobSource } from "../sealed/source.js";

/** Lets the user choose sealed files and shows the opened clip. */
class OfflinePage {
    #main = h("main", { class: "offline" });
    #notes = h("ul", { class: "card offline-notes", hidden: true });
    /** A list with this role would be no list any more. */
    #announced = h("div", { role: "status" }, this.#notes);
    #stage = null;
    #still = null;
    #abort = new AbortController();
    #picker = h("input", { type: "file", accept: ".grdn", multiple: true, class: "unseen", id: "files", "aria-label": "Sealed files", on: { change: () => this.#choose([...this.#picker.files]) } });

    begin(place) {
        place.replaceChildren(h("header", { class: "top" }, h("span", { class: "offline-mark" }, icon("archive")), h("h1", {}, "Open a sealed clip"), h("span", { class: "push" }),
            h("button", { class: "button", type: "button", on: { click: () => this.#start() } }, "Another file")), this.#main);
        addEventListener("dragover", (event) => event.preventDefault());
        addEventListener("drop", (event) => {
            event.preventDefault();
            this.#choose([...event.dataTransfer.files]);
        });
        addEventListener("keydown", (event) => {
            if (event.target.closest?.("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
            if (this.#stage?.key(event)) event.preventDefault();
        });
        this.#start();
    }

    #start(message = "") {
        this.#close();
        this.#picker.value = "";
        fill(this.#main, h("section", { class: "card offline-start" }, h("span", { class: "unlock-mark" }, icon("archive")),
            h("h2", {}, "Choose a sealed file"), h("p", {}, "Its name ends in .grdn. You can choose all parts of a clip together, or drop them here."),
            h("label", { class: "button primary", for: "files" }, "Choose"), this.#picker, message && h("p", { class: "code-said", role: "alert" }, message),
            h("p", { class: "quiet" }, "This page needs no network and cannot use one: its security policy forbids all connections. It needs a current browser with ML-KEM, such as Chromium 156.")));
    }

    /** Reads the headers of the files, which needs no code: clip and part. */
    async #choose(files) {
        if (files.length === 0) return;
        this.#close();
        const parts = [];
        for (const file of files) {
            try {
                const source = new BlobSource(file);
                parts.push({ file, source, header: await inspect(source) });
            } catch (error) {
                if (!(error instanceof Refusal)) throw error;
                return this.#start(`${file.name}: ${error.message}`);
            }
        }
        parts.sort((one, other) => one.header.part - other.header.part);
        if (new Set(parts.map((each) => each.header.clipId)).size > 1) return this.#start("These are parts of several clips. Choose the parts of one clip.");
        this.#ask(parts);
    }

    #ask(parts) {
        const [{ header }] = parts;
        const unlock = new Unlock((keys) => this.#open(parts, keys), h("p", {}, "The code stays in this page and in memory; it is forgotten when you close it."));
        fill(this.#main, unlock.element, facts([
            ["Clip", header.clipId], ["Camera", header.cameraId], ["Sealed", bytes(parts.reduce((sum, each) => sum + each.file.size, 0))], ["Parts", parts.map((each) => each.header.part + 1).join(", ")], ["Recorder's key", header.deviceKey],
        ]));
        unlock.focus();
    }

    async #open(parts, keys) {
        const { signal } = this.#abort;
        const clips = [];
        this.#notes.replaceChildren();
        for (const { source, header } of parts) {
            try {
                const clip = await open(source, keys, { clipId: header.clipId, part: header.part });
                const fault = follows(clips.at(-1) ?? null, clip);
                if (fault) this.#note("alert", `Part ${header.part + 1}: ${fault}`);
                clips.push(clip);
            } catch (error) {
                if (parts.length === 1 || !(error instanceof Refusal) || ["not sealed to this key", "no ML-KEM", "no X25519"].includes(error.reason)) throw error;
                this.#note("alert", `Part ${header.part + 1}: ${error.message}`);
            }
        }
        if (clips.length === 0) throw new Refusal("damaged key");
        await this.#show(clips, signal);
    }

    async #show(clips, signal) {
        const label = h("span", {}, clips[0].header.contentType === "image/jpeg" ? "Save as jpg" : "Save as mp4");
        const button = h("button", { class: "button primary", type: "button", on: { click: () => this.#save(clips, button, label, signal) } }, icon("save", true), label);
        if (clips.some((clip) => clip.isClassical)) this.#note("eye", "One of its recipients uses X25519 alone: a quantum computer could open it.");
        if (clips[0].header.contentType === "image/jpeg") {
            this.#still = await showPicture(clips[0], signal);
            return void fill(this.#main, this.#still.element, this.#announced, button);
        }
        this.#stage = new Stage();
        this.#stage.player.addEventListener("fault", ({ detail }) => this.#note("alert", detail.message));
        fill(this.#main, this.#stage.element, this.#announced, button);
        await this.#stage.player.open(clips).catch((error) => this.#note("alert", error.message));
        for (const [index, clip] of clips.entries()) {
            const ending = await clip.ending().catch((error) => ({ kind: "refused", words: error.message }));
            const name = clips.length > 1 ? `Part ${clip.header.part + 1}: ` : "";
            const length = clips.length === 1 && ending.kind !== "refused" ? ` It lasts ${stay(this.#stage?.player.duration * 1000 || 0)}.` : "";
            const next = clips[index + 1];
            if (ending.kind === "interrupted" && next && follows(clip, next) === null) {
                const gap = this.#stage?.player.gaps[index + 1] ?? null;
                this.#note(gap >= 0.5 ? "alert" : "check", `${name}It was cut off. ${junction(gap)}`);
            } else this.#note(ending.kind === "complete" ? "check" : "alert", `${name}${ending.words}${length}`);
        }
    }

    async #save(clips, button, label, signal) {
        const before = label.textContent;
        button.disabled = true;
        try {
            await save(clips, `clip-${clips[0].header.clipId}`, (share) => write(label, `Opening ${percent(share)}`), signal);
        } catch (error) {
            if (!signal.aborted) this.#note("alert", `Not saved. ${error.message}`);
        } finally {
            button.disabled = false;
            write(label, before);
        }
    }

    #note(picture, text) {
        if ([...this.#notes.children].some((each) => each.textContent === text)) return;
        this.#notes.hidden = false;
        this.#notes.append(h("li", { class: picture }, icon(picture, true), h("span", {}, text)));
    }

    #close() {
        this.#abort.abort();
        this.#abort = new AbortController();
        this.#stage?.close();
        this.#stage = null;
        this.#still?.close();
        this.#still = null;
        this.#notes.replaceChildren();
        this.#notes.hidden = true;
    }
}

const facts = (rows) => h("dl", { class: "card offline-facts" }, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "figures" }, value))));

new OfflinePage().begin(document.body);
