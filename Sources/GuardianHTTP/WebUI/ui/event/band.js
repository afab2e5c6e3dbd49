import { h, fill } from "../common/dom.js";
import { clock, counter } from "../common/format.js";
import { Filmstrip } from "./filmstrip.js";

/** The time bar below the player: pre-roll, the event, the best view. Dragging and the keys Home, End and Page Up/Down seek. */
export class Band {
    #player;
    #timeline;
    #film = new Filmstrip();
    #visit = h("span", { class: "visit" });
    #best = h("span", { class: "best" });
    #head = h("span", { class: "head" });
    #dimLeft = h("span", { class: "roll" });
    #dimRight = h("span", { class: "roll right" });
    #track = h("div", { class: "track", role: "slider", tabindex: "0", "aria-label": "Position in the clip" }, this.#film.element, this.#dimLeft, this.#dimRight, this.#visit, this.#best, this.#head);
    #labels = h("div", { class: "band-labels figures", "aria-hidden": "true" });
    #event;
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
        player.video.addEventListener("playing", () => this.#film.draw(player.timeline, this.#event));
        player.addEventListener("state", () => { if (player.timeline !== this.#timeline) this.update(this.#event); this.#film.draw(player.timeline, this.#event); });
        this.update(event);
    }

    update(event) {
        const timeline = this.#player.timeline;
        this.#timeline = timeline;
        this.#event = event;
        const at = (position) => `${timeline.share(position) * 100}%`;
        const end = event.state === "open" ? timeline.duration : timeline.eventEnd;
        this.#dimLeft.style.width = at(timeline.origin);
        this.#dimRight.style.width = `${100 - timeline.share(end) * 100}%`;
        this.#visit.style.left = at(timeline.origin);
        this.#visit.style.width = `${Math.max(timeline.share(end) - timeline.share(timeline.origin), 0.004) * 100}%`;
        this.#best.style.left = at(timeline.origin + timeline.bestOffset);
        this.#best.title = "Best view";
        this.#track.setAttribute("aria-valuemin", String(Math.floor(timeline.from / 1000)));
        this.#track.setAttribute("aria-valuemax", String(Math.ceil(timeline.to / 1000)));
        this.#label(event, end);
        this.#move();
    }

    #label(event, end) {
        const timeline = this.#timeline;
        const marks = [[timeline.from, clock(timeline.timeAt(timeline.from)), "start"], [timeline.to, clock(timeline.timeAt(timeline.to)), "end"]];
        const share = (position) => timeline.share(position);
        const isFar = (position) => marks.every(([other]) => Math.abs(share(position) - share(other)) > 0.158);
        if (isFar(timeline.origin)) marks.push([timeline.origin, `came ${clock(event.startedAt)}`, "middle"]);
        if (event.state !== "open" && isFar(end)) marks.push([end, `left ${clock(event.endedAt)}`, "middle"]);
        const best = timeline.origin + timeline.bestOffset;
        if (isFar(best)) marks.push([best, "best view", "middle"]);
        const key = JSON.stringify(marks);
        if (this.#labels.dataset.key === key) return;
        this.#labels.dataset.key = key;
        fill(this.#labels, ...marks.map(([position, text, kind]) => {
            const label = h("span", { class: kind }, text);
            if (kind === "middle") label.style.left = `${share(position) * 100}%`;
            return label;
        }));
    }

    #move() {
        const position = this.#player.position;
        this.#head.style.left = `${this.#timeline.share(position) * 100}%`;
        const seconds = String(Math.round(position / 1000));
        if (this.#track.getAttribute("aria-valuenow") !== seconds) {
            this.#track.setAttribute("aria-valuenow", seconds);
            this.#track.setAttribute("aria-valuetext", `${counter(position - this.#timeline.from)} of ${counter(this.#timeline.to - this.#timeline.from)}, ${clock(this.#timeline.timeAt(position))}`);
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
        this.#player.seek(this.#timeline.from + ((pointer.clientX - box.left) / box.width) * (this.#timeline.to - this.#timeline.from));
    }

    #release() {
        if (!this.#isDragged) return;
        this.#isDragged = false;
        if (this.#plays) this.#player.play();
    }

    #key(key) {
        const target = { Home: this.#timeline.from, End: this.#timeline.to, PageUp: this.#player.position - 10_000, PageDown: this.#player.position + 10_000 }[key.key];
        if (target === undefined) return;
        key.preventDefault();
        this.#player.seek(target);
    }
}
