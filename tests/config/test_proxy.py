"""The proxy's files, tried with a real nginx in front of a web server that tells what it heard."""

import contextlib
import gzip
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from tests.config.test_run import free_port

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="No nginx is here (Debian: apt-get install nginx-light)"),
]
ROOT = Path(__file__).resolve().parent.parent.parent
HASHED = "/static/css/borderpost.0123456789ab.css"


class Web(BaseHTTPRequestHandler):
    """Answers with the headers it got, and remembers who came."""

    heard: list[str] = []

    def do_GET(self):
        self.heard.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET  # noqa: N815 (so it is called by http.server)

    def log_message(self, *args):
        pass


class Proxy:
    def __init__(self, place):
        self.place = place
        self.http, self.https, self.inside = free_port(), free_port(), free_port()

    def request(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(http.client.HTTPConnection("127.0.0.1", self.http, timeout=60), method, path, body, headers)

    def get(self, path, **headers):
        return self.request("GET", path, **headers)


def ask(connection, method, path, body=None, headers=None):
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


@pytest.fixture(scope="module")
def web():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.fixture(scope="module")
def place():
    """What the image holds: the proxy's files, static files, media."""
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        files = {
            f"srv{HASHED}": "body { color: teal }",
            "srv/static/css/borderpost.css": "body { color: teal }",
            "srv/media/bridge.webp": "a picture",
            "srv/media/trap.html": "<script>alert(1)</script>",
            "certificates/challenges/.well-known/acme-challenge/token": "it is us",
        }
        for name, text in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text)
        (place / f"srv{HASHED}.gz").write_bytes(gzip.compress(b"body { color: teal } /* kept small */"))
        yield place


@pytest.fixture(scope="module")
def proxy(place, web):
    with running("http", place, web) as proxy:
        yield proxy


@contextlib.contextmanager
def running(kind, place, web_port, changes=None):
    proxy = Proxy(place)
    directory = Path(tempfile.mkdtemp(prefix="nginx-", dir=place))
    directory.chmod(0o755)
    for source in (ROOT / "docker" / "proxy").iterdir():
        text = moved(source.read_text(), proxy, directory, web_port)
        for ours, instead in (changes or {}).items():
            text = text.replace(ours, instead)
        (directory / source.name).write_text(text)
    (directory / "https_port.conf").write_text(f'map "" $https_port {{ default ":{proxy.https}"; }}')
    command = [NGINX, "-e", "stderr", "-c", f"{directory}/{kind}.conf", "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        wait_for_port(proxy.http, process)
        proxy.log = directory / "access.log"
        yield proxy
    finally:
        process.terminate()
        process.communicate(timeout=60)


def moved(text, proxy, directory, web_port):
    """The same file with the container's places and ports made ours."""
    for container, ours in {
        "web:8000": f"127.0.0.1:{web_port}",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{proxy.inside}",
        "listen 8080": f"listen 127.0.0.1:{proxy.http}",
        "listen 8443": f"listen 127.0.0.1:{proxy.https}",
        " /tmp/": f" {directory}/",
        "/dev/stdout": f"{directory}/access.log",
        "root /srv": f"root {proxy.place}/srv",
        "/certificates": f"{proxy.place}/certificates",
    }.items():
        text = text.replace(container, ours)
    return text if knows_http2() else text.replace("http2 on;", "")


def knows_http2():
    said = subprocess.run([NGINX, "-v"], capture_output=True, text=True).stderr
    return tuple(map(int, re.search(r"/(\d+)\.(\d+)", said).groups())) >= (1, 26)


def wait_for_port(port, process):
    for _ in range(1_200):
        assert process.poll() is None, process.stderr.read()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer.")


def test_the_web_server_hears_who_asks_from_the_proxy_alone(proxy):
    _, _, heard = proxy.get(
        "/about/",
        Host="forum.example.org:8080",
        X_Forwarded_For="198.51.100.7",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Port="1",
        X_Real_IP="198.51.100.7",
        Forwarded="for=198.51.100.7;proto=https",
        Proxy="http://evil.example",
        X_Request_ID="of-the-client",
    )

    headers = json.loads(heard)
    assert headers["host"] == "forum.example.org:8080"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert not headers.keys() & {"x-forwarded-host", "x-forwarded-port", "x-real-ip", "forwarded", "proxy"}


def test_the_path_and_the_question_arrive_as_they_were_sent(proxy):
    Web.heard.clear()

    proxy.get("/search/?q=%D0%91%2F..%20&a=1;b")

    assert Web.heard == ["/search/?q=%D0%91%2F..%20&a=1;b"]


def test_a_body_as_large_as_the_settings_allow_arrives_and_a_larger_one_is_refused_in_words(proxy):
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    fits, _, _ = proxy.request("POST", "/", b"x" * limit)
    refused, headers, words = proxy.request("POST", "/", b"x" * (limit + 1))

    assert fits == 200
    assert refused == 413
    assert f"more than {limit // 1024} KB" in words.decode()
    assert headers["Content-Type"].startswith("text/plain")


def test_a_slow_sender_keeps_no_thread_of_the_web_server(proxy):
    Web.heard.clear()
    with socket.create_connection(("127.0.0.1", proxy.http)) as slow:
        slow.sendall(b"POST /slow/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000)
        proxy.get("/meanwhile/")
        halfway = list(Web.heard)
        slow.sendall(b"x" * 50_000)
        answer = slow.recv(100)

    assert halfway == ["/meanwhile/"]
    assert answer.startswith(b"HTTP/1.1 200")
    assert Web.heard == ["/meanwhile/", "/slow/"]


def test_it_says_no_version(proxy):
    assert re.fullmatch("nginx", proxy.get("/static/nothing")[1]["Server"])
    assert b"nginx/" not in proxy.get("/static/nothing")[2]


def test_a_static_file_with_a_hash_is_kept_for_ever(proxy):
    status, headers, body = proxy.get(HASHED)

    assert (status, body) == (200, b"body { color: teal }")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"] == "text/css; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_static_file_is_sent_as_it_was_compressed(proxy):
    _, headers, body = proxy.get(HASHED, Accept_Encoding="gzip")

    assert headers["Content-Encoding"] == "gzip"
    assert "kept small" in gzip.decompress(body).decode()
    assert headers["Vary"] == "Accept-Encoding"


def test_a_static_file_without_a_hash_is_asked_for_again(proxy):
    assert proxy.get("/static/css/borderpost.css")[1]["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(("name", "kind"), [("bridge.webp", "image/webp"), ("trap.html", "application/octet-stream")])
def test_what_members_sent_is_never_a_page_of_ours(proxy, name, kind):
    status, headers, _ = proxy.get(f"/media/{name}")

    assert (status, headers["Content-Type"]) == (200, kind)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/static/../media/bridge.webp", "/media/", "/static/", "/media/../../etc/passwd"])
def test_no_folder_is_listed_and_none_is_left(proxy, path):
    assert b"bridge.webp" not in proxy.get(path)[2]
    assert b"root:" not in proxy.get(path)[2]


def test_its_own_health_check_asks_the_web_server(proxy):
    Web.heard.clear()

    status, _, _ = ask(http.client.HTTPConnection("127.0.0.1", proxy.inside, timeout=60), "GET", "/health/live")

    assert status == 200
    assert Web.heard == ["/health/live"]


def test_while_the_web_server_is_away_readers_are_told_to_wait(place):
    with running("http", place, free_port()) as proxy:
        status, headers, words = proxy.get("/")

    assert status == 503
    assert headers["Retry-After"] == "30"
    assert headers["Cache-Control"] == "no-store"
    assert "Wait half a minute" in words.decode()


@pytest.fixture(scope="module")
def secure_proxy(place, web):
    keys = ["-keyout", f"{place}/certificates/privkey.pem", "-out", f"{place}/certificates/fullchain.pem"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=forum.example.org"]
    subprocess.run(["openssl", "req", "-x509", "-days", "2", *kind, *keys], check=True, capture_output=True)
    with running("https", place, web) as proxy:
        yield proxy


def test_with_a_certificate_plain_http_leads_to_https_on_its_own_port(secure_proxy):
    status, headers, _ = secure_proxy.get("/topics/1/?page=2", Host="forum.example.org")

    assert (status, headers["Location"]) == (
        308,
        f"https://forum.example.org:{secure_proxy.https}/topics/1/?page=2",
    )


def test_over_tls_the_web_server_is_told_so(secure_proxy):
    trusting = ssl._create_unverified_context()  # noqa: S323 (the certificate was made a moment ago)
    connection = http.client.HTTPSConnection("127.0.0.1", secure_proxy.https, timeout=60, context=trusting)

    _, _, heard = ask(connection, "GET", "/", headers={"X-Forwarded-Proto": "http"})

    assert json.loads(heard)["x-forwarded-proto"] == "https"


@pytest.mark.parametrize("kind", ["proxy", "secure_proxy"])
def test_the_authority_finds_its_challenge_with_and_without_a_certificate(kind, request):
    status, _, body = request.getfixturevalue(kind).get("/.well-known/acme-challenge/token")

    assert (status, body) == (200, b"it is us")


# --- The access log ---


def lines_after(proxy, lines, path):
    """What was written about a path, once nginx has written it."""
    for _ in range(1_200):
        found = [line for line in proxy.log.read_text().splitlines() if path in line]
        if len(found) >= lines:
            return found
        time.sleep(0.05)
    raise AssertionError(proxy.log.read_text())


def test_the_access_log_holds_a_block_of_addresses_and_neither_searches_nor_where_one_came_from(proxy):
    proxy.get("/who-asks/?q=an-illness", Referer="https://elsewhere.example/", User_Agent="my browser")

    (line,) = lines_after(proxy, 1, "/who-asks/")
    assert re.fullmatch(r'127\.0\.0\.0/24 \[[^]]+\] "GET /who-asks/ HTTP/1\.1" 200 \d+ [\d.]+ [0-9a-f]{32}', line)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/account/password/reset/key/1-secret/", "/account/..."),
        ("/letters/stop/7/secret/", "/letters/..."),
    ],
)
def test_signed_links_are_not_written_down(proxy, path, written):
    proxy.get(path)

    lines_after(proxy, 1, written)
    assert "secret" not in proxy.log.read_text()


def test_secret_feeds_are_in_no_line(proxy):
    proxy.get("/private/news/secret.atom")
    proxy.get("/after-the-feed/")

    lines_after(proxy, 1, "/after-the-feed/")
    assert "/private" not in proxy.log.read_text()


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3::/48"),
        ("2001:db8:85a3::1", "2001:db8:85a3::/48"),
        ("2001:db8::1", "2001:db8::/48"),
        ("2001:db8:0:8d3:1319:8a2e:370:7348", "2001:db8:0::/48"),
        ("2001::1", "2001::/48"),
        ("fe80::1ff:fe23:4567:890a", "fe80::/48"),
        ("::1", "::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("unix:", "-"),
    ],
)
def test_every_kind_of_address_becomes_a_block(blocks, address, block):
    path = f"/of-{len(blocks.log.read_text())}/"
    blocks.get(path, X_Address=address)

    assert lines_after(blocks, 1, path)[-1].startswith(f"{block} [")
    assert address not in blocks.log.read_text() or address == "unix:"


@pytest.fixture(scope="module")
def blocks(place, web):
    """The same map, asked for addresses that a test on loopback cannot come from."""
    with running("http", place, web, {"map $remote_addr $block": "map $http_x_address $block"}) as proxy:
        yield proxy
