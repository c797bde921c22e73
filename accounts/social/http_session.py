"""HTTP requests to the sites of SOCIAL_SIGN_IN: bounded in time and size, without redirects."""

from typing import Any

import requests

TIMEOUT = (3, 5)  # seconds to connect, and between two pieces of an answer
LARGEST_ANSWER = 256 * 1024  # bytes


class BoundedSession(requests.Session):
    """A session that reads no .netrc or proxies of the environment. Raises RequestException, also for what is large."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        response = super().request(*args, **kwargs)
        body = b""
        for piece in response.iter_content(16 * 1024):
            body += piece
            if len(body) > LARGEST_ANSWER:
                response.close()
                raise requests.RequestException("The answer is too large.")
        response._content = body
        return response
