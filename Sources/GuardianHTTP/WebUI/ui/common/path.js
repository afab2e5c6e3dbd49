/**
 * The first sighting of an event in its first clip, in ms from the clip's start; below 0 when the clip began later, as after a connection whose
 * first complete picture came late. 0 without clips.
 */
export function sightingIn({ clips, startedAt }) {
    const first = clips?.[0];
    if (!first) return 0;
    return first.from > 0 ? first.from : Math.min(0, Date.parse(startedAt) - Date.parse(first.startedAt));
}

/** Interpolates the box `offset` ms after the first sighting from the path; `null` more than `slack` ms before its start or after its end. */
export function pathAt(path, offset, slack = 400) {
    if (!path?.length || offset < path[0][0] - slack || offset > path.at(-1)[0] + slack) return null;
    let next = path.findIndex((point) => point[0] >= offset);
    if (next < 0) next = path.length - 1;
    const right = path[next];
    const left = path[Math.max(0, next - 1)];
    const share = right[0] > left[0] ? Math.min(1, Math.max(0, (offset - left[0]) / (right[0] - left[0]))) : 1;
    const between = (index) => left[index] + (right[index] - left[index]) * share;
    return { x: between(1), y: between(2), width: between(3), height: between(4) };
}

const overlap = (one, other) => {
    const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
    const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
    const both = Math.max(0, width) * Math.max(0, height);
    return both / (one.width * one.height + other.width * other.height - both);
};

/**
 * Returns the box in an event's snapshot. It is the event's box, unless that is newer than the snapshot because a better snapshot has not
 * arrived yet; then it is the path's box at the time of the snapshot.
 */
export function boxInSnapshot(event) {
    const at = event.snapshot?.at ? pathAt(event.path, Date.parse(event.snapshot.at) - Date.parse(event.startedAt)) : null;
    return at && overlap(at, event.box) < 0.3 ? at : event.box;
}
