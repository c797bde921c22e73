"""Django's messages ("Reply posted.") of members in a signed cookie, so that neither the form that is sent nor the page
that shows the message writes the session: an UPDATE and a commit each (docs/performance.md)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage, Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from accounts.readers import is_member, user_of


class MemberCookie(CookieStorage):
    """Messages in a cookie that only the member whom they were for can read: others on the same device cannot."""

    cookie_name = settings.SESSION_COOKIE_NAME.replace("session", "messages")

    def __init__(self, request: HttpRequest) -> None:
        BaseStorage.__init__(self, request)

    @property
    def signer(self) -> signing.Signer:
        return signing.get_cookie_signer(salt=f"{self.key_salt} {user_of(self.request).pk}")


class MessageStorage(BaseStorage):
    """The cookie for members. The session for visitors, whose kept pages could not take a cookie away again, and for
    what does not fit into a cookie."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        # Any, because the stubs of Django leave out the methods that its storages have to override.
        self._cookie: Any = MemberCookie(request)
        self._session: Any = SessionStorage(request)

    def _get(self, *args: object, **kwargs: object) -> tuple[list[Message], bool]:
        in_cookie = self._cookie._get()[0] if self._has_cookie and is_member(self.request) else None
        return [*(in_cookie or ()), *(self._session._get()[0] or ())], True

    def _store(
        self, messages: Sequence[Message], response: HttpResponseBase, *args: object, **kwargs: object
    ) -> list[Message]:
        unstored = list(messages)
        if unstored and is_member(self.request):
            unstored = self._cookie._store(unstored, response, remove_oldest=False)
        elif self._has_cookie:
            self._cookie._store([], response)
        return self._session._store(unstored, response)

    @property
    def _has_cookie(self) -> bool:
        return MemberCookie.cookie_name in self.request.COOKIES
