/**
 * The address of a clip for a video element: with an index, once it is complete. Without one, a browser goes through the clip piece by piece before it
 * shows a place in it.
 */
export const filmOf = ({ id, url, state }) => `${url ?? `/api/v1/clips/${id}.mp4`}${state === "complete" ? "?index=true" : ""}`;
