import { h } from "../parts/dom.js";

/**
 * A field for a recovery code. What is typed falls into groups; no browser or password keeper may remember it, correct it or send it
 * to a spelling service. Enter sends the form that it stands in.
 */
export function codeField(id, onInput = () => {}) {
    const group = () => {
        const isAtEnd = field.selectionStart === field.value.length;
        const letters = field.value.toUpperCase().replaceAll(/[\s-]/g, "");
        if (isAtEnd && letters.length <= 56) field.value = letters.match(/.{1,4}/g)?.join("-") ?? "";
        onInput();
    };
    const enter = (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        field.form?.requestSubmit();
    };
    const field = h("textarea", {
        class: "code-field", id, rows: 1, autocomplete: "off", autocapitalize: "characters", autocorrect: "off", spellcheck: "false",
        "data-1p-ignore": "", "data-lpignore": "true", placeholder: "XXXX-XXXX-…", on: { input: group, keydown: enter },
    });
    return field;
}
