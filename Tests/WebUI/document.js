// As much of a document as the modules use to build their elements. It knows no layout and no styles.

class Text {
    constructor(text) { this.textContent = text; }
    remove() { this.parent?.detach(this); }
}

class ClassList {
    #element;

    constructor(element) { this.#element = element; }

    get #names() { return this.#element.className.split(" ").filter(Boolean); }
    contains(name) { return this.#names.includes(name); }
    add(name) { this.toggle(name, true); }
    remove(name) { this.toggle(name, false); }

    toggle(name, isOn = !this.contains(name)) {
        this.#element.className = [...this.#names.filter((other) => other !== name), ...(isOn ? [name] : [])].join(" ");
    }
}

export class Element extends EventTarget {
    childNodes = [];
    className = "";
    classList = new ClassList(this);
    hidden = false;
    /** Values become text, as in a browser. */
    dataset = new Proxy({}, { set: (data, name, value) => Reflect.set(data, name, String(value)) });
    style = { setProperty(name, value) { this[name] = String(value); } };
    #attributes = new Map();

    constructor(tag) {
        super();
        this.localName = tag;
        if (tag === "input" || tag === "select") this.value = "";
    }

    getAttribute(name) { return this.#attributes.get(name) ?? null; }
    /** Of a media element. */
    load() {}
    setAttribute(name, value) { this.#attributes.set(name, String(value)); }
    removeAttribute(name) { this.#attributes.delete(name); }
    get title() { return this.getAttribute("title") ?? ""; }
    set title(text) { this.setAttribute("title", text); }
    get href() { return this.getAttribute("href"); }
    set href(address) { this.setAttribute("href", address); }

    get children() { return this.childNodes.filter((node) => node instanceof Element); }
    get firstChild() { return this.childNodes[0] ?? null; }
    get textContent() { return this.childNodes.map((node) => node.textContent).join(""); }
    set textContent(text) { this.replaceChildren(...(text === "" ? [] : [text])); }

    append(...nodes) { for (const node of nodes) this.insertBefore(node, null); }

    insertBefore(node, other) {
        const added = typeof node === "object" ? node : new Text(String(node));
        added.remove();
        added.parent = this;
        this.childNodes.splice(other === null ? this.childNodes.length : this.childNodes.indexOf(other), 0, added);
    }

    replaceChildren(...nodes) {
        for (const node of [...this.childNodes]) node.remove();
        this.append(...nodes);
    }

    detach(node) {
        this.childNodes = this.childNodes.filter((other) => other !== node);
        node.parent = null;
    }

    remove() { this.parent?.detach(this); }

    /** All elements below this one, in order, of this tag or with this class (".name"). */
    all(selector) {
        const isWanted = selector.startsWith(".") ? (each) => each.classList.contains(selector.slice(1)) : (each) => each.localName === selector;
        return this.children.flatMap((child) => [...(isWanted(child) ? [child] : []), ...child.all(selector)]);
    }

    /** Dispatches an event with these properties and returns it. */
    send(name, properties = {}) {
        const event = Object.assign(new Event(name, { cancelable: true }), properties);
        this.dispatchEvent(event);
        return event;
    }

    focus() {}
    select() {}
    contains(other) { return other === this || this.children.some((child) => child.contains(other)); }
    querySelector() { return null; }
    matches() { return false; }
    getBoundingClientRect() { return { left: 100, top: 0, width: 400, height: 40 }; }
    setPointerCapture() {}
}

globalThis.document = Object.assign(new EventTarget(), { createElement: (tag) => new Element(tag), createElementNS: (_, tag) => new Element(tag), hidden: false, activeElement: null, body: null });
/** A custom element of the web UI. */
globalThis.HTMLElement = class extends Element {
    constructor() { super("custom-element"); }
};
globalThis.location = new URL("http://guardian.test/");
globalThis.innerWidth = 1280;
