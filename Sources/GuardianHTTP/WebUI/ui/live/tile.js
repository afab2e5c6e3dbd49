import { h, fill, write } from "../common/dom.js";
import { clock, codecName, shortly, span } from "../common/format.js";
import { icon } from "../common/icons.js";
import { LivePlayer, canPlay } from "./player.js";
import { Stills } from "./stills.js";

const stalledAfter = 4000;
const offWords = { connecting: "Connecting", stopped: "Stopped", paused: "Paused" };

/** The tile of one camera's live view: the video, who is in view, and the reason when there is no new frame. */
export class LiveTile {
    #camera;
    #player = null;
    #stills = null;
    #unplayable = false;
    #codecs = "";
    #linkedAt = performance.now();
    #lostState = null;
    #video = h("video", { props: { muted: true, playsInline: true, autoplay: true, disablePictureInPicture: true }, "aria-hidden": "true", tabindex: "-1" });
    #still = h("img", { class: "still", alt: "", draggable: "false" });
    #isStillAsked = false;
    #badge = h("span", { class: "badge" });
    #person = h("span", { class: "badge person", hidden: true });
    #behind = h("span", { class: "badge behind figures", hidden: true });
    #name = h("span", { class: "name" });
    #clock = h("time", { class: "clock" });
    #reason = h("p", { class: "reason" });
    #coverIcon = h("span", { class: "cover-icon" }, icon("alert"));
    #cover = h("div", { class: "cover", hidden: true }, this.#coverIcon, this.#reason);
    button = h("button", { class: "open", type: "button" });

    constructor(camera, number) {
        this.number = number;
        this.tools = h("div", { class: "tools", hidden: true });
        this.element = h("article", { class: "tile", data: { camera: camera.id } },
            this.#still, this.#video, this.#cover,
            h("div", { class: "badges" }, this.#badge, this.#person, this.#behind),
            h("div", { class: "caption" }, this.#name, this.#clock), this.button, this.tools);
        this.#still.addEventListener("load", () => this.element.classList.add("has-still"), { once: true });
        this.#video.addEventListener("playing", () => this.element.classList.add("plays"));
        this.update(camera);
    }

    get camera() { return this.#camera; }
    get video() { return this.#video; }

    update(camera) {
        this.#camera = camera;
        if (camera.state === "live") this.#lostState = null;
        // A paused camera has no picture to ask for.
        if (camera.state !== "paused" && !this.#isStillAsked) {
            this.#isStillAsked = true;
            this.#still.src = `/api/v1/cameras/${encodeURIComponent(camera.id)}/snapshot.jpg`;
        }
        write(this.#name, camera.name);
        this.tick();
    }

    /** Shows who is in view, as an outline and a badge. */
    show(people, isFull) {
        const labels = [...new Set(people)];
        this.element.classList.toggle("alert", people.length > 0);
        this.#person.hidden = people.length === 0;
        write(this.#person, labels.join(", "));
        const state = this.#camera.state === "live" ? "live" : this.#camera.state;
        const label = isFull
            ? `Back to all cameras from ${this.#camera.name}`
            : `${this.#camera.name}, ${state}${people.length ? `, ${labels.join(", ").toLowerCase()} in view` : ""}. Open.`;
        if (this.button.getAttribute("aria-label") !== label) this.button.setAttribute("aria-label", label);
    }

    start(codecs, init) {
        this.#lostState = null;
        this.#codecs = codecs;
        if (!canPlay(codecs)) return this.#useStills();
        this.#unplayable = false;
        this.#stills?.close();
        this.#stills = null;
        this.#player ??= new LivePlayer(this.#video, () => this.#restart());
        this.#player.start(codecs, init);
    }

    fragment(bytes) { this.#player?.append(bytes); }

    state(state) {
        this.#lostState = state.state === "live" ? null : state;
        this.tick();
    }

    link(isOpen) { if (isOpen) this.#linkedAt = performance.now(); }

    /** Updates badge, cover and clock; the clock is shown only while new frames arrive. */
    tick(showsBehind = false) {
        const movedAt = (this.#player ?? this.#stills)?.movedAt ?? 0;
        const now = performance.now();
        const moves = movedAt > 0 && now - movedAt < stalledAfter;
        // What the owner did explains best why there is no picture.
        const isPaused = this.#camera.state === "paused";
        const lost = isPaused ? this.#camera : this.#lostState ?? (this.#camera.state === "live" || moves ? null : this.#camera);
        const isStalled = !moves && !lost && now - Math.max(movedAt, this.#linkedAt) > stalledAfter;
        this.element.classList.toggle("lost", Boolean(lost) || isStalled);
        this.#cover.hidden = !lost && !isStalled;
        if (lost) this.#showLost(lost);
        else if (isStalled) this.#showStalled(movedAt && Date.now() - (now - movedAt));
        this.#badge.className = `badge ${moves && !lost ? "on-air" : "off-air"}`;
        const text = lost ? offWords[lost.state] ?? "Lost" : this.#unplayable ? "Stills" : moves ? "Live" : isStalled ? "Stalled" : "Connecting";
        write(this.#badge, text);
        this.#badge.title = this.#unplayable ? `This browser does not play ${codecName(this.#camera.codec)}: it shows one picture a second. The recording is not affected.` : "";
        if (moves && !lost) write(this.#clock, clock(Date.now()));
        this.#clock.hidden = !moves || Boolean(lost);
        const behind = this.#player?.behind;
        this.#behind.hidden = !(showsBehind && moves && !lost && behind != null);
        if (!this.#behind.hidden) write(this.#behind, `${span(behind * 1000)} behind`);
    }

    close() {
        this.#player?.close();
        this.#stills?.close();
    }

    #showLost(lost) {
        const why = lost.reason ?? lost.lastFailure;
        const key = `${lost.state}|${lost.since}|${why}`;
        if (this.#cover.dataset.key === key) return;
        this.#cover.dataset.key = key;
        const since = lost.since ? ` since ${shortly(lost.since)}` : "";
        fill(this.#coverIcon, icon(lost.state === "paused" ? "pause" : "alert"));
        if (lost.state === "paused") return void fill(this.#reason, h("strong", {}, `Paused${since}`), h("span", {}, "Nothing of it is recorded."));
        fill(this.#reason, h("strong", {}, offWords[lost.state] ?? `No picture${since}`), why && lost.state !== "stopped" && h("span", {}, why));
    }

    #showStalled(since) {
        const key = `stalled|${Math.round(since / 1000)}`;
        if (this.#cover.dataset.key === key) return;
        this.#cover.dataset.key = key;
        fill(this.#coverIcon, icon("alert"));
        fill(this.#reason, h("strong", {}, since ? `No new picture since ${clock(since)}` : "No picture yet"), h("span", {}, "Retrying automatically."));
    }

    #useStills() {
        this.#unplayable = true;
        this.#player?.close();
        this.#player = null;
        this.element.classList.remove("plays");
        this.#stills ??= new Stills(this.#still, this.#camera.id);
    }

    /** Discards the player after a playback error and requests a new connection, whose start record creates a new player. */
    #restart() {
        this.#player?.close();
        this.#player = null;
        this.element.dispatchEvent(new CustomEvent("broken", { bubbles: true }));
    }
}
