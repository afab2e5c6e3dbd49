// The geometry of a chart over time: scales, ticks, and the paths of lines with gaps. No elements.

/** Seconds that one sample stands for. */
const interval = 10;

/**
 * The values of one series as steps of time: `at` and `to` (milliseconds since 1970), and `mean`, `min` and `max` in the unit of the metric. An
 * increase becomes a rate by the second. `scale`: how many of the chart's unit one of the metric is.
 */
export function stepsOf(line, from, step, scale = 1) {
    return line.points.map(([at, count, sum, min, max]) => {
        const time = { at: from + at, to: from + at + step * 1000 };
        if (line.kind === "level") return { ...time, count, mean: sum / count * scale, min: min * scale, max: max * scale };
        const rate = sum / (count * interval) * scale;
        return { ...time, count, mean: rate, min: rate, max: rate };
    });
}

/** Lowest, highest and mean of all steps; `null` without any. */
export function extent(steps) {
    if (steps.length === 0) return null;
    const count = steps.reduce((all, each) => all + each.count, 0);
    return {
        min: Math.min(...steps.map((each) => each.min)),
        max: Math.max(...steps.map((each) => each.max)),
        mean: steps.reduce((all, each) => all + each.mean * each.count, 0) / count,
    };
}

/** Three values for an axis that contains 0 and both bounds: the lowest, the middle and the highest, all round numbers. */
export function ticks(min, max) {
    const low = Math.min(0, min);
    const width = Math.max(max, 0) - low || 1;
    const power = 10 ** Math.floor(Math.log10(width / 2));
    for (const factor of [1, 2, 2.5, 5, 10, 20]) {
        const half = factor * power;
        const start = Math.floor(low / half) * half;
        if (start + 2 * half >= Math.max(max, 0)) return [start, start + half, start + 2 * half];
    }
    return [low, low + width / 2, low + width];
}

/** The times below a chart of a day: every six hours by the clock, also on days on which it changes. `share`: of the width. */
export function clockMarks(from, to) {
    const day = new Date(from);
    return [0, 6, 12, 18, 24].map((hour) => new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime())
        .map((at) => ({ at, share: (at - from) / (to - from) }));
}

/** The runs of steps that follow each other without a gap. */
export function runs(steps) {
    const found = [];
    for (const each of steps) {
        const last = found.at(-1);
        if (last && last.at(-1).to >= each.at) last.push(each);
        else found.push([each]);
    }
    return found;
}

const digits = (value) => Number(value.toFixed(2));

/** Paths for a plot of 1000 by 100: `line`, of the means, and `band`, between lowest and highest. A single step is a short line. */
export function paths(steps, { from, to, low, high }) {
    const x = (time) => digits((Math.min(Math.max(time, from), to) - from) / (to - from) * 1000);
    const y = (value) => digits(100 - (value - low) / (high - low) * 100);
    let [line, band] = ["", ""];
    for (const run of runs(steps)) {
        const middle = run.map((each) => [x((each.at + each.to) / 2), each]);
        const ends = [[x(run[0].at), run[0]], ...middle, [x(run.at(-1).to), run.at(-1)]];
        line += ends.map(([at, each], index) => `${index ? "L" : "M"}${at} ${y(each.mean)}`).join("");
        if (run.some((each) => each.max > each.min)) {
            const upper = ends.map(([at, each], index) => `${index ? "L" : "M"}${at} ${y(each.max)}`);
            const lower = [...ends].reverse().map(([at, each]) => `L${at} ${y(each.min)}`);
            band += `${upper.join("")}${lower.join("")}Z`;
        }
    }
    return { line, band };
}

/** The steps of each hour from `from` on, combined: `at`, `mean`, `min` and `max`; hours without steps are left out. */
export function hours(steps, from) {
    const found = new Map();
    for (const each of steps) {
        // The first step may begin a little before the day does.
        const index = Math.max(0, Math.floor((each.at - from) / 3_600_000));
        found.set(index, [...(found.get(index) ?? []), each]);
    }
    return [...found].map(([index, of]) => ({ at: from + index * 3_600_000, ...extent(of) }));
}
