import gzip
import re
import secrets

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

# A page that is sent once is worth little time: half of what the usual level takes, and a tenth more bytes.
LEVEL = 3
SHORTEST = 200  # bytes
_GZIP = re.compile(r"\bgzip\b")
_HEAD = 10  # bytes before the name of the file


class Compression(GZipMiddleware):
    """Compresses what is made for one reader; what will be kept is compressed once, by whoever keeps it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or response.has_header("Content-Encoding"):
            return super().process_response(request, response)
        if hasattr(response, "kept") or len(response.content) < SHORTEST:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            response.content = compressed(response.content, self.max_random_bytes)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "gzip"
        return response


def compressed(content: bytes, max_random_bytes: int) -> bytes:
    """As Django does it: a name of random length keeps others from guessing by the size of the answer what is in it."""
    packed = memoryview(gzip.compress(content, LEVEL, mtime=0))
    head = bytearray(packed[:_HEAD])
    head[3] = 8  # it has a name
    return bytes(head) + b"a" * secrets.randbelow(max_random_bytes) + b"\0" + packed[_HEAD:]
