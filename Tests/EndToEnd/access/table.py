"""What each operation asks of whoever sends it. Written by hand from docs/design/identity.md: a server that declares a route wrongly must
not thereby be right."""

import dataclasses

EVERYONE, VIEWER, MEMBER, OWNER = range(4)


@dataclasses.dataclass(frozen=True)
class Row:
    """`least`: the least role that may use the route.

    `of`: what the identifier in its path names; `queries`: the query parameters that name something, {name: kind}.
    `divided`: whether each camera's part of the answer can be given alone. If not, whoever sees some cameras is refused.
    `body`: a valid one.
    `not_done`: why those who may use the route do not do so in these tests. They are still tried with identifiers that do not exist and
    with invalid bodies, which change nothing."""

    least: int
    of: str | None = None
    queries: dict = dataclasses.field(default_factory=dict)
    divided: bool = True
    body: dict | None = None
    not_done: str | None = None
    needs_query: bool = False
    endless: bool = False
    at_edge: int | None = None


PASSWORD = "correct horse battery"
CAMERA = {"source": "rtsp://192.0.2.1/none", "name": "Nowhere"}
CHANGES = "it changes the demo that other tests read"
ENDS = "it ends the session that the other rows need; test_users.py and test_login.py do it"
CONNECTS = "it connects to cameras; test_discovery.py and test_cameras_at_run_time.py do it"

# A person's own account is theirs, whatever their role. A member watches every camera, keeps events and sees the status. Cameras, people,
# settings, the audit log, the journal, numbers for monitoring and holding archived clips are the owner's.
ROWS = {
    "health": Row(EVERYONE), "readiness": Row(EVERYONE), "authority": Row(EVERYONE), "authorityProfile": Row(EVERYONE),
    "setup": Row(EVERYONE),
    "completeSetup": Row(EVERYONE, body={"secret": "none", "name": "Eve", "password": PASSWORD}, not_done="it is open for one owner only"),
    "logIn": Row(EVERYONE, body={"name": "Eve", "password": PASSWORD}, not_done="wrong logins are throttled"),
    "logInByLink": Row(EVERYONE, body={"secret": "none"}, not_done="each link is good once"),
    "beginPasskeyLogin": Row(EVERYONE),
    "logInByPasskey": Row(
        EVERYONE, body={"id": "AAAA", "clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA"},
        not_done="wrong logins are throttled"),

    "metrics": Row(OWNER, divided=False), "description": Row(VIEWER), "drawQRCode": Row(VIEWER, body={"text": "guardian"}),
    "status": Row(MEMBER, divided=False), "listEdges": Row(MEMBER, divided=False),
    "telemetry": Row(MEMBER, divided=False, queries={"camera": "camera"}), "telemetryReport": Row(MEMBER, divided=False),
    "journal": Row(OWNER, divided=False), "audit": Row(OWNER, divided=False),

    "listCameras": Row(VIEWER), "getCamera": Row(VIEWER, of="camera"), "cameraSnapshot": Row(VIEWER, of="camera"),
    "liveCamera": Row(VIEWER, of="camera", endless=True),
    "liveGrid": Row(VIEWER, queries={"cameras": "camera"}, needs_query=True, endless=True),
    "addCamera": Row(OWNER, divided=False, body=CAMERA, not_done=CHANGES),
    "discoverCameras": Row(OWNER, divided=False, body={"addresses": ["192.0.2.1"]}, not_done=CONNECTS),
    "testAddress": Row(OWNER, divided=False, body=CAMERA, not_done=CONNECTS),
    "changeCamera": Row(OWNER, of="camera", body={"name": "Nowhere"}, not_done=CHANGES),
    "removeCamera": Row(OWNER, of="camera", not_done=CHANGES), "testCamera": Row(OWNER, of="camera", not_done=CONNECTS),

    "getConfig": Row(OWNER, divided=False), "changeConfig": Row(OWNER, divided=False, body={"recording": {"preRoll": 5}}, not_done=CHANGES),
    "getNode": Row(OWNER, divided=False),
    "enrolAtNode": Row(OWNER, divided=False, body={"node": "node.invalid", "code": "0"}, not_done=CHANGES),
    "leaveNode": Row(OWNER, divided=False, not_done=CHANGES),
    # Who can watch is decided by an owner in person: no token adds or removes them.
    "listRecipients": Row(OWNER, divided=False),
    "addRecipient": Row(OWNER, divided=False, body={"name": "Eve", "key": "guardian-recipient:X-Wing:none:none"}, not_done=CHANGES),
    "removeRecipient": Row(OWNER, of="recipient", divided=False, not_done=CHANGES),

    "listEvents": Row(VIEWER, queries={"camera": "camera"}), "eventDensity": Row(VIEWER, queries={"camera": "camera"}),
    "getEvent": Row(VIEWER, of="event"), "eventClip": Row(VIEWER, of="event"), "eventSnapshot": Row(VIEWER, of="event"),
    "streamEvents": Row(VIEWER, endless=True), "coverage": Row(VIEWER, queries={"camera": "camera"}),
    "listClips": Row(VIEWER, queries={"camera": "camera"}), "clip": Row(VIEWER, of="clip"),
    "keepEvent": Row(MEMBER, of="event", not_done=CHANGES), "letEventGo": Row(MEMBER, of="event", not_done=CHANGES),

    "listArchive": Row(VIEWER, queries={"camera": "camera", "event": "event", "cursor": "archived clip"}),
    "listArchivedPictures": Row(VIEWER, queries={"camera": "camera", "event": "event", "cursor": "archived picture"}),
    "archivedClip": Row(VIEWER, of="archived clip"), "archivedPicture": Row(VIEWER, of="archived picture"),
    "archivedSnapshot": Row(VIEWER, of="archived picture"), "archiveUsage": Row(MEMBER, divided=False),
    "holdArchivedClip": Row(OWNER, of="archived clip", not_done=CHANGES),
    "releaseArchivedClip": Row(OWNER, of="archived clip", not_done=CHANGES, at_edge=403),

    "session": Row(VIEWER), "logOut": Row(VIEWER, not_done=ENDS),
    "changePassword": Row(VIEWER, body={"current": PASSWORD, "password": "another long password"}, not_done=ENDS),
    "beginSecondFactor": Row(VIEWER, body={"password": PASSWORD}, not_done="it changes how the account logs in; test_login.py does it"),
    "confirmSecondFactor": Row(VIEWER, body={"code": "123456"}, not_done="it changes how the account logs in; test_login.py does it"),
    "renewRecoveryCodes": Row(VIEWER, body={"code": "123456"}, not_done="wrong codes are throttled"),
    "turnOffSecondFactor": Row(VIEWER, body={"code": "123456"}, not_done="wrong codes are throttled"),
    "listSessions": Row(VIEWER, queries={"user": "account"}), "revokeSessions": Row(VIEWER, not_done=ENDS),
    "revokeSession": Row(VIEWER, of="session", not_done=ENDS),
    "listTokens": Row(VIEWER, queries={"user": "account"}), "revokeToken": Row(VIEWER, of="token", not_done=ENDS),
    "makeToken": Row(VIEWER, body={"name": "none", "scope": ["own_account"], "password": PASSWORD}, not_done="an account has a limited number of changes"),
    "makeLoginLink": Row(VIEWER, of="account", body={"password": PASSWORD}, not_done="it replaces the account's link; test_links.py does it"),
    "user": Row(VIEWER, of="account"),
    "listPasskeys": Row(VIEWER, of="account"),
    "beginPasskey": Row(VIEWER, of="account", body={"password": PASSWORD}, not_done="wrong passwords are throttled; test_passkeys.py does it"),
    "addPasskey": Row(
        VIEWER, of="account", body={"name": "none", "clientDataJSON": "AAAA", "attestationObject": "AAAA"},
        not_done="it needs a browser; test_passkeys.py does it"),
    "renamePasskey": Row(VIEWER, of="passkey", body={"name": "none"}, not_done="an account has a limited number of changes"),
    "removePasskey": Row(VIEWER, of="passkey", body={"password": PASSWORD}, not_done="the other rows need it"),

    # Whoever manages people decides about the cameras of all of them.
    "listUsers": Row(OWNER, divided=False), "addUser": Row(OWNER, divided=False, body={"name": "Eve", "role": "viewer", "password": PASSWORD}, not_done=CHANGES),
    "changeUser": Row(OWNER, of="account", divided=False, body={"disabled": False}, not_done=CHANGES),
    "removeUser": Row(OWNER, of="account", divided=False, not_done=CHANGES),
    "resetPassword": Row(OWNER, of="account", divided=False, body={"password": PASSWORD}, not_done=CHANGES),
    "removeSecondFactor": Row(OWNER, of="account", divided=False, not_done=CHANGES),
}
