from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts import names
from accounts.models import User
from forum.models import Subforum


class MemberBackend(AuthenticationBackend):
    """Signs in by address or by name, any spelling of it that looks the same.

    The session's member is loaded together with the subforums they moderate, in one query.
    """

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        user = User.objects.filter(username_skeleton=names.skeleton(username)).first()
        return self._check_password(user, password)

    def get_user(self, user_id: int) -> User | None:
        moderated = Subforum.moderators.through.objects.filter(user_id=OuterRef("pk")).values("subforum_id")
        user = User.objects.annotate(moderates_ids=ArraySubquery(moderated)).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
