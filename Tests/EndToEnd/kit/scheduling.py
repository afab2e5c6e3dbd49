"""Which tests one worker runs, when there are several (pytest-xdist): those that share processes or costly results.

Groups are named here, by file, and not by `xdist_group`: the controlling process knows nothing of a test but its id."""

from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "ui/test_nine_cameras.py": "nine cameras",
    "ui/test_login.py": "login",
    "ui/test_people.py": "people",
    "ui/test_links.py": "links",
    "ui/test_passkeys.py": "passkeys",
    "ui/test_other_sites.py": "other sites",
    "ui/test_trust.py": "trust",
    "ui/test_cameras.py": "cameras",
    "ui/test_first_run.py": "first run",
    "ui/test_settings.py": "settings",
    "ui/test_node.py": "node",
    "ui/test_households.py": "households",
    "test_contract.py": "contract",
    # The demo that keeps running.
    "ui/": "demo",
    "access/": "demo",
    "test_data.py": "demo",
    "test_floor.py": "demo",
    "test_message_bounds.py": "demo",
    "test_relay.py": "demo",
    "test_sandbox.py": "demo",
    # The demo that ends by itself.
    "archive/test_reading.py": "minute",
    "archive/test_recorded.py": "minute",
    "test_demo.py": "minute",
    # Fixtures of their own that take long.
    "archive/test_owner.py": "owner",
    "archive/test_plaintext.py": "plaintext",
    "operations/test_real_prometheus.py": "prometheus",
    "operations/test_routing.py": "routing",
    "package/": "package",
    "test_enrolment.py": "enrolment",
    "test_faults.py": "faults",
    "test_http2.py": "http2",
    "test_qr_codes.py": "qr codes",
    "test_tenants.py": "tenants",
    "test_tls.py": "tls",
    "test_users.py": "users",
}


# Groups begin by the number of their tests, and then what is one test. What takes long for its number comes earlier, so that no worker is left
# alone with it at the end: the number that it counts as, by group or file.
COUNTS_AS = {
    "contract": 25, "prometheus": 15, "first run": 15, "archive/test_quota.py": 8, "archive/test_store_faults.py": 8, "test_turbulence.py": 8,
    "test_surroundings.py": 6, "archive/test_plug.py": 4, "archive/test_first_code.py": 4, "archive/test_kept.py": 4, "archive/test_s3.py": 4, "test_backlog.py": 4,
    "test_cameras_at_run_time.py": 3,
}


def group(nodeid):
    """The group of a test; a test of no group is one of its own."""
    file = nodeid.partition("::")[0].removeprefix("Tests/EndToEnd/")
    return next((group for name, group in GROUPS.items() if file.startswith(name)), nodeid)


class SharedProcesses(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        return group(nodeid)

    def _assign_work_unit(self, node):
        longest = max(self.workqueue, key=self._length)
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)

    def _length(self, scope):
        return COUNTS_AS.get(scope.partition("::")[0].removeprefix("Tests/EndToEnd/"), len(self.workqueue[scope]))

    def _reschedule(self, node):
        # A worker must know one test beyond the one that it runs. The usual scheduler gives it two: long ones would wait behind
        # long ones while another worker has nothing to do.
        if node.shutting_down or not self.workqueue or self._pending_of(self.assigned_work[node]) <= 1:
            super()._reschedule(node)
