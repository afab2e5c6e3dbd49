// Accessibility checks that kit/visitor.py runs in a page, for people with low vision and keyboard users: those that axe-core lacks or makes less strict.

const visible = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" && element.checkVisibility({ opacityProperty: false });
};
const describe = (element) => `${element.localName}.${element.className?.baseVal ?? element.className} "${(element.textContent ?? "").trim().slice(0, 40)}"`;
const controls = () => [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0'], [role=slider]")].filter(visible);

const parse = (colour) => {
    const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return { r: parts[0], g: parts[1], b: parts[2], a: parts[3] ?? 1 };
};
const over = (front, back) => ({ r: front.r * front.a + back.r * (1 - front.a), g: front.g * front.a + back.g * (1 - front.a), b: front.b * front.a + back.b * (1 - front.a), a: 1 });
const light = ({ r, g, b }) => [r, g, b].map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
};

function background(element) {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
        const colour = parse(getComputedStyle(each).backgroundColor);
        if (colour.a > 0) layers.push(colour);
        if (colour.a === 1) break;
        // An image is behind it: assume white, the worst case for white text.
        if (each.matches(".tile, .crop, .picture, .view")) { layers.push({ r: 255, g: 255, b: 255, a: 1 }); break; }
    }
    return layers.reduceRight((back, front) => over(front, back), { r: 255, g: 255, b: 255, a: 1 });
}

/** Text with less contrast than 4.5 : 1 (3 : 1 when large), except captions, which lie over a gradient. */
window.lowContrast = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !element || !visible(element) || element.closest(".caption, .unseen, .skip, noscript, [aria-disabled=true], script, title, style")) continue;
        const style = getComputedStyle(element);
        const back = background(element);
        const front = over(parse(style.color), back);
        const size = parseFloat(style.fontSize);
        const needed = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700 ? 3 : 4.5;
        const is = ratio(front, back);
        if (is < needed - 0.01) found.push(`${is.toFixed(2)} ${describe(element)}`);
    }
    return found;
};

/** Targets smaller than 24 by 24 px. */
window.smallTargets = () => controls().filter((element) => !element.closest(".skip") && !element.matches("p a")).filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width < 23.5 || box.height < 23.5;
}).map((element) => `${Math.round(element.getBoundingClientRect().width)}x${Math.round(element.getBoundingClientRect().height)} ${describe(element)}`);

/** One visible h1, a title with "Guardian", unique ids. */
window.structure = () => {
    const found = [];
    if ([...document.querySelectorAll("h1")].filter(visible).length !== 1) found.push("h1");
    if (!document.title.includes("Guardian")) found.push("title");
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    if (new Set(ids).size !== ids.length) found.push("ids");
    return found;
};

/** The focused element and whether its focus is visible; `null` if the focus is outside the page. */
window.focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element);
    element.dataset.focusKey ??= String(Math.random());
    return {
        key: element.dataset.focusKey, what: describe(element),
        isVisible: element.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && visible(element),
    };
};
