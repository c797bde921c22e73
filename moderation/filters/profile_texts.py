"""Screening what members write of themselves: a profile is no way round the watched words."""

from accounts.models import User
from accounts.readers import as_reader
from moderation.filters import banned_words
from moderation.models import WatchedWord
from pagecache.prepared import run

Act = WatchedWord.Act
_WORDS_OF_ALL = "SELECT pattern, folded, act FROM moderation_watchedword WHERE subforum_id IS NULL ORDER BY id"


def refusal_of(member: User, words: str) -> str:
    """Why a profile with these words is refused; "" if it is not. Moderators are not screened.

    Nobody looks at profiles before they are shown, so a word for which posts wait is refused here, without its name.
    """
    if not words or as_reader(member).is_moderator:
        return ""
    watched = [banned_words.Watched(*row) for row in run(_WORDS_OF_ALL, [], writes=WatchedWord)]
    found = {word.act for word in banned_words.matching(words, watched)}
    return (
        "A word in it cannot stand on a profile here. Write it in another way." if found & {Act.BLOCK, Act.HOLD} else ""
    )
