import { h } from "../common/dom.js";
import { Field } from "./field.js";

/** Yes or no. */
export class SwitchField extends Field {
    constructor(name, label, options = {}) {
        super(name, label, h("input", { class: "tick-box", type: "checkbox", name }), options);
        this.element.classList.add("switch-field");
    }

    get value() { return this.control.checked === true; }
    set value(value) { this.control.checked = value; }
}

/** One of a few texts in a list that opens. `choices`: `[{ value, title }]`. */
export class SelectField extends Field {
    constructor(name, label, choices, options = {}) {
        super(name, label, h("select", { class: "input", name }, ...choices.map(({ value, title }) => h("option", { value }, title))), options);
    }
}

/** Several boxes with one label. `choices`: `[{ value, title, note }]`. */
class BoxesField extends Field {
    boxes;

    constructor(type, name, label, choices, options) {
        const boxes = choices.map(({ value }) => h("input", { class: "tick-box", type, name: `${name}`, value, props: { value } }));
        const rows = choices.map(({ title, note }, index) => h("label", { class: "tick-row" }, boxes[index], h("span", {}, h("strong", {}, title), note && h("span", { class: "note" }, note))));
        super(name, label, h("div", { class: "ticks" }, ...rows), { ...options, isGroup: true });
        this.boxes = boxes;
    }

    focus() { (this.boxes.find((box) => box.checked) ?? this.boxes[0])?.focus(); }
}

/** One of a few values that are all shown. */
export class RadioField extends BoxesField {
    constructor(name, label, choices, options = {}) { super("radio", name, label, choices, options); }

    get value() { return this.boxes.find((box) => box.checked)?.value ?? ""; }
    set value(value) { for (const box of this.boxes) box.checked = box.value === value; }
}

/** Any of a few values. */
export class ChecksField extends BoxesField {
    constructor(name, label, choices, options = {}) { super("checkbox", name, label, choices, options); }

    get value() { return this.boxes.filter((box) => box.checked).map((box) => box.value); }
    set value(values) { for (const box of this.boxes) box.checked = values.includes(box.value); }
}
