// Found cameras: which of them share a login, and what is saved of them.

import { titleOf } from "./words.js";

/** Characters that a camera's name may have (`name` of NewCameraBody). */
export const longestName = 80;

/**
 * Groups cameras for which one login is asked: those whose own name of their maker is the same, and each without one alone, since nothing says
 * that they belong together. Returns `[{ maker, cameras }]`.
 */
export function loginGroups(cameras) {
    const groups = new Map();
    for (const found of cameras) {
        const key = found.maker ?? `at ${found.address}`;
        if (!groups.has(key)) groups.set(key, { maker: found.maker, cameras: [] });
        groups.get(key).cameras.push(found);
    }
    return [...groups.values()];
}

/** Cameras that one request asks (`addresses` of the API). */
const mostAsked = 32;

/** The addresses of requests that ask cameras. */
export function portions(addresses) {
    return Array.from({ length: Math.ceil(addresses.length / mostAsked) }, (_, index) => addresses.slice(index * mostAsked, (index + 1) * mostAsked));
}

/**
 * The bodies that try a login on a group. They name the maker whenever there is one, so that the server sends the login to no other. In clear text
 * it goes only to those that want it so, one by one.
 */
export function loginBodies({ maker, cameras }, { username, password, allowClearText = false }) {
    const open = cameras.filter((found) => allowClearText && found.outcome === "clear_text_only");
    const closed = cameras.filter((found) => !open.includes(found)).map((found) => found.address);
    return [
        ...portions(closed).map((addresses) => ({ addresses, ...(maker === null ? {} : { maker }), username, password })),
        ...open.map((found) => ({ addresses: [found.address], username, password, allowClearText })),
    ];
}

/** The cameras to save of one that told its streams: one for each lens. `login`: `{ username, password }`, or `null`. */
export function candidatesOf(found, login = null, settings = {}) {
    return found.streams.map((stream, index) => ({
        name: nameFor(found, stream, index).slice(0, longestName), source: stream.source,
        ...(stream.detect ? { detect: stream.detect } : {}), ...(login ?? {}), ...settings,
    }));
}

function nameFor(found, stream, index) {
    // The words for one without a name are no name.
    const title = found.name ?? found.model ?? found.maker ? titleOf(found) : "Camera";
    if (found.streams.length === 1) return title;
    return `${title} ${stream.name ?? index + 1}`;
}

/** Gives each candidate a name of its own among `taken`, as people would: "Yard", "Yard 2". */
export function withDistinctNames(candidates, taken = []) {
    const used = new Set(taken);
    return candidates.map((candidate) => {
        let { name } = candidate;
        for (let number = 2; used.has(name); number += 1) name = `${candidate.name.slice(0, longestName - 5)} ${number}`;
        used.add(name);
        return { ...candidate, name };
    });
}

/** Whether an address is a stream's, and not a camera's. */
export const isStream = (address) => /^rtsps?:\/\//i.test(address.trim());
