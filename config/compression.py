import gzip
import secrets

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from config.page_cache import encodings_of

# A page that is sent once: half the time of level 6, and a tenth more bytes. Level 6 instead costs a member's page 8 %
# more CPU (docs/performance.md).
LEVEL = 3
SHORTEST = 200  # bytes
_HEAD = 10  # bytes before the name of the file


class Compression(GZipMiddleware):
    """Compresses responses for one reader; those that will be cached are compressed once, by config/page_cache.py."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or response.has_header("Content-Encoding"):
            return super().process_response(request, response)
        if hasattr(response, "kept") or len(response.content) < SHORTEST:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" in encodings_of(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            response.content = compressed(response.content, self.max_random_bytes)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "gzip"
        return response


def compressed(content: bytes, max_random_bytes: int) -> bytes:
    """gzip with a file name of random length, as Django does it, against guessing content by its size (BREACH)."""
    packed = memoryview(gzip.compress(content, LEVEL, mtime=0))
    head = bytearray(packed[:_HEAD])
    head[3] = 8  # the flag of a file name
    return bytes(head) + b"a" * secrets.randbelow(max_random_bytes) + b"\0" + packed[_HEAD:]
