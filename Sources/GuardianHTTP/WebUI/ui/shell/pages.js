// The pages. The router, the shell's links and the server (WebUI.swift) read this table, so that an address is written once. From
// its first bracket to its last it is JSON, because the server parses it.
//
// paths: addresses, with {id} for a parameter. place: the link that is marked while the page is open; title: the text of that link.
// servers: where the page is, "edge", "node" or "operators" (a node, for those who look after it); without it, everywhere. permission: what one must be allowed to do to use the page; isPublic: whether it is also for those who are not
// logged in; isEntrance: whether it is only for them, so that a login leaves it.

export const pages = [
    { "paths": ["/", "/live", "/live/{id}"], "servers": ["edge", "node"], "tag": "live-page", "permission": "watch_live", "module": "/ui/live/page.js", "style": "/ui/live/live.css", "place": "live", "title": "Live" },
    { "paths": ["/events"], "servers": ["edge", "node"], "tag": "events-page", "permission": "read_events", "module": "/ui/events/page.js", "style": "/ui/events/events.css", "place": "events", "title": "Events" },
    { "paths": ["/events/{id}"], "servers": ["edge", "node"], "tag": "event-page", "permission": "read_events", "module": "/ui/event/page.js", "style": "/ui/event/event.css", "place": "events" },
    { "paths": ["/archive"], "servers": ["edge", "node"], "tag": "archive-page", "permission": "read_archive", "module": "/ui/archive/page.js", "style": "/ui/archive/archive.css", "place": "archive", "title": "Archive" },
    { "paths": ["/archive/keys"], "servers": ["edge"], "tag": "archive-keys-page", "permission": "read_archive", "module": "/ui/archive/keys/page.js", "style": "/ui/archive/archive.css", "place": "archive" },
    { "paths": ["/archive/{id}"], "servers": ["edge", "node"], "tag": "archived-clip-page", "permission": "read_archive", "module": "/ui/archive/clip/page.js", "style": "/ui/archive/archive.css", "place": "archive" },
    { "paths": ["/system"], "servers": ["edge", "node"], "tag": "system-page", "permission": "read_status", "module": "/ui/system/page.js", "style": "/ui/system/system.css", "place": "system", "title": "System" },
    { "paths": ["/report"], "servers": ["edge", "node"], "tag": "report-page", "permission": "read_status", "module": "/ui/report/page.js", "style": "/ui/report/report.css", "place": "system" },
    { "paths": ["/cameras"], "servers": ["edge"], "tag": "cameras-page", "permission": "manage_cameras", "module": "/ui/cameras/page.js", "style": "/ui/cameras/cameras.css", "place": "system" },
    { "paths": ["/settings"], "servers": ["edge"], "tag": "settings-page", "permission": "manage_settings", "module": "/ui/settings/page.js", "style": "/ui/settings/settings.css", "place": "system" },
    { "paths": ["/welcome"], "servers": ["edge"], "tag": "welcome-page", "permission": "manage_cameras", "module": "/ui/welcome/page.js", "style": "/ui/welcome/welcome.css" },
    { "paths": ["/"], "servers": ["operators"], "tag": "tenants-page", "permission": "read_status", "module": "/ui/operator/page.js", "style": "/ui/system/system.css", "place": "system", "title": "Households" },
    { "paths": ["/people"], "tag": "people-page", "permission": "own_account", "module": "/ui/people/page.js", "style": "/ui/people/people.css" },
    { "paths": ["/audit"], "tag": "audit-page", "permission": "read_audit", "module": "/ui/audit/page.js", "style": "/ui/audit/audit.css" },
    { "paths": ["/login"], "tag": "login-page", "isPublic": true, "isEntrance": true, "module": "/ui/login/page.js", "style": "/ui/login/login.css" },
    { "paths": ["/setup"], "tag": "setup-page", "isPublic": true, "isEntrance": true, "module": "/ui/setup/page.js", "style": "/ui/login/login.css" },
    { "paths": ["/password"], "tag": "first-password-page", "permission": "own_account", "module": "/ui/people/first-password.js", "style": "/ui/login/login.css" },
    { "paths": ["/trust"], "tag": "trust-page", "isPublic": true, "module": "/ui/trust/page.js", "style": "/ui/trust/trust.css" }
];
