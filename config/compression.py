from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class Compression(GZipMiddleware):
    """Compresses what is made for one reader; what will be kept is compressed once, by whoever keeps it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if hasattr(response, "kept") and isinstance(response, HttpResponse):
            return response
        return super().process_response(request, response)
