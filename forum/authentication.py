from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from accounts import site_info
from accounts.models import GroupMembership, Ignored, NewsVersion, User
from accounts.models.badge import countries_of_badges
from accounts.models.site_text import state_number
from accounts.passwords.hashers import work_as_for_others
from accounts.signup.account_of import account_of
from forum.models import Subforum
from pagecache.prepared import MARK, as_model, columns_of, statement


class MemberBackend(AuthenticationBackend):
    """allauth's backend: sign-in by username or e-mail; loads the session's user with their subforums and badges."""

    def get_user(self, user_id: int) -> User | None:
        names = [*columns_of(User), *_BROUGHT]
        found = statement("member", lambda: _members().filter(pk=MARK).values_list(*names)).rows(int(user_id))
        user = as_model(User, names, found[0]) if found else None
        if user is not None:
            site_info.note_state(user.site_state)
        return user if user is not None and self.user_can_authenticate(user) else None

    def _authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        """Hashes one password whether or not the user exists, so that response times do not reveal who is a member."""
        user = account_of(credentials.get("email") or credentials.get("username") or "")
        found = self._check_password(user, credentials["password"])
        if found is None:
            work_as_for_others(user, credentials["password"])
        return found


_BROUGHT = (
    "moderates_ids", "groups_ids", "ignores_ids", "expert_countries", "badge_titles", "news_version", "site_state",
)  # fmt: skip


def _members():
    moderated = Subforum.moderators.through.objects.filter(user_id=OuterRef("pk")).values("subforum_id")
    groups = GroupMembership.objects.standing().filter(member=OuterRef("pk")).values("group_id")
    ignored = Ignored.objects.filter(user=OuterRef("pk")).values("member_id")
    return User.objects.with_badges().annotate(
        moderates_ids=ArraySubquery(moderated),
        groups_ids=ArraySubquery(groups),
        ignores_ids=ArraySubquery(ignored),
        expert_countries=countries_of_badges(OuterRef("pk")),
        news_version=Subquery(NewsVersion.objects.filter(user=OuterRef("pk")).values("version")),
        site_state=state_number(),
    )
