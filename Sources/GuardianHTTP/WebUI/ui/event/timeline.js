import { ms } from "../parts/format.js";

/**
 * An event's clips as one line of time. Positions are milliseconds from the first clip's beginning; between two clips
 * the camera went on without a hole, so that they follow each other.
 */
export class Timeline {
    /** `lengths`: what a player found a clip's file to hold, in ms by its id; a clip that is being written is longer than its last word. */
    constructor(event, lengths = new Map()) {
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
    }

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
