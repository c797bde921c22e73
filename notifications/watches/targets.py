"""What can be watched, by the kind and key in an address."""

from django.http import Http404

from accounts.models import User
from crossings.models import Country, Crossing
from forum import redirects
from forum.models import Subforum, Topic
from notifications.models.watch import COLUMNS, Target

LONGEST_KEY = 18  # digits of a primary key that PostgreSQL can hold


def kind_of(target: Target) -> str:
    return COLUMNS[type(target)]


def name_of(target: Target) -> str:
    if isinstance(target, User):
        return target.username
    return target.title if isinstance(target, Topic) else target.name


def find_target(user: User, kind: str, key: str) -> Target:
    """The topic, subforum, country, crossing or member, if the user may read it. Raises Http404.

    `key` is the code of a country, else the primary key. Of a merged topic it is the one with its posts.
    """
    found: Target | None = None
    if kind == "country":
        found = Country.objects.filter(pk=key.upper()).first()
    elif kind in COLUMNS.values() and key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY:
        found = _find(user, kind, int(key))
    if found is None:
        raise Http404
    return found


def _find(user: User, kind: str, pk: int) -> Target | None:
    if kind == "topic":
        return Topic.objects.visible_to(user).filter(pk=pk).first() or redirects.topic_merged_into(user, pk)
    if kind == "subforum":
        return Subforum.objects.visible_to(user).filter(pk=pk).first()
    if kind == "crossing":
        return Crossing.objects.filter(pk=pk).first()
    return User.objects.filter(pk=pk, is_active=True, email_confirmed_at__isnull=False).first()
