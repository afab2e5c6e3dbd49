import { store } from "../store/store.js";
import { h, write } from "../common/dom.js";
import { ago, labelName, ms, stay } from "../common/format.js";
import { CropPicture } from "../common/crop.js";
import { icon } from "../common/icons.js";

/** The newest events beside the live view, of all cameras or of one. */
export class Recent {
    #title = h("h2", {}, "Latest events");
    #list = h("ol", { class: "recent-list" });
    #none = h("p", { class: "nobody" });
    #rows = new Map();
    #camera = null;
    #limit = 12;

    constructor() {
        this.all = h("a", { class: "more", href: "/events" }, "All events", icon("on", true));
        this.element = h("section", { class: "recent", "aria-label": "Latest events" }, h("div", { class: "recent-head" }, this.#title, this.all), this.#none, this.#list);
    }

    /** Shows the events of this camera only; `null`: of all cameras. */
    only(camera) {
        this.#camera = camera;
        write(this.#title, camera ? "Latest at this camera" : "Latest events");
        this.all.href = camera ? `/events?camera=${encodeURIComponent(camera)}` : "/events";
        this.show();
    }

    /** Shows at most this many events. */
    fit(limit) {
        if (this.#limit === limit) return;
        this.#limit = limit;
        this.show();
    }

    show() {
        const events = store.recent.filter((event) => !this.#camera || event.camera === this.#camera).slice(0, this.#limit);
        const wanted = new Set(events.map((event) => event.id));
        for (const [id, row] of this.#rows) {
            if (!wanted.has(id)) {
                row.element.remove();
                this.#rows.delete(id);
            }
        }
        const isFirst = this.#rows.size === 0;
        events.forEach((event, index) => {
            let row = this.#rows.get(event.id);
            if (!row) {
                row = new Row(event);
                if (!isFirst && index === 0) row.element.classList.add("arrives");
                this.#rows.set(event.id, row);
            }
            row.update(event);
            if (this.#list.children[index] !== row.element) this.#list.insertBefore(row.element, this.#list.children[index] ?? null);
        });
        this.#none.hidden = events.length > 0;
        write(this.#none, store.hasRecent ? "No events yet. New events appear here." : "Loading…");
    }

    tick() {
        for (const row of this.#rows.values()) row.tick();
    }
}

class Row {
    #event;
    #picture;
    #what = h("strong", {});
    #when = h("span", { class: "figures" });

    constructor(event) {
        this.#picture = new CropPicture(event, 16 / 10);
        this.#link = h("a", { href: `/events/${event.id}` }, this.#picture.element, h("span", { class: "words" }, this.#what, this.#when));
        this.element = h("li", {}, this.#link);
    }

    #link;

    update(event) {
        this.#event = event;
        this.#picture.update(event);
        this.#link.classList.toggle("now", event.state === "open");
        this.tick();
    }

    tick() {
        const event = this.#event;
        write(this.#what, `${labelName(event.label)} · ${store.cameraName(event.camera)}`);
        const isOpen = event.state === "open";
        const stayed = stay((isOpen ? Math.max(Date.now(), ms(event.endedAt)) : ms(event.endedAt)) - ms(event.startedAt));
        write(this.#when, isOpen ? `Now · ${stayed} so far` : `${ago(event.startedAt)} · ${stayed}`);
    }
}
