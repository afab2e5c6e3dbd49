import { get } from "../store/api.js";
import { store } from "../store/store.js";
import { h, fill } from "../common/dom.js";
import { failure } from "../common/blank.js";
import { Page } from "../shell/page.js";
import { Recipients } from "../archive/keys/recipients.js";
import { ageFields } from "./age-fields.js";
import { archiveChanges, archiveFields } from "./archive-fields.js";
import { recordingFields, roomFields } from "./fields.js";
import { relayChanges, relayFields } from "./relay-fields.js";
import { NodeSection } from "./node.js";
import { Section } from "./section.js";
import { roomWords } from "./words.js";

const roomUnknown = "How much is free is not known now.";

/** How everything is recorded, how long it stays, who can open the archive, and which node has it. */
class SettingsPage extends Page {
    #body = h("div", { class: "settings-body" });
    #recording = null;
    #room = null;
    #recipients = null;
    #archive = null;
    #node = null;
    #relay = null;

    build() { this.append(h("header", { class: "top" }, h("h1", {}, "Settings")), this.#body); }

    open() {
        this.heading = "Settings";
        fill(this.#body, h("div", { class: "bone settings-bone" }));
        this.#read();
    }

    close() {
        for (const section of [this.#recording, this.#room, this.#recipients, this.#archive, this.#node, this.#relay]) section?.close();
        this.#recording = this.#room = this.#recipients = this.#archive = this.#node = this.#relay = null;
    }

    async #read() {
        try {
            this.#show(await get("/api/v1/config"));
            await this.#readRoom();
        } catch (problem) {
            fill(this.#body, failure(problem, () => this.#read()));
        }
    }

    #show(config) {
        const saved = (after) => {
            this.#recording.config = this.#room.config = this.#archive.config = this.#relay.config = after;
            this.#readRoom();
        };
        this.close();
        this.#recording = new Section("Recording", "For all cameras. A change counts at once and interrupts no recording.", recordingFields, config, saved);
        this.#room = new Section("Room on the disk", "", (settings) => [...roomFields(settings), ...ageFields(settings)], config, saved);
        this.#recipients = new Recipients();
        this.#archive = new Section("What is archived", "Events that you keep are archived in any case.", (settings) => archiveFields(settings, store.cameras), config, saved, archiveChanges);
        this.#node = new NodeSection(() => {
            this.#recipients?.read();
            this.#readRoom();
        });
        this.#relay = new Section("Watching from elsewhere", "For people who have an account at the node.", relayFields, config, saved, relayChanges);
        fill(this.#body, this.#recording.element, this.#room.element, this.#recipients.element, this.#archive.element, this.#node.element, this.#relay.element);
    }

    /** Without the status, the settings can still be changed. */
    async #readRoom() {
        const status = await get("/api/v1/status").catch(() => null);
        if (!this.#room) return;
        this.#room.about = status ? roomWords(status.storage) : roomUnknown;
        this.#node.link = status?.node ?? null;
    }
}

customElements.define("settings-page", SettingsPage);
