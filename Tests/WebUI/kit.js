// What every test of the Web UI's modules needs. Node has neither the browser's loader nor its clock, language or network: this file replaces them.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const webUI = path.join(here, "../../Sources/GuardianHTTP/WebUI");
const sealedClips = path.join(here, "../GuardianArchiveTests/Vectors/sealed-clip");
const nistVectors = path.join(here, "../EndToEnd/archive/vectors");

// Node 18 has WebCrypto, but not as a global, and no CustomEvent.
globalThis.crypto ??= webcrypto;
globalThis.CustomEvent ??= class CustomEvent extends Event {
    constructor(name, { detail = null } = {}) {
        super(name);
        this.detail = detail;
    }
};

// Node takes a file that ends in .js for CommonJS unless a package.json says otherwise. The Web UI's folder is shipped as it is and has none. So a
// module and all that it imports are copied to a folder that has one. In the copies, imports from the root ("/ui/…") become file URLs.
const copies = { root: null, files: new Set() };
const imported = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.{1,2}\/|\/ui\/)([^"']+)\2/g;

function copy(file) {
    if (copies.files.has(file)) return;
    copies.files.add(file);
    const text = readFileSync(path.join(webUI, file), "utf8").replace(imported, (whole, before, quote, start, rest) => {
        const target = start === "/ui/" ? path.join("ui", rest) : path.join(path.dirname(file), start, rest);
        copy(target);
        return start === "/ui/" ? `${before}${quote}${pathToFileURL(path.join(copies.root, target))}${quote}` : whole;
    });
    mkdirSync(path.dirname(path.join(copies.root, file)), { recursive: true });
    writeFileSync(path.join(copies.root, file), text);
}

/** Imports a module by its path below `ui/`. */
export function load(module) {
    if (copies.root === null) {
        const root = mkdtempSync(path.join(tmpdir(), "guardian-webui-"));
        process.on("exit", () => rmSync(root, { recursive: true, force: true }));
        writeFileSync(path.join(root, "package.json"), '{"type": "module"}');
        copies.root = root;
    }
    copy(path.join("ui", module));
    return import(pathToFileURL(path.join(copies.root, "ui", module)).href);
}

/** Whether the Web UI has a file of this address. */
export const isServed = (address) => existsSync(path.join(webUI, address));

// The modules use the browser's language. Tests fix it, since Node takes it from the machine.
for (const name of ["DateTimeFormat", "NumberFormat"]) {
    const Format = Intl[name];
    Intl[name] = class extends Format {
        constructor(language, options) { super(language ?? "en-GB", options); }
    };
}

/** Sets the time zone. Formats keep the one that they were made in, so tests call this before `load`. */
export function setZone(name) { process.env.TZ = name; }

setZone("Europe/Berlin");

const RealDate = Date;

/** Stops the clock at a time. */
export function stopClock(time) {
    const now = new RealDate(time).getTime();
    globalThis.Date = class extends RealDate {
        constructor(...given) {
            if (given.length === 0) super(now);
            else super(...given);
        }

        static now() { return now; }
    };
}

/** Lets timers fire at once, in order; returns the list of the delays that were asked for. */
export function skipTimers() {
    const delays = [];
    globalThis.setTimeout = (work, delay) => {
        delays.push(delay);
        queueMicrotask(work);
        return 0;
    };
    return delays;
}

/** Replaces the network: `answer(url, options, number)` returns a Response or throws. Returns the list of requests. */
export function answerWith(answer) {
    const requests = [];
    globalThis.location ??= new URL("http://guardian.test/");
    globalThis.fetch = async (address, options = {}) => {
        const url = new URL(address, "http://guardian.test/");
        requests.push({ url, ...options });
        options.signal?.throwIfAborted();
        return answer(url, options, requests.length - 1);
    };
    return requests;
}

// Node computes digests in threads of its own, for which turns of the event loop do not wait.
let digests = 0;
const digest = crypto.subtle.digest.bind(crypto.subtle);
Object.defineProperty(crypto.subtle, "digest", {
    configurable: true, writable: true,
    value: async (...given) => {
        digests += 1;
        try { return await digest(...given); } finally { digests -= 1; }
    },
});

/** Waits until nothing is under way any more: no short timer, no digest, and nothing that follows from an answer of `answerWith`. It counts turns
 * of the event loop, not milliseconds, so that it waits long enough on a slow machine too. */
export async function settled() {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (let quiet = 0; quiet < 50; quiet = digests === 0 ? quiet + 1 : 0) await new Promise((resolve) => setImmediate(resolve));
}

export const json = (body, status = 200) => new Response(JSON.stringify(body), { status });

export const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
export const hexOf = (bytes) => Buffer.from(bytes).toString("hex");

/** The sealed clips that other programs made, and what to find in them. */
export const vectors = () => JSON.parse(readFileSync(path.join(sealedClips, "vectors.json"), "utf8"));
export const sealedClip = (name) => new Uint8Array(readFileSync(path.join(sealedClips, name)));
export const nistFile = (name) => readFileSync(path.join(nistVectors, name), "utf8").replaceAll("\r", "");
