/** The cameras to choose from, also those that somebody has been given and that are not there now. */
export function cameraChoices(cameras, given) {
    const absent = given.filter((id) => !cameras.some((camera) => camera.id === id));
    return [...cameras.map(({ id, name }) => ({ value: id, title: name })), ...absent.map((id) => ({ value: id, title: id, note: "Not there now." }))];
}
