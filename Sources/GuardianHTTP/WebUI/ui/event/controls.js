import { h, fill, write } from "../common/dom.js";
import { clock, counter } from "../common/format.js";
import { icon } from "../common/icons.js";

const speeds = [1, 2, 4, 0.25, 0.5];

/** The player's buttons. */
export class Controls {
    #player;
    #play;
    #box;
    #whole;
    #speed = h("button", { class: "control word figures", type: "button", on: { click: () => this.#nextSpeed() } });
    #counter = h("span", { class: "counter figures" });
    #clock = h("time", { class: "control-clock" });

    constructor(player) {
        this.#player = player;
        this.#play = control("play", "Play", "Space", () => player.toggle());
        this.#play.classList.add("main-control");
        this.#box = control("box", "Box", "", () => player.toggleBox());
        this.#whole = control("wide", "Whole clip", "", () => player.toggleWhole());
        this.element = h("div", { class: "controls", role: "group", "aria-label": "Player" },
            this.#play, control("frameBack", "One frame back", ",", () => player.frame(-1)), control("frameOn", "One frame forward", ".", () => player.frame(1)),
            this.#counter, this.#clock, h("span", { class: "push" }),
            control("star", "Best view", "B", () => player.seekEvent(player.bestOffset)), this.#box, this.#whole, this.#speed, control("full", "Full screen", "F", () => player.toggleFullScreen()));
        player.addEventListener("time", () => this.#time());
        player.addEventListener("state", () => this.#state());
        this.#state();
    }

    #time() {
        const { position, timeline } = this.#player;
        write(this.#counter, `${counter(Math.floor(Math.max(0, position - timeline.from) / 1000) * 1000)} / ${counter(timeline.to - timeline.from)}`);
        write(this.#clock, clock(timeline.timeAt(position)));
    }

    #state() {
        const plays = this.#player.isPlaying;
        if (this.#play.dataset.plays !== String(plays)) {
            this.#play.dataset.plays = String(plays);
            fill(this.#play, icon(plays ? "pause" : "play"));
            name(this.#play, plays ? "Pause" : "Play", "Space");
        }
        this.#box.setAttribute("aria-pressed", String(this.#player.showsBox));
        name(this.#box, this.#player.showsBox ? "Hide the box" : "Show the box", "");
        this.#whole.hidden = !this.#player.timeline.isLong;
        this.#whole.setAttribute("aria-pressed", String(this.#player.isWhole));
        name(this.#whole, this.#player.isWhole ? "Show only the event" : "Show the whole clip", "");
        const speed = this.#player.speed;
        write(this.#speed, speed === 0.25 ? "¼×" : speed === 0.5 ? "½×" : `${speed}×`);
        name(this.#speed, `Speed: ${speed} times`, "");
        this.#time();
    }

    #nextSpeed() {
        this.#player.setSpeed(speeds[(speeds.indexOf(this.#player.speed) + 1) % speeds.length]);
    }
}

function name(button, label, key) {
    if (button.getAttribute("aria-label") === label) return;
    button.setAttribute("aria-label", label);
    button.title = key ? `${label} (${key})` : label;
}

function control(picture, label, key, work) {
    const button = h("button", { class: "control", type: "button", on: { click: work } }, icon(picture));
    name(button, label, key);
    return button;
}
