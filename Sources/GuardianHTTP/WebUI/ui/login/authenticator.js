// Passkeys of the browser (WebAuthn Level 2): the server's options in, what it verifies out, bytes as base64url.
import { Problem } from "../store/api.js";
import { here, isNode } from "../common/server.js";

/** Browsers know passkeys of names only, not of IP addresses. */
const isAddress = (host) => host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host);

/** Why passkeys cannot be used here, as a sentence; "" when they can. */
export function whyNot({ hostname, port } = location, hasPasskeys = "PublicKeyCredential" in globalThis) {
    if (isAddress(hostname)) return `Passkeys need the ${here}'s name: open this page by it, not by a number.${isNode ? "" : ` It is the machine's name with .local behind it, such as recorder.local${port ? `:${port}` : ""}.`}`;
    return hasPasskeys ? "" : "This browser has no passkeys.";
}

/** Makes a passkey. Returns what the server stores of it; throws a `Problem`. */
export async function makePasskey({ challenge, rpId, timeout, exclude, user }) {
    const { response } = await ask("The passkey was not made", () => navigator.credentials.create({ publicKey: {
        challenge: bytes(challenge), timeout,
        rp: { id: rpId, name: "Guardian" }, user: { id: bytes(user.id), name: user.name, displayName: user.name },
        // ES256, which every authenticator has.
        pubKeyCredParams: [{ type: "public-key", alg: -7 }],
        // Discoverable, so that nobody types a name; and for the person whom it has recognised, so that nobody types a code.
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        excludeCredentials: exclude.map((id) => ({ type: "public-key", id: bytes(id) })),
        attestation: "none",
    } }));
    return { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) };
}

/** Asks for a passkey. Returns what the server verifies; throws a `Problem`. */
export async function usePasskey({ challenge, rpId, timeout }) {
    const { rawId, response } = await ask("No passkey was used", () => navigator.credentials.get({ publicKey: { challenge: bytes(challenge), rpId, timeout, userVerification: "required" } }));
    return {
        id: text(rawId), clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData),
        signature: text(response.signature), userHandle: text(response.userHandle ?? new ArrayBuffer(0)),
    };
}

async function ask(title, call) {
    try {
        return await call();
    } catch (error) {
        const reason = error.name === "InvalidStateError" ? "This device has a passkey of yours already."
            : error.name === "NotAllowedError" ? `It was cancelled, took too long, or the browser does not trust this ${here} yet.`
                : "The browser or the device refused it.";
        throw new Problem(title, reason, "cancelled", 0);
    }
}

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const bytes = (base64url) => Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
