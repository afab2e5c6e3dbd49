"""Which tests one worker runs, when there are several (pytest-xdist): those that share processes or costly results.

Groups are named here, by file, and not by `xdist_group`: the controlling process knows nothing of a test but its id."""

from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    # The demo that keeps running.
    "ui/test_nine_cameras.py": "nine cameras", "ui/test_login.py": "login", "ui/test_people.py": "people", "ui/test_links.py": "links", "ui/test_passkeys.py": "passkeys", "ui/test_trust.py": "trust", "ui/test_cameras.py": "cameras", "ui/test_first_run.py": "first run", "ui/test_settings.py": "settings", "ui/": "demo", "access/": "demo", "test_contract.py": "contract", "test_floor.py": "demo", "test_sandbox.py": "demo",
    # The demo that ends by itself.
    "archive/test_reading.py": "minute", "archive/test_recorded.py": "minute", "test_demo.py": "minute",
    # Fixtures of their own that take long.
    "archive/test_owner.py": "owner", "archive/test_plaintext.py": "plaintext", "test_faults.py": "faults", "test_users.py": "users", "test_qr_codes.py": "qr codes", "test_tls.py": "tls", "test_enrolment.py": "enrolment", "test_http2.py": "http2", "package/": "package",
}


class SharedProcesses(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0].removeprefix("Tests/EndToEnd/")
        return next((group for name, group in GROUPS.items() if file.startswith(name)), nodeid)
