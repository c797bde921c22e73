from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts import names
from accounts.models import User
from accounts.models.badge import countries_of_badges
from forum.models import Subforum
from pagecache.prepared import MARK, as_model, columns_of, statement


class MemberBackend(AuthenticationBackend):
    """allauth's backend: sign-in by username or e-mail; loads the session's user with their subforums and badges."""

    def get_user(self, user_id: int) -> User | None:
        names = [*columns_of(User), *_BROUGHT]
        found = statement("member", lambda: _members().filter(pk=MARK).values_list(*names)).rows(int(user_id))
        user = as_model(User, names, found[0]) if found else None
        return user if user is not None and self.user_can_authenticate(user) else None

    def _authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        """Hashes one password whether or not the user exists, so that response times do not reveal who is a member."""
        user = self._member(credentials.get("email") or credentials.get("username") or "")
        return self._check_password(user, credentials["password"])

    def _member(self, login: str) -> User | None:
        """No username contains an @, so usernames and addresses cannot be confused."""
        if "@" in login:
            return _member_at(login.lower())
        return User.objects.filter(username_skeleton=names.skeleton(login)).first()


def _member_at(address: str) -> User | None:
    """The user who confirmed the address, else who entered it. Always two queries, so that the time reveals nothing."""
    given = list(EmailAddress.objects.filter(email=address).select_related("user").order_by("-verified", "pk"))
    owner = User.objects.alias(address=Lower("email")).filter(address=address).first()
    if owner is None or (given and given[0].verified):
        return next((email.user for email in given), None)
    return owner


_BROUGHT = ("moderates_ids", "expert_countries", "badge_titles")


def _members():
    moderated = Subforum.moderators.through.objects.filter(user_id=OuterRef("pk")).values("subforum_id")
    countries = countries_of_badges(OuterRef("pk"))
    return User.objects.with_badges().annotate(moderates_ids=ArraySubquery(moderated), expert_countries=countries)
