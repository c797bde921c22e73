"""Members by the names that others use for them, also by those that they had before."""

from collections.abc import Collection

from accounts.models import FormerName, User
from accounts.text import names


def members_named(skeletons: Collection[str]) -> dict[str, User]:
    """The members of these skeletons, each by its skeleton: who has the name, else who had it last. Two queries."""
    found = {user.username_skeleton: user for user in User.objects.filter(username_skeleton__in=skeletons)}
    if missing := set(skeletons) - found.keys():
        former = FormerName.objects.filter(username_skeleton__in=missing).select_related("user")
        for one in former.order_by("given_up_at", "pk"):  # the last one counts
            found[one.username_skeleton] = one.user
    return found


def member_named(name: str) -> User | None:
    """The member who has this name, or one that looks alike, else who had it last."""
    skeleton = names.skeleton(name)
    return members_named([skeleton]).get(skeleton)
