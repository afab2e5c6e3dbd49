"""Sends one request from within a test's network, as a command line of that machine does.

    request.py METHOD URL AUTHORITY TOKEN_FILE < BODY      prints [status, answer] as JSON
"""

import json
import pathlib
import sys

import requests

if __name__ == "__main__":
    method, url, authority, token_file = sys.argv[1:]
    session = requests.Session()
    session.trust_env = False
    headers = {"Authorization": f"Bearer {pathlib.Path(token_file).read_text().strip()}"}
    body = sys.stdin.read()
    answer = session.request(method, url, json=json.loads(body) if body else None, headers=headers, verify=authority, timeout=60)
    print(json.dumps([answer.status_code, answer.json() if answer.content else None]))
