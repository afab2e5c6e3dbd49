import { h } from "../common/dom.js";
import { filmOf } from "../common/film.js";

const pictures = 9;

/** Thumbnails along the time bar, drawn from the clip by a second, hidden video element. Without them the bar still works. */
export class Filmstrip {
    element = h("span", { class: "film" });
    #drawn = "";

    async draw(timeline, event) {
        const item = timeline.clips.length === 1 ? timeline.clips[0] : null;
        const key = `${Math.round(timeline.from / 500)}-${Math.round(timeline.to / 500)}`;
        if (this.#drawn === key || !item || item.clip.state === "recording" && event.state === "open") return;
        this.#drawn = key;
        const canvases = [];
        const shape = event.snapshot ? event.snapshot.width / event.snapshot.height : 16 / 9;
        const video = h("video", { props: { muted: true, preload: "auto", playsInline: true } });
        video.src = filmOf(item.clip);
        try {
            await once(video, "loadeddata");
            const height = 104;
            const width = Math.round(Math.min(height * shape, 190));
            for (let index = 0; index < pictures && this.element.isConnected && this.#drawn === key; index += 1) {
                video.currentTime = (timeline.from + ((index + 0.5) / pictures) * (timeline.to - timeline.from)) / 1000;
                await once(video, "seeked");
                const canvas = h("canvas", { width, height });
                const scale = Math.max(width / video.videoWidth, height / video.videoHeight);
                canvas.getContext("2d").drawImage(video, (width - video.videoWidth * scale) / 2, (height - video.videoHeight * scale) / 2, video.videoWidth * scale, video.videoHeight * scale);
                canvases.push(canvas);
            }
            if (this.#drawn === key) this.element.replaceChildren(...canvases);
        } catch {
            if (this.#drawn === key) this.element.replaceChildren();
        } finally {
            video.removeAttribute("src");
            video.load();
        }
        this.element.classList.add("there");
    }
}

function once(video, name) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(reject, 4000);
        video.addEventListener(name, () => { clearTimeout(timer); resolve(); }, { once: true });
        video.addEventListener("error", () => { clearTimeout(timer); reject(new Error("The clip did not load.")); }, { once: true });
    });
}
