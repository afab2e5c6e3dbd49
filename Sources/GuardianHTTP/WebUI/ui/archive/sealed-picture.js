import { open } from "./sealed/open.js";
import { RangeSource } from "./sealed/source.js";

/** Opens an event's sealed picture. Returns an object URL, which the caller revokes. Throws when the archive has no picture, or none for these keys. */
export async function sealedPicture(event, keys, signal = undefined) {
    const clip = await open(new RangeSource(`/api/v1/archive/events/${encodeURIComponent(event)}/snapshot`, signal), keys, { clipId: event, part: 0 });
    const pieces = [];
    for await (const bytes of clip.plaintext(0, signal)) pieces.push(new Blob([bytes]));
    return URL.createObjectURL(new Blob(pieces, { type: clip.header.contentType }));
}
