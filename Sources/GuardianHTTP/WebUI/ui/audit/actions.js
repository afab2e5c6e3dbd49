import { here } from "../common/server.js";
import { roleName } from "../people/roles.js";
import { permissionName } from "../people/scope.js";

/** What somebody watches from the node. */
const watched = { clip: "a recording", event: "the picture of an event", live: "a camera live", picture: "the picture of a camera" };

/**
 * Each action of the audit log as a sentence: `(who, whom, details, entry) => text`. `whom`: the name of the account that it is about; `isOwn` of
 * the entry: whether that is whoever did it.
 */
const sentences = {
    setup_begun: () => `The ${here} was started for the first time`,
    setup_completed: (who) => `${who} made the first account`,
    login: (who, _whom, { factor, by }) => `${who} logged in${{ timeCode: " with a second factor", recoveryCode: " with a recovery code", link: " with a login link", passkey: " with a passkey" }[by ?? factor] ?? ""}`,
    login_failed: (who, whom, _details, { subject }) => (subject ? `${who} failed to log in as ${whom}` : `${who} failed to log in with a name that nobody has`),
    login_throttled: (who, whom, _details, { subject }) => `${who} had to wait after too many failed logins${subject ? ` as ${whom}` : ""}`,
    proof_failed: (who) => `${who} gave a wrong password or code`,
    access_refused: (who, _whom, { operation }) => `${who} was refused what they may not do: ${operation}`,
    login_link_made: (who, whom, _details, { isOwn }) => (isOwn ? `${who} made a login link` : `${who} made a login link for ${whom}`),
    logout: (who) => `${who} logged out`,
    session_revoked: (who) => `${who} logged a device out`,
    sessions_revoked: (who, whom, _details, { isOwn }) => (isOwn ? `${who} logged out everywhere` : `${who} logged ${whom} out everywhere`),
    account_created: (who, whom, { role }) => `${who} added ${whom}${role ? ` as ${roleName(role).toLowerCase()}` : ""}`,
    account_changed: (who, whom, { disabled }, { isOwn }) => (disabled === "true" ? `${who} disabled ${whom}` : disabled === "false" ? `${who} enabled ${whom}` : isOwn ? `${who} changed their account` : `${who} changed ${whom}`),
    account_removed: (who, whom) => `${who} removed ${whom}`,
    password_changed: (who) => `${who} changed their password`,
    password_reset: (who, whom) => `${who} set a new password for ${whom}`,
    second_factor_on: (who) => `${who} turned their second factor on`,
    second_factor_off: (who, whom, _details, { isOwn }) => (isOwn ? `${who} turned their second factor off` : `${who} turned the second factor of ${whom} off`),
    recovery_code_used: (who, _whom, { left }) => `${who} used a recovery code; ${left === "1" ? "1 is" : `${left} are`} left`,
    recovery_codes_renewed: (who) => `${who} made new recovery codes`,
    passkey_added: (who, _whom, { name }) => `${who} added the passkey ${name}`,
    passkey_renamed: (who, _whom, { name }) => `${who} renamed a passkey to ${name}`,
    passkey_removed: (who, whom, { name }, { isOwn }) => (isOwn ? `${who} removed the passkey ${name}` : `${who} removed the passkey ${name} of ${whom}`),
    passkey_copied: (who, whom, { name }) => `${who} used a copy of the passkey ${name} of ${whom} and was refused`,
    token_created: (who, _whom, { name }) => `${who} made the token ${name}`,
    token_revoked: (who) => `${who} revoked a token`,
    camera_added: (who, _whom, { id }) => `${who} added the camera ${id}`,
    camera_changed: (who, _whom, { id }) => `${who} changed the camera ${id}`,
    camera_removed: (who, _whom, { id }) => `${who} removed the camera ${id}`,
    camera_login_tried: (who, _whom, { cameras, maker }) => `${who} tried a login on ${cameras === "1" ? "a camera" : `${cameras} cameras`}${maker ? ` of ${maker}` : ""}`,
    settings_changed: (who) => `${who} changed settings`,
    recipients_changed: (who) => `${who} changed who can open the archive`,
    node_changed: (who, _whom, { changed, node }) => (changed === "left" ? `${who} took this recorder away from its node` : `${who} enrolled this recorder at the node ${node}`),
    footage_sent: (_who, _whom, { name, kind }) => `${name || "Somebody"} watched ${watched[kind] ?? kind} from the node`,
    footage_erased: (who) => `${who} erased recordings`,
    audit_cut: (_who, _whom, { entries }) => `Guardian removed ${entries === "1" ? "1 old entry" : `${entries} old entries`} of this log`,
};

/** The actions that have a sentence. */
export const knownActions = Object.keys(sentences);

const actors = { root: "Root of the machine", stranger: "Somebody", guardian: "Guardian" };

/** Who did it: a person, a token of a person, or who else it was. */
const actorOf = ({ by, name }) => (by === "token" ? `A token of ${name}` : actors[by] ?? name ?? by);

/**
 * What an entry of the audit log tells, as a sentence.
 *
 * @param names the names of accounts by their ids, as they are now.
 */
export function sentenceOf(entry, names) {
    const { action, subject, accountId, details } = entry;
    const whom = details.name && action.startsWith("account_") ? details.name.split(" → ")[0] : names.get(subject) ?? "a removed account";
    const make = sentences[action];
    return make ? make(actorOf(entry), whom, details, { subject, isOwn: subject === accountId }) : `${actorOf(entry)}: ${action.replaceAll("_", " ")}`;
}

/** What else an entry tells: changes of an account, the scope of a token, and how many similar entries were not written. */
export function remarksOf({ action, details }) {
    const changes = action === "account_changed" ? Object.entries(details).filter(([name]) => name === "name" || name === "role").map(([name, change]) => `${name}: ${change}`) : [];
    if (action === "account_changed" && details.cameras !== undefined) changes.push(details.cameras === "all" ? "every camera" : "other cameras");
    return [
        ...changes, action === "token_created" && details.scope && details.scope.split(" ").map(permissionName).join(", "),
        details.omitted && `${details.omitted} more like it are not listed`,
    ].filter(Boolean);
}
