import { h, fill, write } from "../../common/dom.js";
import { counter } from "../../common/format.js";
import { icon } from "../../common/icons.js";
import { SealedPlayer } from "../playback/player.js";

const speeds = [1, 2, 4, 0.5];

/** The video with its controls; plays opened parts. `player` dispatches `fault` (detail: the error), `time` and `state`. */
export class Stage {
    player = new SealedPlayer();
    #play = control("play", "Play", () => this.player.toggle());
    #sound = control("mute", "Sound on", () => { this.player.video.muted = !this.player.video.muted; });
    #speed = h("button", { class: "control word figures", type: "button", on: { click: () => this.#nextSpeed() } });
    #slider = h("input", { class: "place-range", type: "range", min: 0, max: 0, step: 0.1, value: 0, "aria-label": "Position in the clip", on: { input: () => this.player.seek(Number(this.#slider.value)) } });
    #counter = h("span", { class: "counter figures" });
    #marks = h("div", { class: "part-marks", "aria-hidden": "true" });
    #message = h("p", { class: "stage-message", role: "status", hidden: true });
    #picture = h("div", { class: "sealed-picture" }, this.player.video, this.#message);

    constructor() {
        const video = this.player.video;
        this.element = h("div", { class: "sealed-stage" }, this.#picture, h("div", { class: "card sealed-controls", role: "group", "aria-label": "Player" },
            h("div", { class: "place-row" }, this.#slider, this.#marks),
            h("div", { class: "control-row" }, this.#play, this.#counter, h("span", { class: "push" }), this.#sound, this.#speed, control("full", "Full screen", () => this.#toggleFullScreen()))));
        this.player.addEventListener("state", () => this.#state());
        this.player.addEventListener("time", () => this.#time());
        video.addEventListener("volumechange", () => this.#state());
        video.addEventListener("ratechange", () => this.#state());
        video.addEventListener("click", () => this.player.toggle());
        video.addEventListener("resize", () => this.#picture.style.setProperty("--shape", String(video.videoWidth / video.videoHeight || 16 / 9)));
        this.#state();
    }

    /** Shows a message over the video; an empty text hides it. */
    say(text) {
        this.#message.hidden = text === "";
        write(this.#message, text);
    }

    /** Handles a key; returns whether it is one of the player's. */
    key(event) {
        const action = {
            " ": () => event.target.closest?.("button, a") || this.player.toggle(), k: () => this.player.toggle(), f: () => this.#toggleFullScreen(),
            ArrowLeft: () => this.player.seek(this.player.position - 2), ArrowRight: () => this.player.seek(this.player.position + 2),
        }[event.key];
        if (!action) return false;
        action();
        return true;
    }

    close() { this.player.close(); }

    #state() {
        const { isPlaying, video, duration, starts } = this.player;
        name(this.#play, isPlaying ? "pause" : "play", isPlaying ? "Pause" : "Play");
        name(this.#sound, video.muted ? "mute" : "sound", video.muted ? "Sound on" : "Sound off");
        const speed = video.playbackRate;
        write(this.#speed, speed === 0.5 ? "½×" : `${speed}×`);
        this.#speed.setAttribute("aria-label", `Speed: ${speed} times`);
        this.#slider.max = String(duration);
        if (this.#marks.childElementCount !== Math.max(0, starts.length - 1)) {
            fill(this.#marks, ...starts.slice(1).map(() => h("span", {})));
        }
        starts.slice(1).forEach((start, at) => { this.#marks.children[at].style.left = `${duration > 0 ? (start / duration) * 100 : 0}%`; });
        this.#time();
    }

    #time() {
        const { position, duration, loaded } = this.player;
        const shown = `${counter(Math.floor(position) * 1000)} / ${duration > 0 ? counter(duration * 1000) : "–"}`;
        write(this.#counter, shown);
        this.#slider.value = String(position);
        this.#slider.setAttribute("aria-valuetext", shown.replace("/", "of"));
        this.#slider.style.setProperty("--played", duration > 0 ? String(position / duration) : "0");
        this.#slider.style.setProperty("--loaded", duration > 0 ? String(loaded / duration) : "0");
    }

    #nextSpeed() {
        const { video } = this.player;
        video.playbackRate = video.defaultPlaybackRate = speeds[(speeds.indexOf(video.playbackRate) + 1) % speeds.length];
    }

    #toggleFullScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else this.element.requestFullscreen?.().catch(() => {}); // the browser may forbid it
    }
}

function name(button, picture, label) {
    if (button.getAttribute("aria-label") === label) return;
    fill(button, icon(picture));
    button.setAttribute("aria-label", label);
    button.title = label;
}

function control(picture, label, work) {
    const button = h("button", { class: "control", type: "button", on: { click: work } });
    name(button, picture, label);
    return button;
}
