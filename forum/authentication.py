from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import User
from forum.models import Subforum


class MemberBackend(AuthenticationBackend):
    """Loads the session's member together with the subforums they moderate, in one query."""

    def get_user(self, user_id: int) -> User | None:
        moderated = Subforum.moderators.through.objects.filter(user_id=OuterRef("pk")).values("subforum_id")
        user = User.objects.annotate(moderates_ids=ArraySubquery(moderated)).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
