"""The site of nginx for the way without Docker, tried with a real one in front of a web server on a socket."""

import contextlib
import http.client
import json
import re
import socketserver
import ssl
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest
from django.conf import settings

from tests.config.test_proxy import HASHED, NGINX, Web, ask, lines_after, wait_for_port
from tests.config.test_run import free_port

pytestmark = pytest.mark.skipif(NGINX is None, reason="No nginx is here (Debian: apt-get install nginx-light)")
ROOT = Path(__file__).resolve().parent.parent.parent
SITE = (ROOT / "deploy/nginx/borderpost").read_text()
COMMON = (ROOT / "docker/proxy/common.conf").read_text()
# What Debian's nginx.conf has around a site, with places of ours.
AROUND = """
worker_processes 1; pid {place}/nginx.pid; error_log stderr error;
events {{ worker_connections 64; }}
http {{
    sendfile on; tcp_nopush on; types_hash_max_size 2048; gzip on;
    types {{ text/html html htm shtml; text/css css; image/webp webp; }}
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;
    access_log {place}/other.log;
    client_body_temp_path {place}/t1; proxy_temp_path {place}/t2; fastcgi_temp_path {place}/t3;
    scgi_temp_path {place}/t4; uwsgi_temp_path {place}/t5;
    include {place}/site;
}}
"""


class OnSocket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class WebOnSocket(Web):
    def address_string(self):
        return "nginx"


class Nginx:
    def __init__(self, place):
        self.place, self.http, self.https = place, free_port(), free_port()
        self.log = place / "borderpost.log"

    def get(self, path, **headers):
        return self.request("GET", path, None, **headers)

    def request(self, method, path, body, **headers):
        trusting = ssl._create_unverified_context()  # noqa: S323 (the certificate was made a moment ago)
        connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=60, context=trusting)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(connection, method, path, body, {"Host": "forum.example.org"} | headers)


def moved(nginx):
    text = SITE
    for theirs, ours in {
        "listen 80;": f"listen 127.0.0.1:{nginx.http};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{nginx.https} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "/etc/letsencrypt/live/forum.example.org": str(nginx.place),
        "/var/log/nginx": str(nginx.place),
        "/var/www/html": f"{nginx.place}/html",
        "/srv/borderpost/staticfiles": f"{nginx.place}/static",
        "/var/lib/borderpost/media": f"{nginx.place}/media",
        "unix:/run/borderpost.socket": f"unix:{nginx.place}/socket",
    }.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    return text


@contextlib.contextmanager
def running(*, has_web):
    with tempfile.TemporaryDirectory(prefix="bp-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        files = {
            HASHED.removeprefix("/"): "body { color: teal }",
            "media/bridge.webp": "a picture",
            "media/trap.html": "<script>alert(1)</script>",
            "html/.well-known/acme-challenge/token": "it is us",
        }
        for name, text in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text)
        make_certificate(place)
        nginx = Nginx(place)
        (place / "site").write_text(moved(nginx))
        (place / "nginx.conf").write_text(AROUND.format(place=place))
        with contextlib.ExitStack() as stack:
            if has_web:
                server = stack.enter_context(OnSocket(f"{place}/socket", WebOnSocket))
                (place / "socket").chmod(0o666)
                stack.callback(server.shutdown)
                threading.Thread(target=server.serve_forever, daemon=True).start()
            command = [NGINX, "-e", "stderr", "-c", f"{place}/nginx.conf", "-g", "daemon off;"]
            process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            stack.callback(process.communicate, timeout=60)
            stack.callback(process.terminate)
            wait_for_port(nginx.https, process)
            yield nginx


def make_certificate(place):
    keys = ["-keyout", f"{place}/privkey.pem", "-out", f"{place}/fullchain.pem"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=forum.example.org"]
    subprocess.run(["openssl", "req", "-x509", "-days", "2", *kind, *keys], check=True, capture_output=True)


@pytest.fixture(scope="module")
def nginx():
    with running(has_web=True) as nginx:
        yield nginx


def test_plain_http_leads_to_https_but_for_challenges(nginx):
    def plain(path):
        connection = http.client.HTTPConnection("127.0.0.1", nginx.http, timeout=60)
        return ask(connection, "GET", path, headers={"Host": "forum.example.org"})

    assert plain("/topics/1/?page=2")[1]["Location"] == "https://forum.example.org/topics/1/?page=2"
    assert plain("/.well-known/acme-challenge/token")[2] == b"it is us"


def test_the_web_server_hears_who_asks_from_nginx_alone(nginx):
    forged = {"X_Forwarded_For": "198.51.100.7", "X_Forwarded_Proto": "http", "X_Real_IP": "198.51.100.7"}

    _, _, heard = nginx.get("/about/", X_Request_ID="of-the-client", X_Forwarded_Host="evil.example", **forged)

    headers = json.loads(heard)
    assert (headers["host"], headers["x-forwarded-for"], headers["x-forwarded-proto"]) == (
        "forum.example.org", "127.0.0.1", "https",
    )  # fmt: skip
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert not headers.keys() & {"x-forwarded-host", "x-real-ip"}


def test_a_body_that_is_too_large_is_refused_in_words(nginx):
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    assert nginx.request("POST", "/", b"x" * limit)[0] == 200
    status, _, words = nginx.request("POST", "/", b"x" * (limit + 1))

    assert status == 413
    assert f"more than {limit // 1024} KB" in words.decode()


def test_static_files_are_kept_for_ever(nginx):
    status, headers, body = nginx.get(HASHED)

    assert (status, body) == (200, b"body { color: teal }")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(("name", "kind"), [("bridge.webp", "image/webp"), ("trap.html", "application/octet-stream")])
def test_what_members_sent_is_never_a_page_of_ours(nginx, name, kind):
    status, headers, _ = nginx.get(f"/media/{name}")

    assert (status, headers["Content-Type"]) == (200, kind)
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/static/../media/bridge.webp", "/media../nginx.conf", "/static../nginx.conf", "/media/"]
)
def test_no_folder_is_listed_and_none_is_left(nginx, path):
    body = nginx.get(path)[2]

    assert b"worker_processes" not in body
    assert b"bridge.webp" not in body or body.startswith(b"{")


def test_the_log_holds_blocks_and_neither_searches_nor_signed_links(nginx):
    nginx.get("/who-asks/?q=an-illness", Referer="https://elsewhere.example/")
    nginx.get("/account/password/reset/key/1-secret/")
    nginx.get("/private/news/secret.atom")

    (line,) = lines_after(nginx, 1, "/who-asks/")
    lines_after(nginx, 1, "/account/...")
    assert re.fullmatch(r'127\.0\.0\.0/24 \[[^]]+\] "GET /who-asks/ HTTP/1\.1" 200 \d+ [\d.]+ [0-9a-f]{32}', line)
    assert "secret" not in nginx.log.read_text()
    assert not (nginx.place / "other.log").exists() or not (nginx.place / "other.log").read_text()


def test_while_the_web_server_is_away_readers_are_told_to_wait():
    with running(has_web=False) as nginx:
        status, headers, words = nginx.get("/")

    assert (status, headers["Retry-After"]) == (503, "30")
    assert "Wait half a minute" in words.decode()


@pytest.mark.parametrize(
    "line",
    [
        line.strip()
        for line in COMMON.splitlines()
        if re.match(
            r'\s*(client_(?!body_temp)|send_|keepalive_|proxy_(?!temp_path|pass)|"~|image/|font/|text/|application/)',
            line,
        )
    ],
)
def test_what_the_container_s_proxy_says_it_says_too(line):
    assert line in SITE
