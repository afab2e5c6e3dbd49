// The steps of the first run, in their order. The address has the step and the cameras that were added: /welcome?step=walk&cameras=front,yard.
// A further step is a further line here and a module in `parts` of page.js.

export const steps = [
    { id: "cameras", title: "Find your cameras" },
    { id: "walk", title: "Walk past one" },
    { id: "code", title: "Recovery code" },
    { id: "phone", title: "Open it on your phone" },
];

/** Cameras that an address names at most. */
const mostCameras = 64;

/** Returns `{ step, cameras }` of an address; the first step when it names none. */
export function placeOf({ searchParams }) {
    const step = steps.find(({ id }) => id === searchParams.get("step")) ?? steps[0];
    const cameras = (searchParams.get("cameras") ?? "").split(",").filter(Boolean).slice(0, mostCameras);
    return { step: step.id, cameras };
}

/** The address of a step; `null`: the end, which is the live view. */
export function addressOf(step, cameras = []) {
    if (step === null) return "/";
    const query = new URLSearchParams({ step });
    if (cameras.length > 0) query.set("cameras", cameras.join(","));
    // Commas need no escape in a query, and the address can be read.
    return `/welcome?${query.toString().replaceAll("%2C", ",")}`;
}

/** The step after one; `null` after the last. */
export const after = (step) => steps[steps.findIndex(({ id }) => id === step) + 1]?.id ?? null;
