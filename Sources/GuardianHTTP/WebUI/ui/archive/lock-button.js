import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { ownerLock } from "./lock.js";

/** A button that forgets the recovery code; visible while the archive is unlocked. It follows the lock until `scope` ends. */
export function lockButton(scope) {
    const button = h("button", { class: "button lock", type: "button", title: "Forget the recovery code in this tab", on: { click: () => ownerLock.lock() } }, icon("lock", true), "Lock");
    const show = () => { button.hidden = !ownerLock.isOpen; };
    scope.listen(ownerLock, "change", show);
    show();
    return button;
}
