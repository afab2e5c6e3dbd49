import { h, svg, write } from "../common/dom.js";
import { filmOf } from "../common/film.js";
import { icon } from "../common/icons.js";
import { labelName, percent } from "../common/format.js";
import { pathAt } from "../common/path.js";
import { Timeline } from "./timeline.js";

/** Milliseconds before the event at which playback begins. */
const lead = 2000;
/** Milliseconds after which a clip that is being recorded is loaded again at its end. */
const reloadDelay = 1500;

/**
 * Plays an event's clips one after the other and draws the moving box over them. Dispatches `time` (the position changed) and `state`
 * (playing or paused, speed, box changed).
 */
export class ClipPlayer extends EventTarget {
    #event;
    #timeline;
    #current = null;
    #pending = null;
    #timer = 0;
    #lengths = new Map();
    #isClosed = false;
    #showsBox = true;
    #isWhole = false;
    #lastShown = -1;
    #frameLength = 1000 / 15;
    #frameTime = 0;
    #video = h("video", { props: { muted: true, playsInline: true, preload: "auto", disablePictureInPicture: true }, tabindex: "-1" });
    #poster = h("img", { class: "poster", alt: "", draggable: "false" });
    #label = h("span", { class: "box-label" });
    #box = h("div", { class: "follow", hidden: true }, this.#label);
    #trail = svg("polyline", { class: "trail" });
    #trailView = svg("svg", { class: "trail-view", viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" }, this.#trail);
    #message = h("div", { class: "clip-message", hidden: true, role: "status" });
    #cover = h("button", { class: "clip-cover", type: "button", "aria-label": "Play", on: { click: () => this.toggle() } }, h("span", { class: "big-play" }, icon("play")));
    #frame = h("div", { class: "picture" }, this.#poster, this.#video, this.#trailView, this.#box, this.#cover, this.#message);

    constructor(event) {
        super();
        this.element = h("div", { class: "stage" }, this.#frame);
        this.update(event);
        if (event.snapshot?.url) {
            this.#poster.src = event.snapshot.url;
            this.element.prepend(h("img", { class: "backdrop", alt: "", src: event.snapshot.url }));
        }
        this.#setShape(event.snapshot?.width ?? 16, event.snapshot?.height ?? 9);
        const video = this.#video;
        video.addEventListener("loadedmetadata", () => this.#ready());
        video.addEventListener("resize", () => { if (video.videoWidth) this.#setShape(video.videoWidth, video.videoHeight); });
        for (const name of ["play", "pause", "ratechange", "volumechange"]) video.addEventListener(name, () => this.#emit("state"));
        for (const name of ["timeupdate", "seeking", "seeked"]) video.addEventListener(name, () => this.#draw());
        video.addEventListener("loadeddata", () => { this.#frame.classList.add("there"); });
        video.addEventListener("ended", () => this.#ended());
        video.addEventListener("error", () => this.#failed());
        this.#watchFrames();
    }

    get timeline() { return this.#timeline; }
    get video() { return this.#video; }
    get isPlaying() { return !this.#video.paused && !this.#video.ended; }
    get speed() { return this.#video.playbackRate; }
    get showsBox() { return this.#showsBox; }
    get isWhole() { return this.#isWhole; }
    get bestOffset() { return this.#timeline.bestOffset; }
    get position() { return this.#pending ?? (this.#current ? this.#current.begin + this.#video.currentTime * 1000 : 0); }

    update(event) {
        this.#event = event;
        this.#timeline = new Timeline(event, this.#lengths, this.#isWhole);
        if (this.#current) this.#current = this.#timeline.clips.find((item) => item.clip.id === this.#current.clip.id) ?? this.#current;
        else if (this.#pending !== null && this.#timeline.clips.length > 0) this.seek(this.#timeline.origin - lead);
        write(this.#label, `${labelName(event.label)} ${percent(event.confidence)}`);
        this.#draw(true);
    }

    begin() {
        if (this.#timeline.clips.length === 0) {
            this.#pending = 0;
            return this.#say("The clip is being written; it appears here automatically.");
        }
        this.seek(Math.max(0, this.#timeline.origin - lead));
        this.play();
    }

    play() {
        if (this.#video.ended || this.position >= this.#timeline.to - 60) this.seek(Math.max(this.#timeline.from, this.#timeline.origin - lead));
        this.#video.play().catch(() => this.#emit("state"));
    }

    pause() { this.#video.pause(); }
    toggle() { if (this.isPlaying) this.pause(); else this.play(); }
    skip(milliseconds) { this.seek(this.position + milliseconds); }
    seekEvent(offset) { this.pause(); this.seek(this.#timeline.origin + offset); }

    frame(step) {
        this.pause();
        this.seek(this.position + step * this.#frameLength);
    }

    seek(position) {
        const target = Math.min(Math.max(this.#timeline.from, position), this.#timeline.to - 1);
        const item = this.#timeline.clipAt(target);
        if (!item) return;
        if (this.#current?.clip.id === item.clip.id && this.#video.readyState > 0) {
            this.#video.currentTime = (target - item.begin) / 1000;
        } else {
            this.#pending = target;
            this.#load(item);
        }
        this.#draw(true);
    }

    setSpeed(speed) { this.#video.playbackRate = speed; this.#video.defaultPlaybackRate = speed; }
    toggleBox() { this.#showsBox = !this.#showsBox; this.#draw(true); this.#emit("state"); }

    /** Switches between the event with a few seconds around it and the whole clip. */
    toggleWhole() {
        this.#isWhole = !this.#isWhole;
        this.update(this.#event);
        this.#emit("state");
    }

    toggleFullScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else this.element.requestFullscreen?.().catch(() => {});
    }

    close() {
        this.#isClosed = true;
        clearTimeout(this.#timer);
        this.#video.removeAttribute("src");
        this.#video.load();
    }

    #load(item) {
        const isPlaying = this.isPlaying || this.#video.autoplay;
        this.#current = item;
        this.#message.hidden = true;
        // The fragment `#t=` makes the browser load the wanted position instead of the clip's first frame.
        const begin = Math.max(0, (this.#pending ?? item.begin) - item.begin) / 1000;
        this.#video.src = `${filmOf(item.clip)}#t=${begin.toFixed(3)}`;
        if (isPlaying) this.#video.play().catch(() => {});
    }

    #ready() {
        if (this.#current && Number.isFinite(this.#video.duration)) {
            this.#lengths.set(this.#current.clip.id, this.#video.duration * 1000);
            if (this.#current.clip.state !== "complete") {
                this.update(this.#event);
                this.#emit("state");
            }
        }
        if (this.#pending === null || !this.#current) return;
        const wanted = (this.#pending - this.#current.begin) / 1000;
        if (Math.abs(this.#video.currentTime - wanted) > 0.05) this.#video.currentTime = wanted;
        this.#pending = null;
    }

    #ended() {
        const next = this.#timeline.clips[this.#timeline.clips.findIndex((item) => item.clip.id === this.#current?.clip.id) + 1];
        if (next) {
            this.#pending = next.begin;
            this.#load(next);
            this.#video.play().catch(() => {});
        } else if (this.#current?.clip.state === "recording" && this.#event.state !== "interrupted") {
            // The clip is still being recorded: load it again for the bytes that were added.
            const reached = this.position;
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => {
                if (this.#isClosed || !this.#video.ended) return;
                this.#pending = reached;
                this.#load(this.#current);
                this.#video.play().catch(() => {});
            }, reloadDelay);
        }
        this.#emit("state");
    }

    /** Shows why loading failed. The media element gives no reason, so the file is requested again for its problem response. */
    async #failed() {
        const address = this.#video.getAttribute("src");
        if (!address) return;
        const reached = this.position;
        const answer = await fetch(address, { headers: { Range: "bytes=0-0" } }).catch(() => null);
        if (this.#isClosed) return;
        if (answer && !answer.ok && answer.status < 500) {
            const problem = await answer.json().catch(() => null);
            return this.#say(problem?.detail ?? "The clip no longer exists.");
        }
        if (answer?.ok && this.#video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) {
            return this.#say("This browser cannot play the clip. The file is intact: download it to watch it.");
        }
        this.#say("The clip did not load. Retrying automatically.");
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            if (this.#isClosed || !this.#current) return;
            this.#pending = reached;
            this.#load(this.#current);
        }, 3000);
    }

    #say(text) {
        this.#message.hidden = false;
        write(this.#message, text);
    }

    #setShape(width, height) {
        this.#frame.style.setProperty("--shape", String(width / height));
    }

    /** Draws the box for each displayed frame where the browser reports frames, otherwise for each animation frame. */
    #watchFrames() {
        if (this.#isClosed) return;
        const again = () => { this.#draw(); this.#watchFrames(); };
        if (this.#video.requestVideoFrameCallback) {
            this.#video.requestVideoFrameCallback((_, frame) => {
                const since = (frame.mediaTime - this.#frameTime) * 1000;
                if (since > 8 && since < 500) this.#frameLength = since;
                this.#frameTime = frame.mediaTime;
                again();
            });
        } else requestAnimationFrame(again);
    }

    #draw(force = false) {
        const position = this.position;
        if (!force && position === this.#lastShown) return;
        // Pauses at the end of the shown range, unless the user seeked beyond it.
        const { to, duration } = this.#timeline;
        const crosses = this.#lastShown < to && position >= to && position < to + 1000;
        this.#lastShown = position;
        if (this.isPlaying && crosses && to < duration - 100) this.pause();
        const offset = position - this.#timeline.origin;
        const at = this.#showsBox ? pathAt(this.#event.path, offset) : null;
        this.#box.hidden = !at;
        this.#trailView.toggleAttribute("hidden", !this.#showsBox);
        if (at) {
            for (const [side, value] of [["left", at.x], ["top", at.y], ["width", at.width], ["height", at.height]]) this.#box.style[side] = `${value * 100}%`;
            this.#box.classList.toggle("high", at.y < 0.07);
            this.#box.classList.toggle("far", at.x + at.width > 0.88);
            const feet = (this.#event.path ?? []).filter(([time]) => time <= offset).map(([, x, y, width, height]) => `${x + width / 2},${y + height}`);
            this.#trail.setAttribute("points", [...feet, `${at.x + at.width / 2},${at.y + at.height}`].join(" "));
        } else this.#trail.setAttribute("points", "");
        this.#emit("time");
    }

    #emit(name) {
        this.#frame.classList.toggle("plays", this.isPlaying);
        this.#cover.setAttribute("aria-label", this.isPlaying ? "Pause" : "Play");
        this.dispatchEvent(new Event(name));
    }
}
