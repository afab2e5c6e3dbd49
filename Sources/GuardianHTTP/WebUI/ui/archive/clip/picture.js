import { h } from "../../common/dom.js";

/** Opens a sealed picture. Returns `{ element, close }`; `close` releases the memory. */
export async function showPicture(clip, signal) {
    const pieces = [];
    for await (const bytes of clip.plaintext(0, signal)) pieces.push(new Blob([bytes]));
    const address = URL.createObjectURL(new Blob(pieces, { type: clip.header.contentType }));
    return { element: h("img", { class: "sealed-still", src: address, alt: "The best view of the event" }), close: () => URL.revokeObjectURL(address) };
}
