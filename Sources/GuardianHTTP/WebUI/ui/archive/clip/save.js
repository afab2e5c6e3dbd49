/** Opens the parts to the end and hands each to the browser to keep, as `name`, `name-2`…; `onProgress(share)` from 0 to 1. */
export async function save(clips, name, onProgress, signal) {
    const whole = clips.reduce((sum, clip) => sum + clip.length, 0);
    let done = 0;
    const files = [];
    for (const clip of clips) {
        // A Blob may go to the disk while it grows; an array may not.
        const pieces = [];
        for await (const bytes of clip.plaintext(0, signal)) {
            pieces.push(new Blob([bytes]));
            done += bytes.length;
            onProgress(done / whole);
        }
        const { kind } = await clip.ending();
        files.push({ blob: new Blob(pieces, { type: clip.header.contentType }), kind, type: clip.header.contentType });
    }
    files.forEach(({ blob, kind, type }, place) => {
        const number = place > 0 ? `-${place + 1}` : "";
        give(blob, `${name}${number}${kind === "interrupted" ? "-interrupted" : ""}.${type === "image/jpeg" ? "jpg" : "mp4"}`);
    });
}

function give(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
