// Which charts a day has, and their units for people. No elements.

import { bitrate, bytes } from "../common/format.js";

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

const percent = (permille) => `${number.format(permille / 10)} %`;
const degrees = (millidegrees) => `${number.format(millidegrees / 1000)} °C`;
const frames = (thousandths) => `${number.format(thousandths / 1000)} a second`;

/** `scale`: how many of the unit that is shown one of the metric's is. */
const kinds = [
    { metric: "cpu_permille", title: "Processor", words: percent },
    { metric: "memory_used_bytes", title: "Memory in use", words: bytes },
    { metric: "temperature_millidegrees", title: "Temperature", words: degrees },
    { metric: "network_sent_bytes", title: "Sent to the network", words: bitrate, scale: 8 },
    { metric: "network_received_bytes", title: "Received from the network", words: bitrate, scale: 8 },
    { metric: "camera_bits_per_second", title: "Video data", words: bitrate },
    { metric: "camera_fps_thousandths", title: "Frames", words: frames },
];

/** The metrics to ask for. */
export const metrics = kinds.map(({ metric }) => metric).join(",");

/** The charts of an answer of the telemetry route: `title`, `words` (a value for people), `scale` and `line`, those without points left out. */
export function chartsOf(items, nameOf) {
    return kinds.flatMap(({ metric, title, words, scale }) => items
        .filter((line) => line.metric === metric && line.points.length > 0)
        .map((line) => ({ title: line.camera ? `${title}, ${nameOf(line.camera)}` : title, words, scale, line })));
}
