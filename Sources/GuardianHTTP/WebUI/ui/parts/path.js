/** Where somebody was `offset` ms after the first sight, between two points of the path; `null` before and after. */
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
