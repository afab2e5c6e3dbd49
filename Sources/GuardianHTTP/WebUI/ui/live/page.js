import { session } from "../store/session.js";
import { store } from "../store/store.js";
import { h, fill, isWriting } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { blank } from "../common/blank.js";
import { labelName } from "../common/format.js";
import { isNode } from "../common/server.js";
import { announcer } from "../shell/announcer.js";
import { go } from "../shell/router.js";
import { Top } from "../shell/top.js";
import { LiveFeed } from "./feed.js";
import { arrange, cut, full, grid, mostCut, narrow } from "./layout.js";
import { Recent } from "./recent.js";
import { LiveTile } from "./tile.js";
import { Page } from "../shell/page.js";

const gap = 12;

/** The live view of all cameras, or of one large; a single connection carries all of them. */
class LivePage extends Page {
    #top = new Top("Live");
    #stage = h("div", { class: "stage", role: "group", "aria-label": "Cameras" });
    #recent = new Recent();
    #body = h("div", { class: "live-body" }, this.#stage, this.#recent.element);
    #tiles = new Map();
    #feed = null;
    #fed = "";
    #chosen = null;
    #showsBehind = false;

    build() { this.append(this.#top.element, this.#body); }

    open(parameter) {
        this.#chosen = parameter;
        this.#title();
        this.#recent.only(parameter);
        this.#syncTiles();
    }

    close() {
        this.#feed?.close();
        this.#feed = null;
        for (const tile of this.#tiles.values()) tile.close();
    }

    begin() {
        this.#top.follow(this.scope);
        this.scope.listen(store, "cameras", () => { this.#title(); this.#syncTiles(); });
        this.scope.listen(store, "recent", () => { this.#recent.show(); this.#showPeople(); });
        this.scope.listen(store, "event", ({ detail }) => this.#announce(detail));
        this.scope.listen(document, "keydown", (event) => this.#key(event));
        this.scope.listen(this.#stage, "broken", () => this.#connect(true));
        this.scope.every(1000, () => this.#tick());
        const observer = new ResizeObserver(() => this.#arrange(false));
        observer.observe(this);
        this.scope.add(() => observer.disconnect());
        this.scope.listen(window, "resize", () => this.#arrange(false));
    }

    #title() {
        const name = this.#chosen && store.cameraName(this.#chosen);
        this.#top.title.textContent = name ?? "Live";
        this.heading = `${name ?? "Live"}`;
    }

    #syncTiles() {
        if (!store.hasCameras) {
            if (this.#tiles.size === 0 && !this.#stage.firstChild) this.#bones();
            return;
        }
        const cameras = store.cameras;
        if (cameras.length === 0) {
            this.#body.classList.add("empty");
            fill(this.#stage, noCameras());
            return;
        }
        if (this.#chosen && !store.camera(this.#chosen)) {
            this.#body.classList.add("empty");
            fill(this.#stage, blank("live", "There is no such camera", `Guardian knows no camera called ${this.#chosen}.`, h("a", { class: "button", href: "/" }, "All cameras")));
            return;
        }
        this.#body.classList.remove("empty");
        const ids = cameras.map((camera) => camera.id);
        for (const [id, tile] of this.#tiles) {
            if (ids.includes(id)) continue;
            tile.close();
            this.#tiles.delete(id);
        }
        cameras.slice(0, 16).forEach((camera, index) => {
            const tile = this.#tiles.get(camera.id);
            if (tile) tile.update(camera);
            else this.#tiles.set(camera.id, this.#makeTile(camera, index + 1));
        });
        const elements = [...this.#tiles.values()].map((tile) => tile.element);
        if (elements.some((element, index) => this.#stage.children[index] !== element) || this.#stage.children.length !== elements.length) fill(this.#stage, ...elements);
        this.#showPeople();
        this.#arrange(this.#feed !== null);
        this.#connect(false);
    }

    #bones() {
        fill(this.#stage, ...Array.from({ length: 4 }, () => h("div", { class: "tile bone" })));
        const shapes = [16 / 9, 16 / 9, 16 / 9, 16 / 9];
        const room = this.#room(shapes);
        this.#place(room.isNarrow ? narrow(shapes, room.size[0], gap) : grid(shapes, ...room.size, gap), [...this.#stage.children]);
    }

    #makeTile(camera, number) {
        const tile = new LiveTile(camera, number);
        tile.button.addEventListener("click", () => go(this.#chosen === camera.id ? "/" : `/live/${encodeURIComponent(camera.id)}`));
        const tool = (name, label, key, work) => h("button", { class: "tool", type: "button", title: `${label} (${key})`, "aria-label": label, on: { click: work } }, icon(name));
        tile.tools.append(
            tool("clock", "Show the delay", "L", () => this.#toggleBehind()),
            tool("full", "Full screen", "F", () => this.#toggleFullScreen(tile)),
            tool("grid", "All cameras", "Esc", () => go("/")));
        return tile;
    }

    #connect(isNew) {
        const ids = [...this.#tiles.keys()];
        const key = ids.join(",");
        if (this.#feed && this.#fed === key && !isNew) return;
        this.#feed?.close();
        this.#fed = key;
        const tile = (id) => this.#tiles.get(id);
        this.#feed = new LiveFeed(ids, {
            start: (id, codecs, init) => tile(id)?.start(codecs, init),
            fragment: (id, bytes) => tile(id)?.fragment(bytes),
            state: (id, state) => tile(id)?.state(state),
            link: (isOpen) => { for (const each of this.#tiles.values()) each.link(isOpen); },
        });
    }

    #showPeople() {
        for (const [id, tile] of this.#tiles) {
            const open = store.inView(id).map((event) => labelName(event.label));
            tile.show(open.length === 0 && store.camera(id)?.person && !store.hasRecent ? ["Person"] : open, id === this.#chosen);
        }
    }

    #announce(event) {
        if (event.state === "open") announcer.say(`${labelName(event.label)} at ${store.cameraName(event.camera)}`);
    }

    #tick() {
        for (const [id, tile] of this.#tiles) tile.tick(this.#showsBehind && (!this.#chosen || id === this.#chosen));
        this.#recent.tick();
    }

    /** Decides whether the list of events goes beside or below the pictures: where it leaves more room for them. */
    #room(shapes) {
        const isNarrow = innerWidth < 720;
        const width = this.clientWidth;
        if (isNarrow) return { isNarrow, isBelow: true, height: 0, size: [width, Infinity] };
        const height = Math.max(320, innerHeight - this.#top.element.offsetHeight - 24);
        const beside = [width - 320, height];
        if (this.#chosen) return { isNarrow, isBelow: false, height, size: beside };
        const below = [width, height - 128];
        const isBelow = arrange(shapes, ...below, gap).area > arrange(shapes, ...beside, gap).area * 1.05;
        return { isNarrow, isBelow, height, size: isBelow ? below : beside };
    }

    #arrange(moves) {
        const tiles = [...this.#tiles.values()];
        if (tiles.length === 0 || !this.isConnected) return;
        const shapes = tiles.map((tile) => shapeOf(tile.camera));
        const room = this.#room(shapes);
        const [width, height] = room.size;
        const chosen = tiles.findIndex((tile) => tile.camera.id === this.#chosen);
        const places = chosen >= 0 ? full(shapes, chosen, width, height, gap, room.isNarrow)
            : room.isNarrow ? narrow(shapes, width, 8)
            : grid(shapes, width, height, gap);
        this.#body.classList.toggle("below", room.isBelow);
        const used = Math.max(...places.map((place) => place.top + place.height));
        const rows = Math.max(1, Math.floor((room.height - used - 52) / 84));
        this.#recent.fit(room.isBelow && !room.isNarrow ? rows * Math.max(1, Math.floor((width + 8) / 280)) : 12);
        this.#stage.classList.toggle("moves", moves);
        tiles.forEach((tile, index) => {
            const isFull = index === chosen;
            const isStrip = chosen >= 0 && !isFull;
            const place = places[index];
            tile.element.classList.toggle("full", isFull);
            tile.element.classList.toggle("strip", isStrip);
            tile.element.classList.toggle("small", !isFull && place.width < 230);
            tile.element.classList.toggle("whole", !isStrip && cut(shapes[index], place.width / place.height) > mostCut + 0.01);
            tile.tools.hidden = !isFull;
        });
        this.#place(places, tiles.map((tile) => tile.element));
    }

    #place(places, elements) {
        places.forEach((place, index) => {
            for (const side of ["left", "top", "width", "height"]) elements[index].style[side] = `${Math.round(place[side])}px`;
        });
        this.#stage.style.height = `${Math.round(Math.max(...places.map((place) => place.top + place.height)))}px`;
    }

    #key(event) {
        if (isWriting(event)) return;
        const tiles = [...this.#tiles.values()];
        const chosen = tiles.findIndex((tile) => tile.camera.id === this.#chosen);
        const open = (index) => go(`/live/${encodeURIComponent(tiles[index].camera.id)}`, { replace: chosen >= 0 });
        if (/^[1-9]$/.test(event.key) && tiles[event.key - 1]) open(event.key - 1);
        else if (event.key === "Escape" && chosen >= 0 && !document.fullscreenElement) go("/");
        else if (event.key === "f" || event.key === "F") this.#toggleFullScreen(tiles[chosen]);
        else if (event.key === "l" || event.key === "L") this.#toggleBehind();
        else if (event.key.startsWith("Arrow") && chosen >= 0 && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
            open((chosen + (event.key === "ArrowRight" ? 1 : -1) + tiles.length) % tiles.length);
        } else if (event.key.startsWith("Arrow") && chosen < 0 && tiles.length > 0) {
            if (!this.#moveFocus(event.key, tiles)) return;
        } else return;
        event.preventDefault();
    }

    /** Arrow keys move the focus from tile to tile as they are arranged on the screen. */
    #moveFocus(key, tiles) {
        const at = tiles.findIndex((tile) => tile.element.contains(document.activeElement));
        const columns = tiles.filter((tile) => tile.element.offsetTop === tiles[0].element.offsetTop).length;
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
        if (at < 0 && (document.activeElement !== document.body || key === "ArrowUp")) return false;
        const target = tiles[at < 0 ? 0 : at + step];
        target?.button.focus();
        return Boolean(target);
    }

    #toggleBehind() {
        this.#showsBehind = !this.#showsBehind;
        this.#tick();
    }

    #toggleFullScreen(tile) {
        if (document.fullscreenElement) document.exitFullscreen();
        else (tile?.element ?? this.#stage).requestFullscreen?.().catch(() => {});
    }
}

/** Why there is no camera, and what to do about it. */
function noCameras() {
    if (!session.seesAll) return blank("live", "No camera for you yet", "An owner of this Guardian chooses which cameras you see.");
    if (isNode) return blank("live", "No camera to show", "Cameras appear here once a recorder is connected whose owner lets people watch from elsewhere: at the recorder, page Settings, under Node.");
    if (!session.can("manage_cameras")) return blank("live", "No camera yet", "An owner of this Guardian can add one: its picture appears here.");
    return blank("live", "No camera yet", "Look for those in your network: their pictures appear here.", h("a", { class: "button primary", href: "/welcome" }, "Find cameras"));
}

function shapeOf(camera) {
    return camera.width && camera.height ? Math.min(Math.max(camera.width / camera.height, 0.8), 2.4) : 16 / 9;
}

customElements.define("live-page", LivePage);
