"""Members by the names that others use for them, also by those that they had before."""

from collections.abc import Collection

from accounts.models import FormerName, User
from accounts.text import names
from pagecache.prepared import text_mark
from pagecache.prepared_models import instances


def members_named(skeletons: Collection[str]) -> dict[str, User]:
    """The members of these skeletons, each by its skeleton: who has the name, else who had it last. Two queries."""
    found = {user.username_skeleton: user for user in User.objects.filter(username_skeleton__in=skeletons)}
    return found | _formerly_named(set(skeletons) - found.keys())


def member_named(name: str) -> User | None:
    """The member who has this name, or one that looks alike, else who had it last."""
    skeleton = names.skeleton(name)
    found = instances("member by name", lambda: User.objects.filter(username_skeleton=text_mark(0)), skeleton)
    return found[0] if found else _formerly_named([skeleton]).get(skeleton)


def _formerly_named(skeletons: Collection[str]) -> dict[str, User]:
    if not skeletons:
        return {}
    former = FormerName.objects.filter(username_skeleton__in=skeletons).select_related("user")
    return {one.username_skeleton: one.user for one in former.order_by("given_up_at", "pk")}  # the last one counts
