"""Households of one node: each has recorders and people of its own, from the operator's commands to the browser."""

import jsonschema_rs
import pytest
import requests
import yaml

from kit.node import Node, guardian, setup_link
from kit.places import GUARDIAN, TOOLS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until

PASSWORD = "four walls and a roof"


class Browser:
    """Somebody at the node's web port: `household` is what they type at the login."""

    def __init__(self, node):
        self._base = node.base
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(node.state / "web-authority" / "authority.pem")

    def send(self, method, path, body=None, household=None, **headers):
        if household:
            headers["X-Guardian-Tenant"] = household
        return self._session.request(method, self._base + path, json=body, headers=headers, timeout=60)

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def set_up(self, link, name):
        """Follows a setup link, as the page does."""
        household, _, secret = link.partition("/setup#")[2].rpartition(".")
        return self.send("POST", "/api/v1/setup", {"secret": secret, "name": name, "password": PASSWORD}, household)


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    running = Node(tmp_path_factory.mktemp("tenants"))
    yield running
    running.process.kill()


def household(node, name):
    """Adds a household. Returns the code for its first recorder, and the link for its first owner."""
    added = node.run("tenant", "add", name)
    assert added.returncode == 0, added.stderr
    assert f"guardian user setup-link --tenant {name}" in added.stderr
    return added.stdout.strip(), setup_link(node.configuration, name)


def test_each_household_sees_its_own_recorder_and_no_other(node, tmp_path):
    processes, people = [], {}
    try:
        for name in ("miller", "smith"):
            code, link = household(node, name)
            people[name] = Browser(node)
            assert people[name].set_up(link, "Ada").status_code == 200
            folder = tmp_path / name
            folder.mkdir()
            configuration = folder / "edge.yaml"
            configuration.write_text(
                f"state: {folder / 'edge'}\nweb: {{port: {free_ports(1)[0]}}}\n"
                f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n")
            (folder / "edge").mkdir()
            (folder / "code.txt").write_text(code + "\n")
            ran = guardian("edge", "enrol", "--config", configuration, "--node", node.url, "--code-file", folder / "code.txt")
            assert ran.returncode == 0, ran.stderr
            processes.append(Process([GUARDIAN, "edge", "--config", configuration], folder, "edge"))

        def edges(name):
            return people[name].get("/api/v1/edges").json()["items"]

        until(lambda: all([each["connected"] for each in edges(name)] == [True] for name in people), 60, "each recorder is seen by its own household")
        (of_miller,), (of_smith,) = edges("miller"), edges("smith")
        assert of_miller["fingerprint"] != of_smith["fingerprint"]
        # The node's own household has no recorder, and its root sees no other household's.
        assert node.edges() == []
        assert {people[name].get("/api/v1/status").status_code for name in people} == {200}
    finally:
        for process in processes:
            process.kill()


def test_people_are_known_in_their_own_household_alone(node):
    _, link = household(node, "jones")
    owner = Browser(node)
    assert owner.set_up(link, "Ada").status_code == 200
    who = owner.get("/api/v1/session").json()
    assert (who["name"], who["role"]) == ("Ada", "owner")

    def log_in(household, name="Ada", password=PASSWORD):
        return Browser(node).send("POST", "/api/v1/session", {"name": name, "password": password}, household)

    assert log_in("jones").status_code == 200
    refused = [log_in(other) for other in (None, "home", "nowhere", "jone")] + [log_in("jones", password="four walls and no roof")]
    assert {each.status_code for each in refused} == {401}
    assert len({each.json()["detail"] for each in refused}) == 1
    # Used up, and no other household's.
    assert Browser(node).set_up(link, "Eve").status_code == 401


def test_root_of_the_node_helps_a_household_that_is_locked_out(node):
    _, link = household(node, "brown")
    assert Browser(node).set_up(link, "Ada").status_code == 200
    options = ("--tenant", "brown", "--config", node.configuration)
    made = guardian("user", "link", "Ada", *options)
    assert made.returncode == 0, made.stderr
    name, _, secret = made.stdout.split()[0].partition("#once=")[2].rpartition(".")
    assert name == "brown"
    browser = Browser(node)
    assert browser.send("POST", "/api/v1/session/link", {"secret": secret}, "brown").status_code == 200
    assert browser.get("/api/v1/session").json()["name"] == "Ada"
    token = guardian("user", "token", "Ada", "--scope", "read_status", *options).stdout.strip()
    assert token.startswith("brown.gdn_")
    assert Browser(node).get("/api/v1/edges", Authorization=f"Bearer {token}").json()["items"] == []
    assert Browser(node).get("/api/v1/edges", Authorization=f"Bearer {token.partition('.')[2]}").status_code == 401
    listed = guardian("user", "list", *options)
    assert "Ada" in listed.stdout
    assert guardian("user", "revoke", "Ada", "--only-sessions", *options).returncode == 0
    until(lambda: browser.get("/api/v1/session").status_code == 401, 10, "the session has ended")


def test_operators_see_how_households_are_and_no_more(node):
    household(node, "green")
    operator = Browser(node)
    assert operator.set_up(setup_link(node.configuration, "operators"), "Olga").status_code == 200
    answer = operator.get("/api/v1/operator/tenants?limit=200")
    assert answer.status_code == 200, answer.text
    tenants = {each["name"]: each for each in answer.json()["items"]}
    assert tenants.keys() >= {"home", "green"}
    assert tenants["green"] == {
        "name": "green", "problem": None, "devices": {"accepted": 0, "locked": 0, "retired": 0}, "recorders": {"connected": 0, "healthy": 0, "degraded": 0, "offline": 0, "unknown": 0},
        "lastSeenAt": None, "archive": {**tenants["green"]["archive"], "bytes": 0, "objects": 0, "nearlyFull": False}}
    described = yaml.safe_load(operator.get("/api/v1/openapi.yaml").text)
    jsonschema_rs.validate({"$ref": "#/components/schemas/TenantPage", "components": described["components"]}, answer.json())
    of_gets = {path: operator.get(path).status_code for path, item in described["paths"].items() if "get" in item and "{" not in path}
    assert set(of_gets.values()) == {200}, of_gets
    for path in ("/api/v1/events", "/api/v1/cameras", "/api/v1/edges", "/api/v1/archive", "/api/v1/telemetry", "/metrics"):
        assert operator.get(path).status_code == 404, path
    # The root of the node's own household is no operator, nor is anybody without an account.
    token = (node.state / "local.token").read_text().strip()
    for headers in ({"Authorization": f"Bearer {token}"}, {}):
        assert Browser(node).get("/api/v1/operator/tenants", **headers).status_code == 401
    assert node.run("tenant", "add", "operators").returncode == 1


def test_there_are_no_accounts_of_a_household_that_does_not_exist(node):
    ran = guardian("user", "list", "--tenant", "nowhere", "--config", node.configuration)
    assert ran.returncode == 1 and "guardian node tenant list" in ran.stderr
    assert not (node.state / "tenants" / "nowhere").exists()
    assert Browser(node).send("POST", "/api/v1/session", {"name": "Ada", "password": PASSWORD}, "No name!").status_code == 400
