"""What all reversals ask first: whether the thing is still as the act left it."""

from forum.permissions import CannotBeDone

CHANGED_SINCE = "This was changed again since. Look at how it stands now."


def require(is_as_it_was_left: bool) -> None:
    """Raises CannotBeDone if the state was changed since the act."""
    if not is_as_it_was_left:
        raise CannotBeDone(CHANGED_SINCE)
