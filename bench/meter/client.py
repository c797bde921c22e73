"""A minimal browser: HTTP/1.1 with keep-alive, one request after the other."""

import gzip
import http.client
from dataclasses import dataclass, field
from urllib.parse import urlencode

TIMEOUT = 60  # seconds
STALE = (http.client.RemoteDisconnected, ConnectionError)  # the server closed the keep-alive connection


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)  # as it came, compressed or not

    @property
    def is_compressed(self) -> bool:
        return self.headers.get("content-encoding") == "gzip"

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.body) if self.is_compressed else self.body

    @property
    def text(self) -> str:
        return self.content.decode()


class Client:
    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def get(self, path: str, cookies: str = "") -> Answer:
        return self._ask("GET", path, cookies)

    def post(self, path: str, fields: dict[str, str], cookies: str = "") -> Answer:
        return self._ask("POST", path, cookies, urlencode(fields))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, cookies: str, body: str | None = None) -> Answer:
        headers = {"Accept-Encoding": "gzip"}
        if cookies:
            headers["Cookie"] = cookies
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            return self._once(method, path, body, headers)
        except STALE:
            self._connection.close()
            return self._once(method, path, body, headers)

    def _once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        kept = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, kept, response.read())
