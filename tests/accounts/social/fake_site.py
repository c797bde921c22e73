"""A small site with OpenID Connect on loopback, with what can be wrong with one."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.accounts.social import urls

ENDPOINTS = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}


def switched_on(settings):
    """A fake site, and SOCIAL_SIGN_IN with it. The URL conf is imported above, while the setting is off."""
    site = FakeSite()
    settings.SOCIAL_SIGN_IN = [
        {"id": "club", "name": "Travel Club", "server": site.url, "client_id": "borderpost", "secret": "s3cret"}
    ]
    settings.ROOT_URLCONF = urls.__name__
    return site


class FakeSite:
    """`person` is who signs in there next; `ways` change what it answers."""

    def __init__(self):
        self.person = {"sub": "p-1", "email": "kettle@elsewhere.example"}
        self.ways = {}
        self.asked = []
        self._codes = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def consent(self, url):
        """What the browser brings back from there: the query of the callback."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = query | {"person": dict(self.person)}
        return {"code": code, "state": query["state"]}

    def configuration(self):
        ends = {name: f"{self.url}/{path}" for name, path in ENDPOINTS.items()}
        methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        return {"issuer": self.url} | ends | methods | self.ways.get("configuration", {})

    def token(self, form):
        kept = self._codes.pop(form.get("code"), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        fits = kept and kept["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not fits or (form["client_id"], form["client_secret"]) != ("borderpost", "s3cret"):
            return 400, {"error": "invalid_grant"}
        self.in_hand = kept["person"]
        claims = {"iss": self.url, "aud": "borderpost", "exp": time.time() + 60, "sub": kept["person"]["sub"]}
        claims |= self.ways.get("claims", {})
        parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
        id_token = ".".join([base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts] + [""])
        return 200, {"access_token": "t0ken", "token_type": "Bearer", "id_token": id_token} | self.ways.get("token", {})

    def userinfo(self):
        return self.in_hand | self.ways.get("userinfo", {})

    def _handler(site):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = urlsplit(self.path).path
                site.asked.append(path)
                if path == "/authorize":
                    query = parse_qs(urlsplit(self.path).query)
                    self.send_response(302)
                    self.send_header("Location", f"{query['redirect_uri'][0]}?{urlencode(site.consent(self.path))}")
                    self.end_headers()
                elif path == "/userinfo":
                    self._answer(200, site.userinfo())
                else:
                    self._answer(200, site.configuration())

            def do_POST(self):
                site.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(*site.token({name: values[0] for name, values in parse_qs(body).items()}))

            def _answer(self, status, data):
                body = site.ways.get(urlsplit(self.path).path, json.dumps(data)).encode()
                self.send_response(site.ways.get("status", status))
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        return Handler
