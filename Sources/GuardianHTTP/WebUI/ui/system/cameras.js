import { h, fill, write } from "../common/dom.js";
import { ago, bitrate, codecName, ms, shortly, span } from "../common/format.js";
import { isNode } from "../common/server.js";
import { cameraStates } from "../common/camera-states.js";

const watches = { unknown: "Not looked at yet", quiet: "Quiet", looking: "Looking", lost: "Not watched" };

/** The table of the cameras' states. */
export class Cameras {
    #rows = new Map();
    #body = h("tbody", {});
    element = h("div", { class: "card table-card" }, h("table", {},
        h("thead", {}, h("tr", {}, ...["Camera", "State", "Picture", "Stream", "Watch", "Reconnects"].map((name) => h("th", { scope: "col" }, name)))), this.#body));

    update(cameras) {
        const ids = new Set(cameras.map((camera) => camera.id));
        for (const [id, row] of this.#rows) {
            if (!ids.has(id)) {
                row.element.remove();
                this.#rows.delete(id);
            }
        }
        cameras.forEach((camera, index) => {
            let row = this.#rows.get(camera.id);
            if (!row) {
                row = new Row(camera);
                this.#rows.set(camera.id, row);
            }
            row.update(camera);
            if (this.#body.children[index] !== row.element) this.#body.insertBefore(row.element, this.#body.children[index] ?? null);
        });
        if (cameras.length === 0) fill(this.#body, h("tr", {}, h("td", { colspan: "6", class: "none" }, "No camera yet.")));
    }

    tick() { for (const row of this.#rows.values()) row.tick(); }
}

class Row {
    #camera;
    #dot = h("span", { class: "dot" });
    #state = h("span", {});
    #since = h("span", { class: "sub" });
    #name = h("a", {});
    #failure = h("span", { class: "sub failure" });
    #picture = h("span", {});
    #fps = h("span", { class: "sub" });
    #stream = h("span", {});
    #packet = h("span", { class: "sub" });
    #watch = h("span", { class: "watch" });
    #look = h("span", { class: "sub" });
    #recording = h("span", { class: "sub rec" }, "Recording");
    #reconnects = h("span", {});
    element;

    constructor(camera) {
        this.#name.href = `/live/${encodeURIComponent(camera.id)}`;
        this.element = h("tr", {},
            h("th", { scope: "row" }, this.#name, this.#failure),
            cell("State", h("span", { class: "state" }, this.#dot, this.#state), this.#since), cell("Picture", this.#picture, this.#fps),
            cell("Stream", this.#stream, this.#packet), cell("Watch", this.#watch, this.#look, this.#recording), cell("Reconnects", this.#reconnects));
    }

    update(camera) {
        this.#camera = camera;
        const [text, kind] = cameraStates[camera.state] ?? [camera.state, ""];
        write(this.#name, camera.name);
        write(this.#state, text);
        this.#dot.className = `dot ${kind}`;
        const isPaused = camera.state === "paused";
        this.#failure.hidden = camera.state === "live" || isPaused || !camera.lastFailure;
        write(this.#failure, camera.lastFailure ?? "");
        write(this.#picture, camera.width ? `${camera.width} × ${camera.height}` : "–");
        write(this.#fps, camera.codec ? `${codecName(camera.codec)} · ${Math.round(camera.fps)} a second` : "");
        write(this.#stream, camera.state === "live" ? bitrate(camera.bitrate) : "–");
        write(this.#watch, isPaused ? "–" : camera.person ? "Person in view" : watches[camera.watch] ?? camera.watch);
        this.#watch.classList.toggle("alert", camera.person && !isPaused);
        this.#watch.classList.toggle("bad", camera.watch === "lost" && !isPaused);
        this.#watch.title = isPaused ? "" : camera.watchFailure ?? "";
        this.#recording.hidden = !camera.recording;
        write(this.#reconnects, isNode ? "–" : camera.reconnects === 0 ? "none" : String(camera.reconnects));
        this.element.classList.toggle("lost", camera.state === "lost");
        this.tick();
    }

    tick() {
        const camera = this.#camera;
        write(this.#since, camera.state === "live" ? `for ${span(Date.now() - ms(camera.since))}` : `since ${shortly(camera.since)}`);
        write(this.#look, camera.lastLookAt ? `last look ${ago(camera.lastLookAt)}` : "");
        const past = camera.lastPacketAt ? Date.now() - ms(camera.lastPacketAt) : null;
        write(this.#packet, isNode ? "" : past === null ? "no packet yet" : camera.state === "live" && past < 12_000 ? "receiving packets" : `last packet ${ago(camera.lastPacketAt)}`);
    }
}

function cell(name, ...content) {
    return h("td", { class: "figures", data: { name } }, h("div", {}, ...content));
}
