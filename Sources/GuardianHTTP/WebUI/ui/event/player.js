import { h, svg, write } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { labelName, percent } from "../parts/format.js";
import { pathAt } from "../parts/path.js";
import { Timeline } from "./timeline.js";

const lead = 2000;
const growsAgain = 1500;

/**
 * Plays an event's clips, one after the other, with the box that follows over them. Tells `time` (the position moved), `state` (playing or
 * not, speed, box) on itself.
 */
export class ClipPlayer extends EventTarget {
    #event;
    #timeline;
    #part = null;
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
        for (const name of ["play", "pause", "ratechange", "volumechange"]) video.addEventListener(name, () => this.#tell("state"));
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
    get position() { return this.#pending ?? (this.#part ? this.#part.begin + this.#video.currentTime * 1000 : 0); }

    update(event) {
        this.#event = event;
        this.#timeline = new Timeline(event, this.#lengths, this.#isWhole);
        if (this.#part) this.#part = this.#timeline.clips.find((part) => part.clip.id === this.#part.clip.id) ?? this.#part;
        else if (this.#pending !== null && this.#timeline.clips.length > 0) this.seek(this.#timeline.origin - lead);
        write(this.#label, `${labelName(event.label)} ${percent(event.confidence)}`);
        this.#draw(true);
    }

    begin() {
        if (this.#timeline.clips.length === 0) {
            this.#pending = 0;
            return this.#say("The clip is being written: it appears here by itself.");
        }
        this.seek(Math.max(0, this.#timeline.origin - lead));
        this.play();
    }

    play() {
        if (this.#video.ended || this.position >= this.#timeline.to - 60) this.seek(Math.max(this.#timeline.from, this.#timeline.origin - lead));
        this.#video.play().catch(() => this.#tell("state"));
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
        const part = this.#timeline.partAt(target);
        if (!part) return;
        if (this.#part?.clip.id === part.clip.id && this.#video.readyState > 0) {
            this.#video.currentTime = (target - part.begin) / 1000;
        } else {
            this.#pending = target;
            this.#load(part);
        }
        this.#draw(true);
    }

    setSpeed(speed) { this.#video.playbackRate = speed; this.#video.defaultPlaybackRate = speed; }
    toggleBox() { this.#showsBox = !this.#showsBox; this.#draw(true); this.#tell("state"); }

    /** The visit with a little around it, or the whole clip that shows it. */
    toggleWhole() {
        this.#isWhole = !this.#isWhole;
        this.update(this.#event);
        this.#tell("state");
    }

    wholeScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else this.element.requestFullscreen?.().catch(() => {});
    }

    close() {
        this.#isClosed = true;
        clearTimeout(this.#timer);
        this.#video.removeAttribute("src");
        this.#video.load();
    }

    #load(part) {
        const isPlaying = this.isPlaying || this.#video.autoplay;
        this.#part = part;
        this.#message.hidden = true;
        // Begins where it is wanted, not at the clip's first picture.
        const begin = Math.max(0, (this.#pending ?? part.begin) - part.begin) / 1000;
        this.#video.src = `${part.clip.url ?? `/api/v1/clips/${part.clip.id}.mp4`}#t=${begin.toFixed(3)}`;
        if (isPlaying) this.#video.play().catch(() => {});
    }

    #ready() {
        if (this.#part && Number.isFinite(this.#video.duration)) {
            this.#lengths.set(this.#part.clip.id, this.#video.duration * 1000);
            if (this.#part.clip.state !== "complete") {
                this.update(this.#event);
                this.#tell("state");
            }
        }
        if (this.#pending === null || !this.#part) return;
        const wanted = (this.#pending - this.#part.begin) / 1000;
        if (Math.abs(this.#video.currentTime - wanted) > 0.05) this.#video.currentTime = wanted;
        this.#pending = null;
    }

    #ended() {
        const next = this.#timeline.clips[this.#timeline.clips.findIndex((part) => part.clip.id === this.#part?.clip.id) + 1];
        if (next) {
            this.#pending = next.begin;
            this.#load(next);
            this.#video.play().catch(() => {});
        } else if (this.#part?.clip.state === "recording" && this.#event.state !== "interrupted") {
            // The clip still grows: what came meanwhile is asked for.
            const reached = this.position;
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => {
                if (this.#isClosed || !this.#video.ended) return;
                this.#pending = reached;
                this.#load(this.#part);
                this.#video.play().catch(() => {});
            }, growsAgain);
        }
        this.#tell("state");
    }

    /** The element says little on why: the address is asked, and answers in words. */
    async #failed() {
        const address = this.#video.getAttribute("src");
        if (!address) return;
        const reached = this.position;
        const answer = await fetch(address, { headers: { Range: "bytes=0-0" } }).catch(() => null);
        if (this.#isClosed) return;
        if (answer && !answer.ok && answer.status < 500) {
            const problem = await answer.json().catch(() => null);
            return this.#say(problem?.detail ?? "The clip is not here any more.");
        }
        if (answer?.ok && this.#video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) {
            return this.#say("This browser cannot play the clip. It is whole: download it to watch it.");
        }
        this.#say("The clip did not come. Trying again by itself.");
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            if (this.#isClosed || !this.#part) return;
            this.#pending = reached;
            this.#load(this.#part);
        }, 3000);
    }

    #say(words) {
        this.#message.hidden = false;
        write(this.#message, words);
    }

    #setShape(width, height) {
        this.#frame.style.setProperty("--shape", String(width / height));
    }

    /** The box moves with the picture, not with the clock, where the browser tells of each frame. */
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
        // Plays to the end of what is shown, and on where somebody went beyond it.
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
        this.#tell("time");
    }

    #tell(name) {
        this.#frame.classList.toggle("plays", this.isPlaying);
        this.#cover.setAttribute("aria-label", this.isPlaying ? "Pause" : "Play");
        this.dispatchEvent(new Event(name));
    }
}
