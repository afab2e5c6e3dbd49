// The first that occurs in the text counts: browsers also name those that they are like.
const browsers = [["Edg/", "Edge"], ["EdgA/", "Edge"], ["OPR/", "Opera"], ["SamsungBrowser/", "Samsung Internet"], ["Firefox/", "Firefox"], ["FxiOS/", "Firefox"], ["CriOS/", "Chrome"], ["Chrome/", "Chrome"], ["Safari/", "Safari"], ["curl/", "curl"]];
const systems = [["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Windows", "Windows"], ["Mac OS X", "Mac"], ["CrOS", "Chromebook"], ["Linux", "Linux"]];

const first = (names, text) => names.find(([mark]) => text.includes(mark))?.[1] ?? null;

/** "iPhone": the system that a `User-Agent` header names; `null` for an unknown one. */
export const systemName = (agent) => first(systems, agent);

/** "Firefox on Linux": a `User-Agent` header in words. */
export function deviceName(agent) {
    const [browser, system] = [first(browsers, agent), systemName(agent)];
    if (browser && system) return `${browser} on ${system}`;
    return browser ?? system ?? (agent.trim() === "" ? "Unknown device" : agent.trim().slice(0, 60));
}
