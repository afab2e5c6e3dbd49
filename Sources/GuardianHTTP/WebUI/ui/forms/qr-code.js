import { sendForPicture } from "../store/api.js";
import { h } from "../common/dom.js";

/**
 * The QR code of a text, which the server draws, with `words` below it. `label`: what it is, for screen readers. Where it cannot be had, nothing is
 * shown: the text stands beside it.
 */
export function qrCode(text, label, words) {
    const image = h("img", { class: "qr-code bone", alt: `QR code: ${label}`, width: 216, height: 216 });
    const element = h("figure", { class: "qr" }, image, h("figcaption", { class: "quiet" }, words));
    draw(image, text).catch(() => { element.hidden = true; });
    return element;
}

async function draw(image, text) {
    const address = URL.createObjectURL(await sendForPicture("/api/v1/qr-codes", { text }));
    image.addEventListener("load", () => {
        image.classList.remove("bone");
        URL.revokeObjectURL(address);
    }, { once: true });
    image.src = address;
}
