"""A recorder with logins. GUARDIAN_SITE names a command that starts a new one: it prints one line of JSON, `{"base": "https://…",
"secret": "…"}` with the secret of the first run, and runs until its standard input is closed."""

import base64
import hashlib
import hmac
import json
import os
import shlex
import struct
import subprocess
import time

import requests
import urllib3

COMMAND = os.environ.get("GUARDIAN_SITE", "")
PASSWORD = "correct horse battery"


class Site:
    """`owner` is logged in with the API once `set_up` was called, and prepares what a test needs."""

    def __init__(self):
        self._process = subprocess.Popen(shlex.split(COMMAND), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        assert line, f"{COMMAND} ended with {self._process.wait(10)}"
        told = json.loads(line)
        self.base, self.secret = told["base"], told["secret"]
        # Its certificate is its own.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._owner = requests.Session()
        self._owner.trust_env = False
        self._owner.verify = False

    def stop(self):
        self._process.stdin.close()
        self._process.wait(30)

    def set_up(self, name="Anna"):
        principal = self.send("POST", "/api/v1/setup", {"secret": self.secret, "name": name, "password": PASSWORD})
        self._owner.headers["X-Guardian-Request"] = principal["requestKey"]
        return self

    def send(self, method, path, body=None):
        """Sends a request of the owner's. Returns the JSON of the answer."""
        answer = self._owner.request(method, self.base + path, json=body, timeout=20)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content else None

    def add(self, name, role, cameras=None):
        """Adds an account with PASSWORD."""
        return self.send("POST", "/api/v1/users", {"name": name, "password": PASSWORD, "role": role, **({"cameras": cameras} if cameras is not None else {})})

    def cameras(self):
        return self.send("GET", "/api/v1/cameras")["items"]


def time_code(key, ahead=0):
    """Returns the code of a second factor's key (RFC 6238: SHA-1, six digits, 30 seconds); `ahead`: of so many steps later."""
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
