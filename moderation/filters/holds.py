"""Which texts wait for a moderator before they are published: only the risky ones (docs/moderation.md).

Moderators of the subforum are not screened at all; trusted members only for watched words. What a moderator let pass
for its author once is not held again.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.trust_levels import FIRST_POSTS, Trust, allowed
from forum import markup
from forum.extensions.screeners import Draft, Refuse, Verdict
from forum.extensions.screeners import Hold as Wait
from forum.models import Post
from forum.permissions import can_moderate
from moderation.filters import banned_words
from moderation.models import ApprovedText, Hold, WatchedWord
from pagecache.prepared import run

Reason = Hold.Reason
Act = WatchedWord.Act
# By this name a draft brings along the watched words in it.
WATCHED = "watched words"
# So many posts of a newcomer in so short a time are too many.
TOO_MANY = 6
IN_TIME = timedelta(minutes=5)
# What is shorter than this many characters may be written by two.
LONG_ENOUGH = 80

_HREF = re.compile(r'<a [^>]*href="((?:https?:|mailto:)[^"]*)"')
# A link has a scheme, or a dot within a word, or at least the brackets of Markdown.
_LIKE_A_LINK = re.compile(r"(?=\S[.\u3002\uff0e\uff61]\S|:[/\w]|\]\(|@)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_NUMBER = re.compile(r"(?<![\d.,+])(?:(?:\+|00)[1-9](?:[\s()/-]{0,2}\d){7,13}|\d{10,13})(?![\d.,]\d)")


def screen(draft: Draft) -> Verdict:
    """Registered with forum.extensions.screeners: None, wait, or refuse."""
    if can_moderate(draft.author, draft.subforum):
        return None
    words = draft.found[WATCHED] = banned_words.found_in(f"{draft.title}\n{draft.source}", draft.subforum)
    blocked = [word.pattern for word in words if word.act == Act.BLOCK]
    if blocked:
        return Refuse(_refusal(blocked))
    reason = Reason.WORDS if any(word.act == Act.HOLD for word in words) else _risk_of(draft)
    if reason is None or is_approved(draft.author, digest_of_draft(draft)):
        return None
    return Wait(reason.label)


def code_of(words: str) -> Hold.Reason:
    """The reason by its words, as `forum.signals.post_held` brings them."""
    return next((reason for reason in Reason if reason.label == words), Reason.OTHER)


def approve_text(post: Post) -> bool:
    """From now on the filter is silent about this text of this author; says whether that is new."""
    return ApprovedText.objects.get_or_create(author_id=post.author_id, digest=digest_of_post(post))[1]


def disapprove_text(post: Post) -> None:
    ApprovedText.objects.filter(author_id=post.author_id, digest=digest_of_post(post)).delete()


def is_approved(author: User, digest: bytes) -> bool:
    return ApprovedText.objects.filter(author=author, digest=digest).exists()


def digest_of_draft(draft: Draft) -> bytes:
    opens = draft.topic is None or (draft.post is not None and draft.post.is_opening_post)
    return _digest(draft.title if opens else "", draft.source)


def digest_of_post(post: Post) -> bytes:
    return _digest(post.topic.title if post.is_opening_post else "", post.source)


def links_in(source: str) -> set[str]:
    """Where a text leads outside of this site; pictures are links, too."""
    ours = urlsplit(settings.SITE_URL).netloc
    return {address for address in _HREF.findall(markup.to_html(source)) if urlsplit(address).netloc != ours}


def links_at_most(source: str) -> int:
    """No text has more links than this, which is told without rendering it: mostly none."""
    return len(_LIKE_A_LINK.findall(source))


def has_contact(text: str) -> bool:
    """A telephone number or an address of e-mail."""
    return bool(_ADDRESS.search(text) or _NUMBER.search(text))


def _risk_of(draft: Draft) -> Hold.Reason | None:
    """The first thing found that is a reason to wait, the cheapest looked at first."""
    return next((reason for reason, is_so in _RISKS if is_so(draft)), None)


def _is_risky_beginning(draft: Draft) -> bool:
    author = draft.author
    if author.trust != Trust.NEW or author.posts_count >= FIRST_POSTS:
        return False
    has_links = bool(links_at_most(draft.source) and links_in(draft.source))
    return has_links or has_contact(f"{draft.title}\n{draft.source}")


def _has_many_links(draft: Draft) -> bool:
    most = allowed(draft.author).links
    return most is not None and links_at_most(draft.source) > most and len(links_in(draft.source)) > most


def _calls_many(draft: Draft) -> bool:
    most = allowed(draft.author).mentions
    return most is not None and len(markup.references(draft.source).names) > most


def _is_too_fast(draft: Draft) -> bool:
    if draft.author.trust != Trust.NEW or draft.post is not None:
        return False
    recent = Post.objects.filter(author=draft.author, written_at__gt=timezone.now() - IN_TIME)
    return recent.count() >= TOO_MANY


def same_texts(source: str, but: int = 0) -> list[int]:
    """Posts that say the same, by their pk."""
    return [pk for (pk,) in run(_SAME_TEXTS, [source, but], writes=Post)]


def _is_copied(draft: Draft) -> bool:
    if draft.author.trust != Trust.NEW or len(draft.source) < LONG_ENOUGH:
        return False
    return bool(same_texts(draft.source, draft.post.pk if draft.post else 0))


# As the index of migration 0003 has it.
_SAME_TEXTS = r"""
    SELECT id FROM forum_post
    WHERE md5(lower(btrim(regexp_replace(source, '\s+', ' ', 'g'))))
        = md5(lower(btrim(regexp_replace(%s, '\s+', ' ', 'g'))))
    AND id <> %s ORDER BY id DESC LIMIT 20
"""

_RISKS: list[tuple[Hold.Reason, Callable[[Draft], bool]]] = [
    (Reason.FIRST_POST, _is_risky_beginning),
    (Reason.LINKS, _has_many_links),
    (Reason.MENTIONS, _calls_many),
    (Reason.COPIED, _is_copied),
    (Reason.TOO_FAST, _is_too_fast),
]


def _refusal(patterns: list[str]) -> str:
    named = ", ".join(f"“{pattern}”" for pattern in patterns[:3])
    return (
        f"This cannot be posted here as it stands, because of {named}. Please write it in other words; your text is "
        "kept. If it ought to be allowed, ask a moderator."
    )


def _digest(title: str, source: str) -> bytes:
    return hashlib.sha256("\n".join([title, " ".join(source.split())]).encode("utf-8", "surrogatepass")).digest()
