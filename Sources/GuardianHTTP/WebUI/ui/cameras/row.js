import { send } from "../store/api.js";
import { h, write } from "../common/dom.js";
import { shortly, span } from "../common/format.js";
import { cameraStates } from "../common/camera-states.js";
import { icon } from "../common/icons.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";
import { announcer } from "../shell/announcer.js";
import { Stills } from "../live/stills.js";
import { changeForm } from "./change-form.js";
import { CameraCheck } from "./check.js";
import { pictureFacts, remedy } from "./words.js";

/** Milliseconds between two pictures of a camera in the list. */
const pictureEvery = 10_000;

/** A camera in the list: its picture, how it is, what to do about it, and what can be done with it. `onChange` reads the list again. */
export class CameraRow {
    #camera;
    #onChange;
    #stills = null;
    #image = h("img", { alt: "", draggable: "false", props: { hidden: true } });
    #picture = h("a", { class: "camera-picture" }, h("span", { class: "none" }, icon("live")), this.#image);
    #name = h("strong", { tabindex: "-1" });
    #dot = h("span", { class: "dot" });
    #state = h("span", {});
    #facts = h("span", { class: "quiet figures" });
    #remedy = h("p", { class: "camera-remedy" });
    #actions = null;
    #offered = "";
    element;

    constructor(camera, onChange) {
        this.#onChange = onChange;
        this.#image.addEventListener("load", () => { this.#image.hidden = false; });
        this.element = h("li", { class: "card camera-row", data: { camera: camera.id } }, this.#picture,
            h("div", { class: "camera-text" }, this.#name, h("span", { class: "state" }, this.#dot, this.#state), this.#facts, this.#remedy));
        this.update(camera);
    }

    update(camera) {
        this.#camera = camera;
        const [word, kind] = cameraStates[camera.state] ?? [camera.state, ""];
        this.#picture.href = `/live/${encodeURIComponent(camera.id)}`;
        this.#picture.setAttribute("aria-label", `${camera.name}, live view`);
        write(this.#name, camera.name);
        this.#dot.className = `dot ${kind}`;
        write(this.#state, camera.state === "live" ? `${word} for ${span(Date.now() - Date.parse(camera.since))}` : `${word} since ${shortly(camera.since)}`);
        write(this.#facts, pictureFacts(camera));
        this.#facts.hidden = this.#facts.textContent === "";
        write(this.#remedy, remedy(camera));
        this.#remedy.hidden = this.#remedy.textContent === "";
        this.#remedy.classList.toggle("bad", camera.state === "lost");
        this.element.classList.toggle("still", camera.state !== "live");
        this.#offer();
        this.#showPicture(camera.state === "live");
    }

    focus() { this.#name.focus({ preventScroll: true }); }

    close() {
        this.#showPicture(false);
        this.#actions?.close();
    }

    /** The last picture stays, greyed, of a camera that shows nothing now. */
    #showPicture(isLive) {
        if (isLive) this.#stills ??= new Stills(this.#image, this.#camera.id, pictureEvery);
        else {
            this.#stills?.close();
            this.#stills = null;
        }
    }

    /** An open form stays as it is: what is typed in it must not be lost. */
    #offer() {
        const { name, state, settings } = this.#camera;
        const offered = JSON.stringify([name, state === "paused", settings]);
        if (offered === this.#offered || this.#actions?.isOpen) return;
        this.#offered = offered;
        const hadFocus = this.#actions?.element.contains(document.activeElement) ?? false;
        const before = this.#actions?.element;
        this.#actions = new Actions(this.#choices());
        before?.remove();
        this.element.append(this.#actions.element);
        if (hadFocus) this.#actions.focus();
    }

    #choices() {
        const camera = this.#camera;
        const path = `/api/v1/cameras/${encodeURIComponent(camera.id)}`;
        const isPaused = camera.state === "paused";
        const changed = (close, words) => () => {
            close();
            announcer.say(words);
            this.#onChange();
        };
        const pause = isPaused
            ? { label: "Resume", question: `Resume ${camera.name}?`, text: "It is recorded again from now on.", kind: "primary", words: `${camera.name} goes on.` }
            : { label: "Pause", question: `Pause ${camera.name}?`, text: "Nothing of it is recorded, and Guardian does not look for people on it, until you resume it. What was recorded stays.", kind: "primary", words: `${camera.name} is paused.` };
        return [
            ...(camera.settings ? [{ label: "Change", name: `Change ${camera.name}`, form: (close) => changeForm(this.#camera, { cancel: close, done: this.#saved(changed(close, "The changes are saved.")) }) }] : []),
            { label: "Test", name: `Test ${camera.name}`, form: (close) => this.#test(path, close) },
            {
                label: pause.label, name: `${pause.label} ${camera.name}`,
                form: (close) => confirmation({ ...pause, action: pause.label, cancel: close, send: () => send("PUT", path, { paused: !isPaused }), done: changed(close, pause.words) }),
            },
            {
                label: "Remove", name: `Remove ${camera.name}`,
                form: (close) => confirmation({
                    question: `Remove ${camera.name}?`, text: "It is not recorded any more. What was recorded stays, and you can still watch it.", action: "Remove", cancel: close,
                    send: () => send("DELETE", path), done: changed(close, `${camera.name} is removed.`),
                }),
            },
        ];
    }

    /** Shows at once whether the camera answers at another address, or with another login. */
    #saved(done) {
        return (isOtherStream) => {
            done();
            if (isOtherStream) this.#actions.show("Test");
        };
    }

    #test(path, close) {
        const check = new CameraCheck(this.#camera.name, () => send("POST", `${path}/test`), { close });
        check.start();
        return check;
    }
}
