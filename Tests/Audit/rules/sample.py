# Read by Semgrep only: the line after `ruleid:` must be found, all others must not.
import json
import os
import pickle
import ssl
import subprocess
import tempfile

import requests
import yaml


def connect(context, authority):
    # ruleid: python-tls-unverified
    requests.get("https://127.0.0.1/", verify=False)
    # ruleid: python-tls-unverified
    context.check_hostname = False
    # ruleid: python-tls-unverified
    context.verify_mode = ssl.CERT_NONE
    # ok: python-tls-unverified
    requests.get("https://127.0.0.1/", verify=authority)


def run(name, text):
    # ruleid: python-shell
    subprocess.run(f"ls {name}", shell=True)
    # ruleid: python-shell
    os.system("ls")
    # ok: python-shell
    subprocess.run(["ls", name])
    # ruleid: python-code-from-data
    eval(text)
    # ruleid: python-code-from-data
    pickle.loads(text)
    # ruleid: python-code-from-data
    yaml.load(text)
    # ok: python-code-from-data
    json.loads(text)
    # ok: python-code-from-data
    yaml.safe_load(text)
    # ruleid: python-guessed-name
    tempfile.mktemp()
    # ok: python-guessed-name
    tempfile.mkstemp()
