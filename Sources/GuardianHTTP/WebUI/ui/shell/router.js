// Client-side routing: maps URLs to pages and navigates without reloading the document.

import { served } from "./served.js";

const patterns = served.flatMap((page) => page.paths.map((path) => ({ page, pattern: new RegExp(`^${path.replace("{id}", "([^/]+)")}$`) })));

/** Returns the text of a percent-encoded path segment; `null` when its encoding is malformed. */
function decoded(segment) {
    try {
        return decodeURIComponent(segment);
    } catch {
        return null;
    }
}

/** Returns `{ page, parameter }` of a URL; `null` when it is not a page of the Web UI. */
export function match(address) {
    for (const { page, pattern } of patterns) {
        const found = pattern.exec(address.pathname);
        if (!found) continue;
        if (found[1] === undefined) return { page, parameter: null };
        const parameter = decoded(found[1]);
        return parameter === null ? null : { page, parameter };
    }
    return null;
}

const styles = new Map();

function loadStyle(address) {
    if (!styles.has(address)) {
        styles.set(address, new Promise((resolve, reject) => {
            const link = document.createElement("link");
            link.rel = "stylesheet";
            link.href = address;
            link.addEventListener("load", resolve);
            link.addEventListener("error", () => { styles.delete(address); link.remove(); reject(new Error("A stylesheet did not load.")); });
            document.head.append(link);
        }));
    }
    return styles.get(address);
}

/** Loads the module and the stylesheet of a page. */
export async function load(page) {
    await Promise.all([import(page.module), loadStyle(page.style)]);
}

/** Preloads the page of an address that the user is about to open. */
export function warm(path) {
    load(match(new URL(path, location.href)).page).catch(() => {});
}

let onNavigate = () => {};

/** Calls `navigate` for the current URL, and for every URL that a link, the browser's history or `go` opens. */
export function follow(navigate) {
    onNavigate = navigate;
    history.scrollRestoration = "manual";
    addEventListener("popstate", () => navigate(new URL(location.href), "back"));
    document.addEventListener("click", (event) => {
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        const link = event.target.closest?.("a[href]");
        if (!link || link.target || link.hasAttribute("download") || link.hash && link.pathname === location.pathname) return;
        const address = new URL(link.href);
        if (address.origin !== location.origin || !match(address)) return;
        event.preventDefault();
        go(address, { replace: link.dataset.replace !== undefined });
    });
    navigate(new URL(location.href), "first");
}

export function go(address, { replace = false } = {}) {
    const target = new URL(address, location.href);
    if (target.href === location.href) return;
    if (replace) history.replaceState(history.state, "", target);
    else history.pushState({ fromList: location.pathname === "/events" }, "", target);
    onNavigate(target, "link");
}

/** Navigates to the URL that the browser shows already, after `note`. */
export function reopen() { onNavigate(new URL(location.href), "link"); }

/** Replaces the URL without navigating, for filters that are part of it. */
export function note(address) {
    history.replaceState(history.state, "", address);
}
