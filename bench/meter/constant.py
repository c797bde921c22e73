"""The unit of CPU time: a Django view that always returns the same 40 KB, without middleware and database."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

SIZE = 40 * 1024  # bytes
_BODY = b"<!doctype html><title>Constant</title>".ljust(SIZE, b".")


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_BODY)


urlpatterns = [path("", constant)]


def serve() -> WSGIHandler:
    """The WSGI application, in a process of its own, because it has other settings."""
    settings.configure(ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], ROOT_URLCONF=__name__)
    return get_wsgi_application()
