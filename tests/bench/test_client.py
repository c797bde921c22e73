"""The visitor of the benchmark: it keeps its connection, and the constant view answers it."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.meter import constant, weights
from bench.meter.client import Client
from bench.meter.servers import free_port, serving

SCRIPTS = {
    "/js/a.js": b'import "./b.js";\nimport { c } from "./deep/c.js";\n',
    "/js/b.js": b'import "./a.js";\n',
    "/js/deep/c.js": b"export const c = 1;\n",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    callers: list = []

    def do_GET(self):
        self.callers.append(self.client_address)
        body = SCRIPTS.get(self.path) or gzip.compress("Торугарт".encode())
        self.send_response(200)
        if self.path not in SCRIPTS:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.path == "/last"  # as a server does whose patience is over

    def do_POST(self):
        self.path = self.rfile.read(int(self.headers["Content-Length"])).decode() + self.headers["Cookie"]
        self.send_response(302)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def port():
    Handler.callers = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_it_keeps_one_connection_and_reads_what_is_compressed(port):
    client = Client(port)

    answers = [client.get("/page") for _ in range(3)]

    client.close()
    assert {answer.text for answer in answers} == {"Торугарт"}
    assert answers[0].is_compressed
    assert len(set(Handler.callers)) == 1


def test_it_comes_again_when_the_kept_connection_was_closed(port):
    client = Client(port)

    assert [client.get(path).status for path in ("/last", "/page")] == [200, 200]

    client.close()
    assert len(set(Handler.callers)) == 2


def test_it_posts_a_form_with_cookies_and_does_not_follow(port):
    client = Client(port)

    answer = client.post("/reply", {"source": "a b"}, cookies="session=1")

    client.close()
    assert (answer.status, answer.headers["location"]) == (302, "source=a+bsession=1")


def test_scripts_that_import_each_other_are_weighed_once(port):
    client = Client(port)

    size = weights.size_with_imports(client, ["/js/a.js"])

    client.close()
    assert len(Handler.callers) == 3
    assert size == sum(len(gzip.compress(text)) for text in SCRIPTS.values())


def test_styles_and_scripts_are_found_in_a_page():
    html = '<link rel="stylesheet" href="/a.css"><link rel="icon" href="/i.svg"><script src="/p.js" type="module">'

    assert weights.styles_in(html) == ["/a.css"]
    assert weights.scripts_in(html) == ["/p.js"]


def test_the_constant_view_answers_40_kilobytes_under_gunicorn_and_costs_cpu():
    with serving("bench.meter.constant:serve()", free_port()) as server:
        before = server.family.cpu()
        answers = [server.client.get("/") for _ in range(20)]
        taken = server.family.cpu() - before

    assert {(answer.status, len(answer.body)) for answer in answers} == {(200, constant.SIZE)}
    assert 0 < taken < 20
