import { systemName } from "../people/agent.js";

/**
 * How a device is made to trust the authority; `systems`: as `systemName` says them; `usesProfile`: whether it installs the profile rather than
 * the certificate. Names of menus are those of the systems in English.
 */
export const platforms = [
    {
        id: "apple-mobile", title: "iPhone and iPad", systems: ["iPhone", "iPad"], usesProfile: true,
        steps: [
            "Open this page in Safari, download the profile with the button above, and tap Allow. If it is saved, open it in the Files app.",
            "Open the Settings app soon after, tap Profile Downloaded near the top, and Install until it is done. If it is not there: General, VPN & Device Management. “Not Signed” is no fault.",
            "Still in Settings, open General, About, Certificate Trust Settings (at the end of the list), and turn on the switch beside the authority, whose name begins with Guardian. Without this step the warning stays.",
        ],
    },
    {
        id: "android", title: "Android", systems: ["Android"],
        steps: [
            "Download the authority with the button above.",
            "Open the Settings app and search for “CA certificate”. It is under Security & privacy, Encryption & credentials, Install a certificate.",
            "Tap CA certificate, then Install anyway, and choose the file guardian-authority.crt among the downloads.",
            "Android says from now on that the network may be monitored, as with every installed authority.",
            "For Firefox also: in its Settings, About Firefox, tap the logo until the debug menu is on. Then turn on “Use third party CA certificates” in Secret Settings.",
        ],
    },
    {
        id: "mac", title: "Mac", systems: ["Mac"],
        steps: [
            "Download the authority with the button above and open the file. Keychain Access asks where to add it: choose the login keychain.",
            "In Keychain Access, select the login keychain and its Certificates, and open the one whose name begins with Guardian.",
            "Open Trust, choose Always Trust beside “When using this certificate”, close the window, and type your password.",
        ],
    },
    {
        id: "windows", title: "Windows", systems: ["Windows"],
        steps: [
            "Download the authority with the button above, open the file, and choose Install Certificate.",
            "Choose Current User, then “Place all certificates in the following store”, Browse, Trusted Root Certification Authorities.",
            "Finish, and answer the security question with Yes.",
        ],
    },
    {
        id: "linux", title: "Chrome on Linux and Chromebooks", systems: ["Linux", "Chromebook"],
        steps: [
            "Download the authority with the button above.",
            "Open the browser's settings, Privacy and security, Security, Manage certificates.",
            "Open Custom, Installed by you, and import the file under Trusted Certificates. Older versions have it under Authorities: choose there to trust it for identifying websites.",
        ],
    },
    {
        id: "firefox", title: "Firefox on a computer", systems: [],
        steps: [
            "Download the authority with the button above.",
            "Open Firefox's settings, Privacy & Security, View Certificates, Authorities, Import, and choose the file guardian-authority.crt.",
            "Choose “Trust this CA to identify websites”.",
        ],
    },
];

/**
 * The platforms with that of this browser first, as a copy. `agent`: the `User-Agent`; `touchPoints`: how many fingers the screen feels at
 * once, because an iPad says that it is a Mac, which has none.
 */
export function platformsFor(agent, touchPoints) {
    const system = systemName(agent);
    const own = system === "Mac" && touchPoints > 1 ? "iPad" : system;
    const isOnComputer = ["Mac", "Windows", "Linux"].includes(own);
    const first = agent.includes("Firefox/") && isOnComputer ? "firefox" : platforms.find(({ systems }) => systems.includes(own))?.id;
    return [...platforms.filter(({ id }) => id === first), ...platforms.filter(({ id }) => id !== first)];
}
