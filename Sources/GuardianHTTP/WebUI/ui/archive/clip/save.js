import { download } from "../../common/download.js";

/** Opens all parts completely and downloads each as `name`, `name-2`…; `onProgress(share)` is called with 0 to 1. */
export async function save(clips, name, onProgress, signal) {
    const whole = clips.reduce((sum, clip) => sum + clip.length, 0);
    let done = 0;
    const files = [];
    for (const clip of clips) {
        // The browser may move Blobs to the disk, but not arrays.
        const pieces = [];
        for await (const bytes of clip.plaintext(0, signal)) {
            pieces.push(new Blob([bytes]));
            done += bytes.length;
            onProgress(done / whole);
        }
        const { kind } = await clip.ending();
        files.push({ blob: new Blob(pieces, { type: clip.header.contentType }), kind, type: clip.header.contentType });
    }
    files.forEach(({ blob, kind, type }, index) => {
        const number = index > 0 ? `-${index + 1}` : "";
        download(blob, `${name}${number}${kind === "interrupted" ? "-interrupted" : ""}.${type === "image/jpeg" ? "jpg" : "mp4"}`);
    });
}
