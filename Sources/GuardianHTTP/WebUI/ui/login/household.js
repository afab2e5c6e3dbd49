// A node serves several households, each with accounts of its own. Its name is part of who logs in, as the person's is.
import { isForOperators, isNode } from "../common/server.js";
import { TextField } from "../forms/text-field.js";

const key = "guardian.household";

/** The household that was last logged in to on this device; "" for the node's own, and at a recorder. */
export function lastHousehold() {
    try {
        return isNode ? localStorage.getItem(key) ?? "" : "";
    } catch {
        return "";
    }
}

/** Keeps it for the next login. A browser that keeps nothing asks again. */
export function keepHousehold(name) {
    if (!isNode) return;
    try {
        localStorage.setItem(key, name);
    } catch {}
}

/**
 * What a request that logs in names: always a household at a node, because the browser may have the cookie of another one. Letters that no name
 * has are spelled so that a header can have them; the node refuses them.
 */
export const named = (household) => (isNode ? encodeURIComponent(household === "" ? "home" : household) : "");

/** Whether somebody of a household needs another document than this one: operators have pages of their own. */
export const needsOtherDocument = (household) => isNode && (household === "operators") !== isForOperators;

/** Splits the secret of a link, `HOUSEHOLD.SECRET` or `SECRET`. */
export function addressee(secret) {
    const [name, rest] = secret.split(".", 2);
    return rest === undefined ? { household: "", secret } : { household: name, secret: rest };
}

/** Asks for it. */
export class HouseholdField extends TextField {
    constructor() {
        super("household", "Household", { autocomplete: "organization", maxlength: 40 }, { hint: "Its name at this node, which is in the link that you were given. Leave it empty for the node's own." });
        this.value = lastHousehold();
    }

    /** As the node spells it. */
    get value() { return this.control.value.trim().toLowerCase(); }
    set value(value) { this.control.value = value; }
}
