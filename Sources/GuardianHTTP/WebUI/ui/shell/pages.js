// The pages. The router, the shell's links and the server (WebUI.swift) read this table, so that an address is written once. From
// its first bracket to its last it is JSON, because the server parses it.
//
// paths: addresses, with {id} for a parameter. place: the link that is marked while the page is open; title: the text of that link.

export const pages = [
    { "paths": ["/", "/live", "/live/{id}"], "tag": "live-page", "module": "/ui/live/page.js", "style": "/ui/live/live.css", "place": "live", "title": "Live" },
    { "paths": ["/events"], "tag": "events-page", "module": "/ui/events/page.js", "style": "/ui/events/events.css", "place": "events", "title": "Events" },
    { "paths": ["/events/{id}"], "tag": "event-page", "module": "/ui/event/page.js", "style": "/ui/event/event.css", "place": "events" },
    { "paths": ["/archive"], "tag": "archive-page", "module": "/ui/archive/page.js", "style": "/ui/archive/archive.css", "place": "archive", "title": "Archive" },
    { "paths": ["/archive/keys"], "tag": "archive-keys-page", "module": "/ui/archive/keys/page.js", "style": "/ui/archive/archive.css", "place": "archive" },
    { "paths": ["/archive/{id}"], "tag": "archived-clip-page", "module": "/ui/archive/clip/page.js", "style": "/ui/archive/archive.css", "place": "archive" },
    { "paths": ["/system"], "tag": "system-page", "module": "/ui/system/page.js", "style": "/ui/system/system.css", "place": "system", "title": "System" }
];
