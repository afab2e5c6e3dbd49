import { ms } from "../common/format.js";
import { sightingIn } from "../common/path.js";

/** How much is shown before and after the event when its clip, which other events may share, is much longer; in ms. */
const around = 6000;
/** By how many ms a clip is "much longer". */
const muchLonger = 5000;

/**
 * An event's clips as one timeline. Positions are milliseconds from the start of the first clip. Recording continues without a gap from one
 * clip to the next, so each clip starts where the previous one ends.
 */
export class Timeline {
    /** `lengths`: durations in ms by clip id that a player has read from the files; a clip that is being written is longer than its last update says. */
    constructor(event, lengths = new Map(), isWhole = false) {
        const clips = event.clips ?? [];
        let begin = 0;
        this.clips = clips.map((clip) => {
            const soFar = clip.state === "complete" ? 0 : Math.max(clip.to, ms(event.endedAt) - ms(clip.startedAt), lengths.get(clip.id) ?? 0);
            const item = { clip, begin, end: begin + Math.max(clip.duration, soFar) };
            begin = item.end;
            return item;
        });
        this.duration = Math.max(begin, 1);
        /** The position of the event's first sighting; below 0 when no clip shows it. */
        this.origin = sightingIn(event);
        /** The time of the first clip's first frame. */
        this.startedAt = ms(event.startedAt) - this.origin;
        this.eventEnd = Math.min(this.duration, this.origin + Math.max(0, ms(event.endedAt) - ms(event.startedAt)));
        this.bestOffset = bestOffset(event);
        const last = event.state === "open" ? this.duration : Math.min(this.duration, this.eventEnd + around);
        const from = Math.max(0, this.origin - around);
        this.isLong = this.duration - (last - from) > muchLonger;
        /** The shown range, in ms from the start of the first clip. */
        this.from = this.isLong && !isWhole ? from : 0;
        this.to = this.isLong && !isWhole ? last : this.duration;
    }

    /** A position as a fraction of the shown range, 0 to 1. */
    share(position) { return Math.min(1, Math.max(0, (position - this.from) / Math.max(1, this.to - this.from))); }

    /** The item of `clips` at a position; `null` without clips. */
    clipAt(position) {
        return this.clips.find((item) => position < item.end) ?? this.clips.at(-1) ?? null;
    }

    timeAt(position) { return this.startedAt + position; }
}

/** The time of the best view in ms from the first sighting: that of the snapshot, otherwise of the path's point closest to the event's box. */
function bestOffset(event) {
    if (event.snapshot?.at) return Math.max(0, ms(event.snapshot.at) - ms(event.startedAt));
    const distance = ([, x, y, width, height]) => Math.abs(x - event.box.x) + Math.abs(y - event.box.y) + Math.abs(width - event.box.width) + Math.abs(height - event.box.height);
    let best = null;
    for (const point of event.path ?? []) if (!best || distance(point) < distance(best)) best = point;
    return best?.[0] ?? 0;
}
