"""Those who ask: people and tokens of one server, made for these tests and removed at their end."""

import contextlib
import dataclasses
import http.cookiejar
import ipaddress
import sqlite3
import time
import uuid

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from access.table import EVERYONE, MEMBER, OWNER, PASSWORD, VIEWER
from kit.node import guardian, setup_link

COOKIE = "__Host-guardian"
# Of clients on this machine. Refused requests are limited by address, and these tests send hundreds.
ADDRESSES = map(str, ipaddress.ip_network("127.1.0.0/16").hosts())


class FromAddress(requests.adapters.HTTPAdapter):
    def __init__(self, address):
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self._address, 0), **options)


@dataclasses.dataclass
class Asker:
    """`role`: EVERYONE for those who are not logged in. `cameras`: aliases; `None` for all. `permissions`: of a token; `None` for all of
    the role."""

    name: str
    headers: dict
    role: int = EVERYONE
    cameras: tuple | None = None
    permissions: tuple | None = None
    account: str | None = None
    session: str | None = None
    # Of an owner of another household of the node.
    household: str | None = None

    def __post_init__(self):
        self.client = requests.Session()
        self.client.trust_env = False
        self.client.mount("https://", FromAddress(next(ADDRESSES)))
        # Answers that end or begin a session must not change who asks.
        self.client.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))


class People:
    """`sees`: the alias of the camera that viewers see; `other`: of the one that only one of them sees; `configuration`: of a node, which
    has other households."""

    def __init__(self, api, state, sees, other, configuration=None):
        self.api, self._database = api, state / "identity.sqlite"
        self._local = (state / "local.token").read_text().strip()
        self._accounts, self._number, self._tokens, self._sessions, self._passkeys = [], 0, [], [], []
        try:
            viewer, both = self.add("viewer", [sees]), self.add("viewer", [sees, other])
            member = self.add("member")
            owner = next(each for each in api.json("/api/v1/users")["items"] if each["role"] == "owner")
            everything = api.json("/api/v1/session")["permissions"]
            self.owner = self.log_in("owner", owner, OWNER)
            self.viewer = self.log_in("viewer of one camera", viewer, VIEWER, (sees,))
            revoked, expired = self.log_in("revoked session", owner), self.log_in("expired session", owner)
            api.send("DELETE", f"/api/v1/sessions/{revoked.session}", expect=204)
            self._expire(expired)
            self.passkey_id = self._add_passkey(owner)
            self.token_id, of_owner = self.token(self.owner, ["read_metrics"])
            of_viewer = self.token(self.viewer, self.ask(self.viewer, "GET", "/api/v1/session").json()["permissions"])[1]
            limited = self.token(self.owner, [each for each in everything if each != "manage_people"], [sees])[1]
            gone_id, gone = self.token(self.owner, everything)
            api.send("DELETE", f"/api/v1/tokens/{gone_id}", expect=204)
            self.all = [
                Asker("nobody", {}), expired, revoked, Asker("revoked token", gone),
                Asker("token with one permission", of_owner, OWNER, permissions=("metrics",), account=owner["id"]),
                self.viewer, Asker("viewer's token", of_viewer, VIEWER, (sees,), account=viewer["id"]),
                Asker("owner's token for one camera", limited, OWNER, (sees,), account=owner["id"]),
                self.log_in("viewer of both cameras", both, VIEWER, (sees, other)),
                self.log_in("member", member, MEMBER), self.owner,
            ]
            if configuration:
                self.all.append(self._neighbour(configuration))
        except BaseException:
            self.leave()
            raise

    def add(self, role, cameras=None):
        self._number += 1
        body = {"name": f"Matrix {self._number}", "password": PASSWORD, "role": role, **({"cameras": cameras} if cameras else {})}
        account = self.api.send("POST", "/api/v1/users", body, expect=201)
        self._accounts.append(account["id"])
        return account

    def log_in(self, name, account, role=EVERYONE, cameras=None):
        asker = Asker(name, {}, role, cameras, account=account["id"])
        if account["passwordSet"]:
            answer = self.ask(asker, "POST", "/api/v1/session", json={"name": account["name"], "password": PASSWORD})
        else:
            # The demo's owner, for whom this machine makes a link. Another one could not be removed: an owner with a password must be left.
            root = {"Authorization": f"Bearer {self._local}"}
            link = self.api.send("POST", f"/api/v1/users/{account['id']}/link", {}, expect=201, headers=root)["path"]
            answer = self.ask(asker, "POST", "/api/v1/session/link", json={"secret": link.partition("=")[2]})
        assert answer.status_code == 200, answer.text
        secret = answer.headers["Set-Cookie"].partition(f"{COOKIE}=")[2].partition(";")[0]
        asker.headers = {"Cookie": f"{COOKIE}={secret}", "X-Guardian-Request": answer.json()["requestKey"]}
        asker.session = next(each["id"] for each in self.ask(asker, "GET", "/api/v1/sessions").json()["items"] if each["current"])
        self._sessions.append(asker.session)
        return asker

    def _neighbour(self, configuration):
        """Returns the first owner of another household, which the operator of the node has added."""
        household = f"neighbours-{uuid.uuid4().hex[:8]}"
        ran = guardian("node", "tenant", "add", household, "--config", configuration)
        assert ran.returncode == 0, ran.stderr
        asker = Asker("owner of another household", {"X-Guardian-Tenant": household}, OWNER, household=household)
        marked = setup_link(configuration, household).partition("/setup#")[2]
        assert marked.startswith(f"{household}.")
        answer = self.ask(asker, "POST", "/api/v1/setup", json={"secret": marked.partition(".")[2], "name": "Nina", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        secret = answer.headers["Set-Cookie"].partition(f"{COOKIE}=")[2].partition(";")[0]
        # What proves who asks says whose they are.
        asker.headers = {"Cookie": f"{COOKIE}={secret}", "X-Guardian-Request": answer.json()["requestKey"]}
        asker.account = answer.json()["id"]
        return asker

    def token(self, asker, scope, cameras=None):
        # The demo's owner has no password: it is not looked at there.
        body = {"name": "matrix", "scope": scope, "password": PASSWORD, **({"cameras": cameras} if cameras else {})}
        answer = self.ask(asker, "POST", "/api/v1/tokens", json=body)
        assert answer.status_code == 201, answer.text
        self._tokens.append(answer.json()["id"])
        return answer.json()["id"], {"Authorization": f"Bearer {answer.json()['token']}"}

    def _expire(self, asker):
        """Nobody waits a day for it."""
        self._change("UPDATE sessions SET ends_at = ? WHERE id = ?", int(time.time() * 1000) - 1, uuid.UUID(asker.session).bytes)

    def _add_passkey(self, account):
        """Adds one without a browser and an authenticator. Returns its identifier."""
        passkey, key = uuid.uuid4(), ec.generate_private_key(ec.SECP256R1()).public_key()
        point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        self._change(
            "INSERT INTO passkeys (id, account, name, host, credential, public_key, counter, created_at) VALUES (?, ?, 'matrix', 'localhost', ?, ?, 0, ?)",
            passkey.bytes, uuid.UUID(account["id"]).bytes, passkey.bytes, point, int(time.time() * 1000))
        self._passkeys.append(str(passkey))
        return str(passkey)

    def _change(self, statement, *values):
        with contextlib.closing(sqlite3.connect(self._database, timeout=60)) as database, database:
            assert database.execute(statement, values).rowcount == 1

    def ask(self, asker, method, path, **options):
        headers = {**asker.headers, **options.pop("headers", {})}
        answer = asker.client.request(
            method, self.api.base + path, headers=headers, verify=str(self.api.session.authority()), timeout=60, **options)
        assert answer.status_code != 429, f"{method} {path} by {asker.name}: a limit of requests hides what the route answers: {answer.text}"
        return answer

    def leave(self):
        """Leaves the accounts as they were. Some sessions and tokens have ended before, or go with their account. A passkey is removed as it
        was added: by the API, the owner's sessions would end, which other tests have."""
        for passkey in self._passkeys:
            self._change("DELETE FROM passkeys WHERE id = ?", uuid.UUID(passkey).bytes)
        for account in self._accounts:
            self.api.send("DELETE", f"/api/v1/users/{account}", expect=204)
        for path in [f"/api/v1/tokens/{each}" for each in self._tokens] + [f"/api/v1/sessions/{each}" for each in self._sessions]:
            status = self.api.session.delete(self.api.base + path, timeout=60).status_code
            assert status in (204, 404), f"{path}: {status}"
