import { h, fill } from "../parts/dom.js";
import { clock, counter } from "../parts/format.js";
import { Filmstrip } from "./filmstrip.js";

/** The visit in time: pre-roll, the visit, the best view; drag or use the arrows to go through it. */
export class Band {
    #player;
    #timeline;
    #film = new Filmstrip();
    #visit = h("span", { class: "visit" });
    #best = h("span", { class: "best" });
    #head = h("span", { class: "head" });
    #dimLeft = h("span", { class: "roll" });
    #dimRight = h("span", { class: "roll right" });
    #track = h("div", { class: "track", role: "slider", tabindex: "0", "aria-label": "Place in the clip", "aria-valuemin": "0" }, this.#film.element, this.#dimLeft, this.#dimRight, this.#visit, this.#best, this.#head);
    #labels = h("div", { class: "band-labels figures", "aria-hidden": "true" });
    #isDragged = false;
    #plays = false;

    constructor(event, player) {
        this.#player = player;
        this.element = h("div", { class: "band" }, this.#track, this.#labels);
        player.addEventListener("time", () => this.#move());
        this.#track.addEventListener("pointerdown", (press) => this.#press(press));
        this.#track.addEventListener("pointermove", (move) => { if (this.#isDragged) this.#go(move); });
        for (const end of ["pointerup", "pointercancel"]) this.#track.addEventListener(end, () => this.#release());
        this.#track.addEventListener("keydown", (key) => this.#key(key));
        player.video.addEventListener("playing", () => this.#film.draw(player.timeline, event), { once: true });
        this.update(event);
    }

    update(event) {
        const timeline = this.#player.timeline;
        this.#timeline = timeline;
        const at = (position) => `${(position / timeline.duration) * 100}%`;
        const end = event.state === "open" ? timeline.duration : timeline.visitEnd;
        this.#dimLeft.style.width = at(timeline.origin);
        this.#dimRight.style.width = `${100 - (end / timeline.duration) * 100}%`;
        this.#visit.style.left = at(timeline.origin);
        this.#visit.style.width = at(Math.max(end - timeline.origin, timeline.duration * 0.004));
        this.#best.style.left = at(Math.min(timeline.origin + timeline.bestOffset, timeline.duration));
        this.#best.title = "Best view";
        this.#track.setAttribute("aria-valuemax", String(Math.round(timeline.duration / 1000)));
        this.#label(event, end);
        this.#move();
    }

    #label(event, end) {
        const timeline = this.#timeline;
        const marks = [[0, clock(timeline.startedAt), "start"], [timeline.duration, clock(timeline.timeAt(timeline.duration)), "end"]];
        const share = (position) => position / timeline.duration;
        const isFar = (position) => marks.every(([other]) => Math.abs(share(position) - share(other)) > 0.19);
        if (isFar(timeline.origin)) marks.push([timeline.origin, `came ${clock(event.startedAt)}`, "middle"]);
        if (event.state !== "open" && isFar(end)) marks.push([end, `left ${clock(event.endedAt)}`, "middle"]);
        const best = timeline.origin + timeline.bestOffset;
        if (isFar(best)) marks.push([best, "best view", "middle"]);
        const key = JSON.stringify(marks);
        if (this.#labels.dataset.key === key) return;
        this.#labels.dataset.key = key;
        fill(this.#labels, ...marks.map(([position, word, kind]) => {
            const label = h("span", { class: kind }, word);
            if (kind === "middle") label.style.left = `${share(position) * 100}%`;
            return label;
        }));
    }

    #move() {
        const position = this.#player.position;
        this.#head.style.left = `${Math.min(100, (position / this.#timeline.duration) * 100)}%`;
        const seconds = String(Math.round(position / 1000));
        if (this.#track.getAttribute("aria-valuenow") !== seconds) {
            this.#track.setAttribute("aria-valuenow", seconds);
            this.#track.setAttribute("aria-valuetext", `${counter(position)} of ${counter(this.#timeline.duration)}, ${clock(this.#timeline.timeAt(position))}`);
        }
    }

    #press(press) {
        if (press.button !== 0) return;
        this.#isDragged = true;
        this.#plays = this.#player.isPlaying;
        this.#player.pause();
        this.#track.setPointerCapture(press.pointerId);
        this.#go(press);
    }

    #go(pointer) {
        const box = this.#track.getBoundingClientRect();
        this.#player.seek(((pointer.clientX - box.left) / box.width) * this.#timeline.duration);
    }

    #release() {
        if (!this.#isDragged) return;
        this.#isDragged = false;
        if (this.#plays) this.#player.play();
    }

    #key(key) {
        const target = { Home: 0, End: this.#timeline.duration, PageUp: this.#player.position - 10_000, PageDown: this.#player.position + 10_000 }[key.key];
        if (target === undefined) return;
        key.preventDefault();
        this.#player.seek(target);
    }
}
