"""Pages of other sites in the browser of somebody who is logged in: what they make it send has no cookie, and changes nothing."""

import http.server
import threading

import pytest
import requests

from kit.site import PASSWORD
from kit.visitor import COOKIE
from kit.waiting import until

CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<!doctype html><title>Elsewhere</title><p>Another site"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def elsewhere():
    """The address of another site: `localhost`, while the recorder is opened as 127.0.0.1."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def actions(site):
    return [each["action"] for each in site.send("GET", "/api/v1/audit")["items"]]


def test_what_a_page_of_another_site_sends_has_no_cookie_and_changes_nothing(site, log_in, elsewhere):
    site.add("Clara", "member")
    visitor = log_in(site, "Clara", "/events")
    assert [each["sameSite"] for each in visitor.context.cookies(site.base) if each["name"] == COOKIE] == ["Strict"]
    sent = []
    # Not `visitor.tab()`, which is for pages of the recorder alone.
    page = visitor.context.new_page()
    page.on("request", lambda request: sent.append(request) if request.url.startswith(site.base) else None)
    page.goto(elsewhere)
    before = actions(site)
    del sent[:]
    page.evaluate(
        """async (base) => {
            const ask = (path, options) => fetch(base + path, { credentials: "include", ...options }).catch(() => null);
            await ask("/api/v1/session", { mode: "no-cors" });
            await ask("/api/v1/session", { method: "DELETE" });
            await ask("/api/v1/session/factor", { method: "POST", mode: "no-cors", body: "{}" });
            await ask("/api/v1/sessions", { method: "DELETE", headers: { "X-Guardian-Request": "a" } });
            await new Promise((resolve) => {
                const image = new Image();
                image.onload = image.onerror = resolve;
                image.src = base + "/api/v1/cameras/front/snapshot.jpg";
            });
            const frame = document.createElement("iframe");
            frame.name = "target";
            document.body.append(frame);
            const form = Object.assign(document.createElement("form"), { method: "post", target: "target", action: base + "/api/v1/users" });
            const loaded = new Promise((resolve) => { frame.onload = resolve; setTimeout(resolve, 60_000); });
            document.body.append(form);
            form.submit();
            await loaded;
        }""", site.base)
    assert {request.method for request in sent} >= {"GET", "POST"} and len(sent) >= 4
    assert [request.url for request in sent if COOKIE in request.all_headers().get("cookie", "")] == []
    assert actions(site) == before
    # Clara is still logged in, and so is a page to which a link of the other site leads: what it shows, it asks for itself.
    del sent[:]
    page.evaluate("(address) => { location.href = address; }", f"{site.base}/events")
    page.wait_for_selector("events-page")
    opened = next(request for request in sent if request.is_navigation_request())
    assert COOKIE not in opened.all_headers().get("cookie", "")
    # The test hears of requests while it asks the page.
    until(
        lambda: page.evaluate("1") and any(COOKIE in request.all_headers().get("cookie", "") for request in sent[:] if "/api/v1/" in request.url),
        60, "the page asks with its cookie")


@pytest.mark.parametrize("headers", [CROSS, {"Origin": "https://evil.example"}, {"Origin": "null"}, {**CROSS, "Sec-Fetch-Site": "same-site"}])
def test_a_browser_that_sent_the_cookie_all_the_same_would_be_refused(site, headers):
    client = requests.Session()
    client.trust_env, client.verify = False, str(site.state / "web-authority" / "authority.pem")
    name = "Denis"
    if not any(each["name"] == name for each in site.send("GET", "/api/v1/users")["items"]):
        site.add(name, "member")
    key = client.post(f"{site.base}/api/v1/session", json={"name": name, "password": PASSWORD}, timeout=60).json()["requestKey"]
    for method, path in (("GET", "/api/v1/events"), ("GET", "/api/v1/cameras/front/snapshot.jpg"), ("DELETE", "/api/v1/session")):
        answer = client.request(method, site.base + path, headers={**headers, "X-Guardian-Request": key}, timeout=60)
        assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"
        assert "Access-Control-Allow-Origin" not in answer.headers
    # Without the key, which other sites cannot read, nothing is changed either.
    assert client.delete(f"{site.base}/api/v1/session", timeout=60).status_code == 403
    assert client.get(f"{site.base}/api/v1/session", timeout=60).status_code == 200
