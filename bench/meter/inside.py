"""Pages asked for inside this process, through all of the middleware: to count queries exactly, and to profile."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.meter.client import Answer
from bench.pages import Page

# What Django writes into its log of queries, and what asks nothing.
TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Inside:
    def __init__(self) -> None:
        self.application = get_wsgi_application()

    def request(self, page: Page) -> Answer:
        """One answer, without preparing it; also closed, as gunicorn closes it."""
        response = self.application(environ_of(page), _ignore)
        try:
            body = b"".join(response)
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.items()}
        return Answer(response.status_code, headers, body)

    def queries(self, page: Page) -> list[dict[str, str]]:
        """The queries of one request after a first one, as Django logs them, with `sql` and `time` in seconds."""
        page.prepare()
        page.check(self.request(page))
        page.prepare()
        with CaptureQueriesContext(connection) as captured:
            page.check(self.request(page))
        return [query for query in captured.captured_queries if not query["sql"].startswith(TRANSACTIONS)]


def _ignore(*head: Any) -> Any:
    """Django's response knows its status and headers itself."""


def environ_of(page: Page) -> dict[str, Any]:
    """What gunicorn would make of the request."""
    path, _, query = page.path.partition("?")
    body = urlencode(page.form()).encode() if page.form else b""
    return {
        "REQUEST_METHOD": "POST" if page.form else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_COOKIE": page.cookies,
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if page.form else "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
    }
