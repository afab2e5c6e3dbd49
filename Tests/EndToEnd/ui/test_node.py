"""The section of the node on the page of the settings: an owner types a node's code there, and takes the recorder away again."""

import pytest
import requests

from kit.node import Node
from kit.site import PASSWORD
from kit.visitor import check_accessibility
from kit.waiting import until


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    running = Node(tmp_path_factory.mktemp("node"))
    yield running
    running.process.kill()


def opened(site, log_in, **more):
    page = log_in(site, path="/settings", **more).page
    section = page.get_by_role("region", name="Node")
    section.get_by_role("button").first.wait_for()
    return page, section


def enter(section, node, code, button="Enter a code"):
    section.get_by_role("button", name=button).click()
    section.get_by_label("The node's address").fill(node.url)
    section.get_by_label("Code", exact=True).fill(code)
    section.get_by_role("button", name="Enrol", exact=True).click()


def connected(node):
    return [each["connected"] for each in node.edges()]


def test_an_owner_types_a_code_and_takes_the_recorder_away_again(site, log_in, node, size):
    page, section = opened(site, log_in, size=size)
    process = site.process.pid
    code = node.code()
    enter(section, node, code)
    section.get_by_role("button", name="Leave the node").wait_for(timeout=60_000)
    section.get_by_text("Known there as").wait_for()
    until(lambda: connected(node) == [True], 60, "the node sees the recorder")
    assert site.process.running() and site.process.pid == process, "it started again by itself"
    section.get_by_text("Connected", exact=True).wait_for(timeout=60_000)
    check_accessibility(page)
    shown = site.send("GET", "/api/v1/node")
    assert (shown["origin"], shown["tenant"], shown["startingAgain"]) == ("enrolment", "home", False)
    assert shown["device"] in section.inner_text() and shown["certificateEnd"]

    section.get_by_role("button", name="Leave the node").click()
    section.get_by_role("button", name="Leave it").click()
    section.get_by_role("button", name="Enter a code").wait_for(timeout=60_000)
    until(lambda: connected(node) == [False], 60, "the node sees that it is gone")
    assert not (site.state / "node" / "connection.json").exists() and (site.state / "node" / "edge.key").exists()
    actions = [each["details"] for each in site.send("GET", "/api/v1/audit?limit=20")["items"] if each["action"] == "node_changed"]
    assert [each["changed"] for each in actions[:2]] == ["left", "enrolled"]
    assert code.split("-")[1] not in site.process.printed()


def test_what_is_wrong_is_said_beside_its_field_and_changes_nothing(site, log_in, node):
    page, section = opened(site, log_in)
    used = node.code()
    enter(section, node, "nonsense")
    section.get_by_text("A code has 60 letters and digits").wait_for()
    section.get_by_label("Code", exact=True).fill(f"{used.split('-')[0]}-{'0' * 26}-{used.split('-')[2]}")
    section.get_by_role("button", name="Enrol", exact=True).click()
    error = section.locator(".field-error:not([hidden])")
    until(lambda: "code" in error.inner_text(timeout=60_000) and "60 letters" not in error.inner_text(), 60, "the node's refusal is shown")
    check_accessibility(page)
    # Nobody answers at that port.
    section.get_by_label("The node's address").fill("https://127.0.0.1:1")
    section.get_by_label("Code", exact=True).fill(used)
    section.get_by_role("button", name="Enrol", exact=True).click()
    section.locator(".field", has=page.get_by_label("The node's address")).locator(".field-error:not([hidden])").wait_for(timeout=60_000)
    assert site.send("GET", "/api/v1/node")["origin"] == "none"


def test_a_token_cannot_change_the_node(site, node):
    made = site.send("POST", "/api/v1/tokens", {"name": "script", "scope": ["manage_settings"], "password": PASSWORD})
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {made['token']}"
        session.verify = site.state / "web-authority" / "authority.pem"
        assert session.get(f"{site.base}/api/v1/node", timeout=60).json()["origin"] == "none"
        answers = [
            session.post(f"{site.base}/api/v1/node/enrolment", json={"node": node.url, "code": node.code()}, timeout=60),
            session.delete(f"{site.base}/api/v1/node", timeout=60)]
    assert [each.status_code for each in answers] == [403, 403]
