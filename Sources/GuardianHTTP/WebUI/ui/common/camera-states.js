/** The states of a camera: their word and the class of their dot. */
export const cameraStates = { live: ["Live", "well"], connecting: ["Connecting", "warn"], lost: ["Lost", "bad"], stopped: ["Stopped", ""], paused: ["Paused", ""] };
