import { h } from "../common/dom.js";
import { Form } from "./form.js";

/** A question in words before something that cannot be taken back: `{ question, text, action, kind, send, done, cancel }`. */
export function confirmation({ question, text, kind = "bad", ...rest }) {
    return new Form({ ...rest, kind, label: question, text: [h("p", { class: "question" }, h("strong", {}, question)), h("p", { class: "quiet" }, text)] });
}
