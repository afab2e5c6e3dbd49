/** The roles in words, the one with the fewest rights first. */
export const roles = [
    { value: "viewer", title: "Viewer", note: "Live view, events and archive of the cameras that you choose." },
    { value: "member", title: "Member", note: "Every camera, with events and archive; keeps events and sees how the system is." },
    { value: "owner", title: "Owner", note: "Everything, also people and settings." },
];

/** "Owner": a role's name; of a role that a newer server has, its own text. */
export const roleName = (role) => roles.find(({ value }) => value === role)?.title ?? role;
