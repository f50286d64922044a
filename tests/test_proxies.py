"""Behind nginx and Caddy, as the guide says: sign-in, prefix, who decides, and no header of a visitor is believed."""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

import pytest

from tests.commandline import ROOT, blogdex, environment

pytestmark = pytest.mark.xdist_group("demo")
PREFIX = "/archive"
SECRET = "lantern"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nginx(folder, front, back):
    (folder / "users").write_text(f"anna:{{PLAIN}}{SECRET}\n")
    own = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"""{"user root root;" if os.getuid() == 0 else ""}
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{ access_log off; {own}
  server {{
    listen 127.0.0.1:{front};
    location {PREFIX}/ {{
      auth_basic "Archive"; auth_basic_user_file {folder}/users;
      proxy_pass http://127.0.0.1:{back};
      proxy_set_header Host $http_host;
      proxy_set_header X-Remote-User $remote_user;
    }}
  }}
}}"""
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def caddy(folder, front, back):
    words = ["caddy", "hash-password", "--plaintext", SECRET]
    digest = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    (folder / "Caddyfile").write_text(
        f"""{{
  admin off
  auto_https off
}}
http://localhost:{front} {{
  basicauth {{
    anna {digest}
  }}
  handle {PREFIX}/* {{
    reverse_proxy 127.0.0.1:{back} {{
      header_up X-Remote-User {{http.auth.user.id}}
    }}
  }}
}}"""
    )
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def shipped(folder, front, back):
    """The Caddyfile of `deploy/`, on other ports and without a certificate."""
    words = ["caddy", "hash-password", "--plaintext", SECRET]
    digest = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    own = (ROOT / "deploy" / "Caddyfile").read_text().replace(":8765", f":{back}")
    for name, value in {"HOST": f"http://localhost:{front}", "USER": "anna", "PASSWORD_HASH": digest}.items():
        own = own.replace(f"{{$ARCHIVE_{name}}}", value)
    (folder / "Caddyfile").write_text(f"{{\n  admin off\n  auto_https off\n}}\n{own}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


class Office:
    """A library behind a proxy: `get` and `post` go through the proxy as Anna, or straight to blogdex."""

    def __init__(self, library, front, back) -> None:
        self.library, self.front, self.back = library, f"http://localhost:{front}", f"http://127.0.0.1:{back}"

    def get(self, path, headers=None, *, signed_in=True, straight=False, data=None):
        """Return status, headers and body; no redirect is followed."""
        sent = {"Authorization": "Basic " + base64.b64encode(f"anna:{SECRET}".encode()).decode()} if signed_in else {}
        request = urllib.request.Request((self.back if straight else self.front) + path, data, sent | (headers or {}))
        try:
            with urllib.request.build_opener(Straight).open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def post(self, path, form, **more):
        more.setdefault("headers", {"Origin": self.front})
        return self.get(path, data=urlencode(form, doseq=True).encode(), **more)


class Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.fixture(scope="module", params=[nginx, caddy, shipped], ids=lambda made: made.__name__)
def office(request, tmp_path_factory, crawled):
    """Start blogdex and a proxy before it."""
    program = "nginx" if request.param is nginx else "caddy"
    if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
        missing = pytest.fail if os.environ.get("BLOGDEX_TEST_BROWSER") else pytest.skip
        missing(f"{program} is not installed: apt-get install {program}")
    folder = tmp_path_factory.mktemp(program)
    library = shutil.copytree(crawled, folder / "lib")
    assert blogdex("audit", library=library).returncode == 0
    front, back = free_port(), free_port()
    words = [sys.executable, "-m", "cli", "--quiet", "serve", "--no-open", "--port", str(back), "--prefix", PREFIX,
             "--public-url", f"http://localhost:{front}", "--trust-user-header", "X-Remote-User", "--trust-from", "127.0.0.1"]  # fmt: skip
    env = environment(library)
    own = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    running = [subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)]
    running.append(subprocess.Popen(request.param(folder, front, back), env=env | own, stderr=subprocess.DEVNULL))
    made = Office(library, front, back)
    until = time.monotonic() + 60
    while time.monotonic() < until and all(process.poll() is None for process in running):
        try:
            if made.get(f"{PREFIX}/healthz")[0] == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)
    yield made
    for process in running:
        process.terminate()
        process.wait(20)


def addresses(body: str) -> list[str]:
    return re.findall(r'(?:href|src|action)="([^"]*)"', body)


def test_only_who_signed_in_sees_anything(office):
    status, _, body = office.get(f"{PREFIX}/", signed_in=False)
    assert status == 401 and "Newest" not in body
    status, _, body = office.get(f"{PREFIX}/")
    assert status == 200 and "Newest posts" in body


@pytest.mark.parametrize("path", ["/", "/search?q=ketamine", "/audit", "/library", "/crawl", "/posts/1", "/nothing"])
def test_every_address_of_a_page_lies_below_the_prefix(office, path):
    _, _, body = office.get(PREFIX + path)
    own = [address for address in addresses(body) if not address.startswith(("http", "#"))]
    assert len(own) > 5
    assert [address for address in own if not address.startswith(f"{PREFIX}/")] == []
    for address in [one for one in own if "/static/" in one]:
        assert office.get(address)[0] == 200
    assert office.front not in body and office.back not in body


def test_scripts_get_the_bytes_of_the_command_line(office):
    _, headers, body = office.get(f"{PREFIX}/api/v1/search?q=ketamine")
    assert body == blogdex("search", "ketamine", "--json", library=office.library).stdout
    assert headers.get_content_type() == "application/json"


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded",
             "X-Script-Name", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override"]
)  # fmt: skip
def test_what_a_visitor_says_of_forwarding_changes_nothing(office, name):
    plain = office.get(f"{PREFIX}/search?q=ketamine")
    told = office.get(f"{PREFIX}/search?q=ketamine", {name: "evil.example"})
    assert (told[0], told[2]) == (200, plain[2])


def test_redirects_stay_below_the_prefix(office):
    with_address = office.get(f"{PREFIX}/api/v1/search?q=ketamine")[2]
    url = re.search(r'"url": ?"([^"]+)"', with_address)[1]
    status, headers, _ = office.get(f"{PREFIX}/posts/by-url?{urlencode({'url': url})}")
    assert status == 303 and urlsplit(headers["Location"]).path.startswith(f"{PREFIX}/posts/")
    assert urlsplit(headers["Location"]).netloc in ("", urlsplit(office.front).netloc)


def test_a_decision_carries_the_name_that_the_proxy_says_and_no_other(office):
    page = office.get(f"{PREFIX}/audit")[2]
    own = re.search(PREFIX + r'/audit/finding/([^"?]+)', page)[1]
    lies = {"Origin": office.front, "X-Remote-User": "mallory", "X_Remote_User": "mallory", "Remote-User": "mallory"}
    assert office.post(f"{PREFIX}/audit/accept", {"id": own, "note": "agreed"}, headers=lies)[0] == 303
    kept = (office.library / "accepted.toml").read_text()
    assert "anna" in kept and "agreed" in kept and "mallory" not in kept
    assert office.post(f"{PREFIX}/audit/withdraw", {"id": own})[0] == 303
    assert own not in (office.library / "accepted.toml").read_text()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_of_another_site_changes_nothing_behind_a_proxy(office, origin):
    assert office.post(f"{PREFIX}/library/rebuild", {}, headers={"Origin": origin})[0] == 403


def test_no_new_blog_is_typed_behind_a_proxy_unless_that_is_allowed(office):
    assert office.post(f"{PREFIX}/crawl", {"url": "https://clinic.example/"})[0] == 403


def test_past_the_proxy_only_its_own_host_is_answered(office):
    assert office.get(f"{PREFIX}/", straight=True, headers={"Host": "evil.example"})[0] == 421
