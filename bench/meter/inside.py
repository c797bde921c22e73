"""Requests within this process, through all middleware: to count queries, and to profile."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.meter.client import Answer
from bench.pages import Page

# Entries of Django's query log that are not queries.
TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Inside:
    def __init__(self) -> None:
        self.application = get_wsgi_application()

    def request(self, page: Page) -> Answer:
        """One response, without the page's `prepare`; it is closed, as gunicorn does."""
        response = self.application(environ_of(page), _ignore)
        try:
            body = b"".join(response)
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.items()}
        return Answer(response.status_code, headers, body)

    def queries(self, page: Page) -> list[dict[str, str]]:
        """The queries of a second request as in `connection.queries`, with `sql` and `time` in seconds."""
        page.prepare()
        page.check(self.request(page))
        page.prepare()
        with CaptureQueriesContext(connection) as captured:
            page.check(self.request(page))
        return [query for query in captured.captured_queries if not query["sql"].startswith(TRANSACTIONS)]


def _ignore(*head: Any) -> Any:
    """A `start_response` that does nothing: Django's response has status and headers itself."""


def environ_of(page: Page) -> dict[str, Any]:
    """The WSGI environ of the request, as gunicorn's."""
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
