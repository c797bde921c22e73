"""HTTP requests to the sites of SOCIAL_SIGN_IN: bounded in time and size, without redirects."""

import time
from typing import Any

import requests
from urllib3.exceptions import HTTPError

TIMEOUT = (3, 5)  # seconds to connect, and between two pieces of an answer
LONGEST = 10  # seconds for the whole of an answer, however it comes in
LARGEST_ANSWER = 256 * 1024  # bytes


class BoundedSession(requests.Session):
    """A session that reads no .netrc or proxies of the environment. Raises RequestException, also for what is large or
    slow."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        response = super().request(*args, **kwargs)
        try:
            response._content = _body_of(response)
        except HTTPError as error:
            raise requests.RequestException("The answer broke off.") from error
        finally:
            response.close()
        return response


def _body_of(response: requests.Response) -> bytes:
    """By pieces as they arrive: a larger read would wait until it is full, however slowly that comes."""
    ends = time.monotonic() + LONGEST
    body = b""
    while piece := response.raw.read1(16 * 1024, decode_content=True):
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise requests.RequestException("The answer is too large.")
        if time.monotonic() > ends:
            raise requests.RequestException("The answer takes too long.")
    return body
