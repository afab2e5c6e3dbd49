/** What a permission allows, in words, in the order of the server's list. */
export const permissions = [
    ["watch_live", "Live view", "Pictures and sound of the cameras."],
    ["read_events", "Read events", "Events, clips and pictures."],
    ["keep_events", "Keep events", "Keeps events, so that their clips stay."],
    ["read_archive", "Read the archive", "The list and the sealed clips."],
    ["hold_archive", "Hold archived clips", "Holds and releases clips at the node."],
    ["read_status", "Read the status", "Disks, links and problems."],
    ["read_journal", "Read the journal", "All signed entries, of every camera."],
    ["read_metrics", "Read metrics", "Numbers for monitoring."],
    ["own_account", "Own account", "Your own password, devices and tokens."],
    ["manage_cameras", "Manage cameras", "Adds, changes, tests and removes cameras."],
    ["manage_people", "Manage people", "Other people's accounts, devices and tokens."],
    ["manage_settings", "Manage settings", "Recording, archive and the link to the node."],
    ["read_audit", "Read the audit log", "Who did what."],
    ["operate", "Operate", "Restarts, updates, backups."],
];

/** "Live view"; of a permission that a newer server has, its own text. */
export const permissionName = (permission) => permissions.find(([name]) => name === permission)?.[1] ?? permission.replaceAll("_", " ");

/** The choices of a form: what these permissions allow. */
export const scopeChoices = (allowed) => permissions.filter(([name]) => allowed.includes(name)).map(([value, title, note]) => ({ value, title, note }));
