"""Topics and members of the measurement: the same ones in every run on the same data."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from accounts.models import ExpertBadge, User
from accounts.signin import devices
from demo.texts import Writer
from forum.models import Topic

CSRF_LETTERS = 32


class SignedIn:
    """A member's session, created in the database, with the CSRF token. Its use is noted, as it is once an hour."""

    def __init__(self, member: User) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(member.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        request = HttpRequest()
        request.session, request.META["REMOTE_ADDR"] = session, "127.0.0.1"
        devices.note(request, member.pk)
        session.save()
        self.token = get_random_string(CSRF_LETTERS)
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={self.token}"


@dataclass(frozen=True)
class Sample:
    topic: Topic
    longest: Topic
    answered: Topic  # the topic to which the measured replies are added
    reader: SignedIn
    author: SignedIn
    writer: Writer
    expert: SignedIn


def choose() -> Sample:
    member = User.objects.filter(is_staff=False, moderated_subforums=None).latest("posts_count", "pk")
    with_countries = ExpertBadge.objects.standing().filter(countries__len__gt=0)
    expert = User.objects.filter(badges__in=with_countries).latest("posts_count", "pk")
    usual = Topic.objects.readable().filter(locked_at=None, posts_count=20).select_related("subforum").order_by("pk")
    return Sample(
        topic=usual[100],
        longest=Topic.objects.latest("posts_count"),
        answered=usual[200],
        reader=SignedIn(member),
        author=SignedIn(member),
        writer=Writer("replies"),
        expert=SignedIn(expert),
    )
