/** Milliseconds after which the browser has taken over the bytes. */
const heldFor = 60_000;

/** Lets the browser save a Blob under a name. */
export function download(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), heldFor);
}
