from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest

from accounts import names
from accounts.models import User
from accounts.models.badge import countries_of_badges
from forum.models import Subforum
from pagecache.prepared import MARK, as_model, columns_of, statement


class MemberBackend(AuthenticationBackend):
    """Lets members in by name or address, and loads the session's member with what they moderate and know."""

    def get_user(self, user_id: int) -> User | None:
        names = [*columns_of(User), *_BROUGHT]
        found = statement("member", lambda: _members().filter(pk=MARK).values_list(*names)).rows(int(user_id))
        user = as_model(User, names, found[0]) if found else None
        return user if user is not None and self.user_can_authenticate(user) else None

    def _authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        """One password is checked whoever asks, so that the time taken does not tell who is a member."""
        user = self._member(credentials.get("email") or credentials.get("username") or "")
        return self._check_password(user, credentials["password"])

    def _member(self, login: str) -> User | None:
        """No name holds an @, so a name and an address cannot be confused."""
        if "@" in login:
            found = filter_users_by_email(login, prefer_verified=True, for_login=True)
            return found[0] if found else None
        return User.objects.filter(username_skeleton=names.skeleton(login)).first()


_BROUGHT = ("moderates_ids", "expert_countries", "badge_titles")


def _members():
    moderated = Subforum.moderators.through.objects.filter(user_id=OuterRef("pk")).values("subforum_id")
    countries = countries_of_badges(OuterRef("pk"))
    return User.objects.with_badges().annotate(moderates_ids=ArraySubquery(moderated), expert_countries=countries)
