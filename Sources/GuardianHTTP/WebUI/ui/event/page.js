import { store } from "../store/store.js";
import { get } from "../store/api.js";
import { h, fill, isWriting, write } from "../common/dom.js";
import { blank, failure } from "../common/blank.js";
import { icon } from "../common/icons.js";
import { bytes, codecName, count, labelName, ms, percent, stay, when } from "../common/format.js";
import { go } from "../shell/router.js";
import { Band } from "./band.js";
import { Controls } from "./controls.js";
import { Keep } from "./keep.js";
import { ClipPlayer } from "./player.js";
import { Proofs } from "./proofs.js";
import { Page } from "../shell/page.js";

/** The page of one event: its clip with the moving box, the time bar, the facts and the proofs. */
class EventPage extends Page {
    #id = null;
    #event = null;
    /** Whether the neighbouring events are known, and the neighbour that the user requested before they were. */
    #hasNeighbours = false;
    #wanted = null;
    #abort = new AbortController();
    #player = null;
    #band = null;
    #controls = null;
    #proofs = null;
    #keep = new Keep();
    #title = h("h1", {}, "Event");
    #earlier = neighbour("Earlier", "back", "[");
    #later = neighbour("Later", "on", "]");
    #facts = h("dl", { class: "facts card" });
    #download = h("a", { class: "button primary", "aria-disabled": "true" }, icon("save", true), "Download clip");
    #aside = h("aside", { class: "event-aside", "aria-label": "About this event" });
    #watch = h("div", { class: "event-watch" });
    #body = h("div", { class: "event-body" }, this.#watch, this.#aside);

    open(parameter) {
        if (this.#id !== parameter) this.#open(parameter);
    }

    close() {
        this.#abort.abort();
        this.#player?.close();
        this.#proofs?.close();
        this.#id = null;
    }

    build() {
        this.append(
            h("header", { class: "top" },
                h("a", { class: "button back", href: "/events", on: { click: (event) => this.#back(event) } }, icon("back", true), "Events"), this.#title,
                h("span", { class: "push" }), h("nav", { class: "neighbours", "aria-label": "Neighbours" }, this.#earlier, this.#later)),
            this.#body);
    }

    begin() {
        this.scope.listen(store, "event", ({ detail }) => { if (detail.id === this.#id) { if (this.#event) this.#update(detail); } else if (this.#event && !this.#event.next) this.#refresh(); });
        this.scope.listen(store, "cameras", () => { if (this.#event) this.#describe(); });
        this.scope.listen(store, "status", () => { if (this.#event) this.#proofs?.update(this.#event); });
        this.scope.listen(document, "keydown", (event) => this.#key(event));
        this.scope.every(1000, () => { if (this.#event?.state === "open") this.#describe(); });
    }

    async #open(id) {
        this.#abort.abort();
        this.#abort = new AbortController();
        const { signal } = this.#abort;
        this.#id = id;
        this.#event = null;
        this.#hasNeighbours = false;
        this.#wanted = null;
        this.#player?.close();
        this.#proofs?.close();
        this.heading = "Event";
        fill(this.#watch, h("div", { class: "stage bone" }), h("div", { class: "bone band-bone" }));
        fill(this.#aside, h("div", { class: "bone facts-bone" }), h("div", { class: "bone facts-bone" }));
        const known = store.known(id);
        if (known) this.#show(known);
        try {
            const event = await get(`/api/v1/events/${encodeURIComponent(id)}`, {}, signal);
            this.#hasNeighbours = true;
            if (this.#event) this.#update(event);
            else this.#show(event);
            if (this.#wanted) this.#step(this.#wanted);
        } catch (error) {
            if (signal.aborted) return;
            if (known && !error.isMissing) return;
            fill(this.#aside);
            this.#title.textContent = "Event";
            fill(this.#watch, error.isMissing
                ? blank("events", "This event is not here", "It may belong to another recorder, or was deleted.", h("a", { class: "button", href: "/events" }, "All events"))
                : failure(error, () => this.#open(id)));
        }
    }

    async #refresh() {
        try {
            this.#update(await get(`/api/v1/events/${encodeURIComponent(this.#id)}`, {}, this.#abort.signal));
        } catch {
            // The page keeps showing the last known state.
        }
    }

    #show(event) {
        this.#event = event;
        this.#player = new ClipPlayer(event);
        this.#band = new Band(event, this.#player);
        this.#controls = new Controls(this.#player);
        this.#proofs = new Proofs();
        fill(this.#watch, this.#player.element, h("div", { class: "deck card" }, this.#band.element, this.#controls.element));
        fill(this.#aside, this.#facts, this.#keep.element, this.#proofs.element, this.#download);
        this.#update(event);
        this.#player.begin();
    }

    #update(update) {
        // Events of the stream do not always name their neighbours.
        const event = { ...update, previous: update.previous ?? this.#event?.previous ?? null, next: update.next ?? this.#event?.next ?? null };
        this.#event = event;
        this.#player.update(event);
        this.#band.update(event);
        this.#proofs.update(event);
        this.#keep.update(event);
        this.#describe();
        setNeighbour(this.#earlier, event.previous);
        setNeighbour(this.#later, event.next);
        const clip = event.clips?.[0];
        if (clip) {
            this.#download.href = clip.url ?? `/api/v1/clips/${clip.id}.mp4`;
            this.#download.download = `${event.camera}-${event.startedAt.slice(0, 19).replaceAll(":", "-")}.mp4`;
            this.#download.removeAttribute("aria-disabled");
        } else {
            this.#download.removeAttribute("href");
            this.#download.setAttribute("aria-disabled", "true");
        }
    }

    #describe() {
        const event = this.#event;
        const title = `${labelName(event.label)} at ${store.cameraName(event.camera)}`;
        write(this.#title, title);
        this.heading = `${title}`;
        const clip = event.clips?.[0];
        const end = event.state === "open" ? Math.max(Date.now(), ms(event.endedAt)) : ms(event.endedAt);
        const duration = event.clips?.reduce((sum, each) => sum + each.duration, 0) ?? 0;
        const size = event.clips?.reduce((sum, each) => sum + each.size, 0) ?? 0;
        const camera = store.camera(event.camera);
        const rows = [
            ["When", when(event.startedAt)],
            event.state === "open" ? ["In view for", `${stay(end - ms(event.startedAt))} so far`] : ["Stayed", stay(end - ms(event.startedAt))],
            ["Camera", store.cameraName(event.camera)],
            ["Confidence", percent(event.confidence)],
            clip && ["Clip", (clip.state === "recording" ? ["being recorded"] : [stay(duration), bytes(size)]).join(" · ")],
            event.snapshot && ["Picture", [`${event.snapshot.width} × ${event.snapshot.height}`, camera?.codec && codecName(camera.codec)].filter(Boolean).join(" · ")],
            clip?.missingPackets > 0 && ["Missing", count(clip.missingPackets, "packet")],
            event.state === "interrupted" && ["Note", "Guardian was interrupted during this event"],
            clip?.preRollShort && ["Note", "The clip begins with the camera's first frame"],
        ].filter(Boolean);
        const key = JSON.stringify(rows);
        if (this.#facts.dataset.key === key) return;
        this.#facts.dataset.key = key;
        fill(this.#facts, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "figures" }, value))));
    }

    /** Goes back in the browser's history when the list is the previous page, so that the list keeps its position; otherwise opens the list. */
    #back(event) {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        if (history.state?.fromList) history.back();
        else go("/events");
    }

    /** Opens a neighbouring event. A request before the neighbours are known is carried out once they are. */
    #step(neighbour) {
        const id = this.#event?.[neighbour];
        if (id) go(`/events/${id}`, { replace: true });
        else if (!this.#hasNeighbours) this.#wanted = neighbour;
    }

    #key(event) {
        if (isWriting(event)) return;
        const onControl = event.target.closest?.("button, a, [role=slider]");
        const key = event.key;
        if (key === "[") this.#step("previous");
        else if (key === "]") this.#step("next");
        else if (key === "Escape" && !document.fullscreenElement) this.#back(event);
        else if (!this.#player || this.#id !== this.#event?.id) return;
        else if (key === " " && !onControl || key === "k") this.#player.toggle();
        else if (key === "ArrowLeft") this.#player.skip(-2000);
        else if (key === "ArrowRight") this.#player.skip(2000);
        else if (key === ",") this.#player.frame(-1);
        else if (key === ".") this.#player.frame(1);
        else if (key === "b" || key === "B") this.#player.seekEvent(this.#player.bestOffset);
        else if (key === "f" || key === "F") this.#player.toggleFullScreen();
        else return;
        event.preventDefault();
    }
}

function neighbour(label, picture, key) {
    const icons = icon(picture, true);
    return h("a", { class: "button", "data-replace": "", "aria-disabled": "true", title: `${label} (${key})` }, picture === "back" && icons, h("span", {}, label), picture !== "back" && icons);
}

function setNeighbour(link, id) {
    if (id) {
        link.href = `/events/${id}`;
        link.removeAttribute("aria-disabled");
    } else {
        link.removeAttribute("href");
        link.setAttribute("aria-disabled", "true");
    }
}

customElements.define("event-page", EventPage);
