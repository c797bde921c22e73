"""When a member gets new notifications by letter: at once, in a digest, or never."""

from collections.abc import Sequence


def letter_for(notification_ids: Sequence[int]) -> None:
    """Decide about the letters of notifications that were just made, in the transaction that made them.

    The nightly letter collects what is told of watched crossings (news/crossing_news.py); nothing else is sent yet.
    """
