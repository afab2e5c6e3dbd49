// Creates elements from code. Data becomes text nodes only, never HTML.

/**
 * Creates an element. `props`: `class`, `on` (listeners by name), `data` (data-…), `props` (properties); everything else is an attribute, which
 * is left out when its value is `false`, `null` or `undefined`. Children: nodes, strings, numbers; empty ones are skipped.
 */
export function h(tag, props = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
        if (value === false || value === null || value === undefined) continue;
        if (name === "class") element.className = value;
        else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
        else if (name === "data") Object.assign(element.dataset, value);
        else if (name === "props") Object.assign(element, value);
        else element.setAttribute(name, value === true ? "" : String(value));
    }
    add(element, children);
    return element;
}

function add(element, children) {
    for (const child of children.flat()) {
        if (child === false || child === null || child === undefined || child === "") continue;
        element.append(typeof child === "object" ? child : String(child));
    }
}

/** Replaces the children of an element. */
export function fill(element, ...children) {
    element.replaceChildren();
    add(element, children);
    return element;
}

/** Sets an element's text only when it differs, so that screen readers do not repeat it and the layout is not recalculated. */
export function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

const vector = "http://www.w3.org/2000/svg";

/** Creates an SVG element. */
export function svg(tag, attributes = {}, ...children) {
    const element = document.createElementNS(vector, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    element.append(...children);
    return element;
}

/** Listeners and timers that end together: a page adds them when it opens and calls `end()` when it is left. */
export class Scope {
    #ends = [];

    listen(target, name, listener, options) {
        target.addEventListener(name, listener, options);
        this.#ends.push(() => target.removeEventListener(name, listener, options));
    }

    every(milliseconds, work) {
        const timer = setInterval(work, milliseconds);
        this.#ends.push(() => clearInterval(timer));
    }

    add(end) { this.#ends.push(end); }

    end() {
        for (const end of this.#ends.splice(0)) end();
    }
}

/** Returns whether the user is typing, holds a modifier key or has a dialog open; then single-key commands are ignored. */
export function isWriting(event) {
    return document.querySelector("dialog[open]") !== null || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, [contenteditable]") != null;
}
