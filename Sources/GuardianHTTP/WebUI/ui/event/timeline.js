import { ms } from "../parts/format.js";

/** What is shown around the visit where its clip, which others may share, is much longer, in ms. */
const around = 6000;
const muchLonger = 5000;

/**
 * An event's clips as one line of time. Positions are milliseconds from the first clip's beginning; between two clips
 * the camera went on without a hole, so that they follow each other.
 */
export class Timeline {
    /** `lengths`: what a player found a clip's file to hold, in ms by its id; a clip that is being written is longer than its last word. */
    constructor(event, lengths = new Map(), isWhole = false) {
        const clips = event.clips ?? [];
        let begin = 0;
        this.clips = clips.map((clip) => {
            const soFar = clip.state === "complete" ? 0 : Math.max(clip.to, ms(event.endedAt) - ms(clip.startedAt), lengths.get(clip.id) ?? 0);
            const part = { clip, begin, end: begin + Math.max(clip.duration, soFar) };
            begin = part.end;
            return part;
        });
        this.duration = Math.max(begin, 1);
        const first = clips[0];
        /** Where the first sight is. */
        this.origin = first?.from ?? 0;
        /** When the first clip's first picture was taken. */
        this.startedAt = ms(event.startedAt) - this.origin;
        this.visitEnd = Math.min(this.duration, this.origin + Math.max(0, ms(event.endedAt) - ms(event.startedAt)));
        this.bestOffset = bestOffset(event);
        const last = event.state === "open" ? this.duration : Math.min(this.duration, this.visitEnd + around);
        const from = Math.max(0, this.origin - around);
        this.isLong = this.duration - (last - from) > muchLonger;
        /** The part that is shown, in ms from the first clip's beginning. */
        this.from = this.isLong && !isWhole ? from : 0;
        this.to = this.isLong && !isWhole ? last : this.duration;
    }

    /** 0 to 1 within the part that is shown. */
    share(position) { return Math.min(1, Math.max(0, (position - this.from) / Math.max(1, this.to - this.from))); }

    partAt(position) {
        return this.clips.find((part) => position < part.end) ?? this.clips.at(-1) ?? null;
    }

    timeAt(position) { return this.startedAt + position; }
}

/** When the best picture was taken, in ms from the first sight: said by the snapshot, else where the path meets the box. */
function bestOffset(event) {
    if (event.snapshot?.at) return Math.max(0, ms(event.snapshot.at) - ms(event.startedAt));
    const away = ([, x, y, width, height]) => Math.abs(x - event.box.x) + Math.abs(y - event.box.y) + Math.abs(width - event.box.width) + Math.abs(height - event.box.height);
    let best = null;
    for (const point of event.path ?? []) if (!best || away(point) < away(best)) best = point;
    return best?.[0] ?? 0;
}
