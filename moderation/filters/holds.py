"""Screening texts before they are published: risky ones are held (docs/moderation.md has the rules and figures).

Moderators of the subforum are not screened at all; trusted members only for watched words. A text that a moderator
approved is not held again for the same author.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.readers import ReaderFacts
from accounts.trust_levels import FIRST_POSTS, Trust, allowed
from forum import markup
from forum.extensions.screeners import Draft, Refuse, Verdict
from forum.extensions.screeners import Hold as Wait
from forum.models import Post, Subforum
from forum.permissions import can_moderate
from moderation.filters import banned_words
from moderation.models import ApprovedText, Hold, WatchedWord
from pagecache.prepared import run

Reason = Hold.Reason
Act = WatchedWord.Act
# Key of Draft.found for the watched words in it.
WATCHED = "watched words"
# A newcomer's seventh post within five minutes is held (docs/moderation.md): TOO_MANY before it, IN_TIME.
TOO_MANY = 6
IN_TIME = timedelta(minutes=5)
# Copies of texts shorter than this many characters are not held: two members may write the same.
LONG_ENOUGH = 80

_HREF = re.compile(r'<a [^>]*href="((?:https?:|mailto:)[^"]*)"')
# Every link has a scheme, a dot within a word, or Markdown's brackets: a cheap upper bound on links.
_LIKE_A_LINK = re.compile(r"(?=\S[.\u3002\uff0e\uff61]\S|:[/\w]|\]\(|@)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_NUMBER = re.compile(r"(?<![\d.,+])(?:(?:\+|00)[1-9](?:[\s()/-]{0,2}\d){7,13}|\d{10,13})(?![\d.,]\d)")


def screen(draft: Draft) -> Verdict:
    """The screener registered with forum.extensions.screeners: returns None, Wait (hold) or Refuse."""
    if can_moderate(draft.author, draft.subforum):
        return None
    words = draft.found[WATCHED] = banned_words.found_in(
        banned_words.text_of(draft.title, draft.source), draft.subforum
    )
    blocked = [word.pattern for word in words if word.act == Act.BLOCK]
    if blocked:
        return Refuse(_refusal(blocked))
    reason = Reason.WORDS if any(word.act == Act.HOLD for word in words) else _risk_of(draft)
    if reason is None or is_approved(draft.author, digest_of_draft(draft)):
        return None
    return Wait(reason.label)


def will_wait(writer: ReaderFacts, subforum: Subforum) -> bool:
    """Whether the next post of this writer in the subforum waits for a moderator, harmless as it may be.

    By the subforum's switch (Subforum.FirstPosts): a newcomer's first FIRST_POSTS posts there that others can read, and
    with ALL anybody's first one. One query where the switch may apply to the writer, else none.
    """
    if not writer.is_authenticated or can_moderate(writer, subforum):
        return False
    most = _first_posts(writer, subforum)
    if not most:
        return False
    published = Post.objects.readable().filter(author=writer.pk, topic__subforum=subforum, topic__hidden_at=None)
    return len(published.order_by().values_list("pk", flat=True)[:most]) < most


def links_will_wait(writer: User, subforum: Subforum) -> bool:
    """Whether a link, a telephone number or an address in the writer's next post makes it wait for a moderator."""
    return is_beginner(writer) and not can_moderate(writer, subforum)


def is_beginner(writer: User) -> bool:
    return writer.trust == Trust.NEW and writer.posts_count < FIRST_POSTS


def _first_posts(writer: ReaderFacts, subforum: Subforum) -> int:
    """How many posts of a writer wait in this subforum by its switch."""
    if subforum.first_posts and writer.trust == Trust.NEW and not writer.is_staff:
        return FIRST_POSTS
    return int(subforum.first_posts == Subforum.FirstPosts.ALL)


def code_of(words: str) -> Hold.Reason:
    """The Hold.Reason of a label, as `forum.signals.post_held` sends it."""
    return next((reason for reason in Reason if reason.label == words), Reason.OTHER)


def approve_text(post: Post) -> bool:
    """Exempt this text of this author from the filter; returns whether it was not exempt yet."""
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
    """The external links of a text, pictures included."""
    ours = urlsplit(settings.SITE_URL).netloc
    return {address for address in _HREF.findall(markup.to_html(source)) if urlsplit(address).netloc != ours}


def links_at_most(source: str) -> int:
    """An upper bound on the number of links, without rendering the text: mostly 0."""
    return len(_LIKE_A_LINK.findall(source))


def has_contact(text: str) -> bool:
    """Whether the text has a telephone number or an e-mail address."""
    return bool(_ADDRESS.search(text) or _NUMBER.search(text))


def _risk_of(draft: Draft) -> Hold.Reason | None:
    """The first reason to hold the draft, cheapest checks first; None if there is none."""
    return next((reason for reason, is_so in _RISKS if is_so(draft)), None)


def _is_risky_beginning(draft: Draft) -> bool:
    if not is_beginner(draft.author):
        return False
    has_links = bool(links_at_most(draft.source) and links_in(draft.source))
    return has_links or has_contact(f"{draft.title}\n{draft.source}")


def _is_among_the_first_here(draft: Draft) -> bool:
    """New posts only: the edit of one that a moderator approved is no first post."""
    return draft.post is None and will_wait(draft.author, draft.subforum)


def _has_many_links(draft: Draft) -> bool:
    most = allowed(draft.author).links
    return most is not None and links_at_most(draft.source) > most and len(links_in(draft.source)) > most


def _calls_many(draft: Draft) -> bool:
    most = allowed(draft.author).mentions
    return most is not None and len(markup.references(draft.source).mentions) > most


def _is_too_fast(draft: Draft) -> bool:
    if draft.author.trust != Trust.NEW or draft.post is not None:
        return False
    recent = Post.objects.filter(author=draft.author, written_at__gt=timezone.now() - IN_TIME)
    return recent.count() >= TOO_MANY


def same_texts(source: str, but: int = 0) -> list[int]:
    """Primary keys of posts with the same text."""
    return [pk for (pk,) in run(_SAME_TEXTS, [source, but], writes=Post)]


def _is_copied(draft: Draft) -> bool:
    if draft.author.trust != Trust.NEW or len(draft.source) < LONG_ENOUGH:
        return False
    return bool(same_texts(draft.source, draft.post.pk if draft.post else 0))


# The expression of the index of migration 0003.
_SAME_TEXTS = r"""
    SELECT id FROM forum_post
    WHERE md5(lower(btrim(regexp_replace(source, '\s+', ' ', 'g'))))
        = md5(lower(btrim(regexp_replace(%s, '\s+', ' ', 'g'))))
    AND id <> %s ORDER BY id DESC LIMIT 20
"""

_RISKS: list[tuple[Hold.Reason, Callable[[Draft], bool]]] = [
    (Reason.FIRST_POST, _is_risky_beginning),
    (Reason.FIRST_HERE, _is_among_the_first_here),
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
