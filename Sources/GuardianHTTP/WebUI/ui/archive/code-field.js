import { h } from "../common/dom.js";

/**
 * A field for a recovery code. The input is formatted into groups. Browsers and password managers must not store it, correct it or send it to
 * a spelling service. Enter submits the form.
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
