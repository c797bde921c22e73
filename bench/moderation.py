"""What it costs to moderate a large forum: the queue with 10,000 open items, and a merge of 2,000 posts into 2,000.

`./run bench --moderation`: CPU time in ms, of this process and of PostgreSQL for it; on the copy of the data, which is
thrown away afterwards.
"""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from accounts.models import User
from bench.meter.costs import HEAD, REQUESTS, analyse, tell_act, tell_page
from bench.pages import Page
from bench.sample import SignedIn
from config.devserver.launcher import say
from forum.models import Post, Subforum, Topic
from moderation.actions import claims, topic_acts, undo
from moderation.log.entries import Why
from moderation.models import Flag, ModerationEntry, QueueItem

ITEMS = 10_000
POSTS = 2_000
MERGES = 5
BATCH = 2_000
# Reasons of ten items: two are not about a broken rule.
REASONS = [*[Flag.Reason.RULES] * 5, *[Flag.Reason.ADVERTISING] * 3, Flag.Reason.DUPLICATE, Flag.Reason.OUTDATED]
RISKS = {Flag.Reason.RULES: 20, Flag.Reason.ADVERTISING: 20, Flag.Reason.DUPLICATE: 5, Flag.Reason.OUTDATED: 5}
KINDS = {Flag.Reason.DUPLICATE: "duplicate", Flag.Reason.OUTDATED: "outdated"}


def report() -> None:
    subforum = Subforum.objects.filter(access=Subforum.Access.OPEN).latest("topics_count")
    admin, moderator = User.objects.filter(is_staff=True).earliest("pk"), _moderator(subforum)
    make_queue(ITEMS)
    analyse()
    say(HEAD)
    for page in queue_pages(admin, moderator):
        tell_page(page)
    for who, user in (("an administrator", admin), ("a moderator", moderator)):
        tell_act(f"Counting for the head of a page, {who}", partial(claims.waiting, user), REQUESTS)
    _tell_merges(admin)


def queue_pages(admin: User, moderator: User) -> list[Page]:
    """The first page of the queue, by age, by risk and of one kind, for all subforums and for one."""
    pages = []
    for who, user in (("administrator", admin), ("moderator of one", moderator)):
        cookies = SignedIn(user).cookies
        for how, query in (("by age", ""), ("by risk", "?order=risk"), ("duplicates", "?kind=duplicate")):
            name = f"queue-{user.pk}-{how}"
            pages.append(Page(name, f"Queue {how}, {who}", f"/moderation/{query}", "data-queue", cookies=cookies))
    return pages


def make_queue(count: int) -> None:
    """A member's flag on each of this many posts, with its queue item."""
    flagger = User.objects.latest("posts_count", "pk")
    posts = Post.objects.filter(hidden_at=None, held_at=None, queue_items=None).exclude(author=flagger)
    rows = list(posts.order_by("-pk").values_list("pk", "author", "topic__subforum")[:count])
    now = timezone.now()
    items, flags = [], []
    for number, (post, author, subforum) in enumerate(rows):
        reason, at = REASONS[number % len(REASONS)], now - timedelta(minutes=number)
        item = QueueItem(
            post_id=post, member_id=author, subforum_id=subforum, kinds=[KINDS.get(reason, "flag")],
            risk=RISKS[reason] + number % 17, opened_at=at,
        )  # fmt: skip
        items.append(item)
        flags.append(Flag(item=item, post_id=post, by=flagger, reason=reason, weight=1, at=at))
    QueueItem.objects.bulk_create(items, batch_size=BATCH)
    Flag.objects.bulk_create(flags, batch_size=BATCH)


def make_topic(title: str, posts: int, first: Post, begins_at: timedelta) -> Topic:
    """A topic of this many posts, one a minute, by a hundred authors in turn."""
    subforum = first.topic.subforum
    at = timezone.now() - begins_at
    topic = Topic.objects.create(
        subforum=subforum, title=title, slug="t", author=first.author, opened_at=at, last_post_at=at
    )
    authors = list(User.objects.order_by("pk")[:100])
    Post.objects.bulk_create(
        [
            Post(
                topic=topic, author=authors[number % len(authors)], number=number, source=first.source, html=first.html,
                markup_version=first.markup_version, written_at=at + timedelta(minutes=number), heading=title,
            )
            for number in range(1, posts + 1)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    ends = topic.posts.order_by("number")
    Topic.objects.filter(pk=topic.pk).update(
        opening_post=ends.first(), last_post=ends.last(), posts_count=posts, last_number=posts
    )
    return Topic.objects.select_related("subforum").get(pk=topic.pk)


def _moderator(subforum: Subforum) -> User:
    member = User.objects.filter(is_staff=False, moderated_subforums=None).latest("posts_count", "pk")
    subforum.moderators.add(member)
    return member


def _tell_merges(admin: User) -> None:
    """Each merge is undone before the next one, so that all start from the same state."""
    first = Post.objects.filter(number=2).select_related("topic__subforum", "author").latest("pk")
    source = make_topic("The same again", POSTS, first, timedelta(days=9))
    target = make_topic("As it was", POSTS, first, timedelta(days=9, seconds=30))
    analyse()
    why = Why(reason="The same question.")
    entries: list[ModerationEntry] = []

    def merge() -> None:
        entry = topic_acts.merge(admin, _fresh(source), _fresh(target), why)
        if entry is not None:
            entries.append(entry)

    name = f"Merging {POSTS:,} posts into {POSTS:,}"
    tell_act(name, merge, MERGES, after=lambda: undo.undo(admin, entries[-1]))
    merge()
    tell_act("Taking it back", lambda: undo.undo(admin, entries[-1]), MERGES, after=merge)


def _fresh(topic: Topic) -> Topic:
    return Topic.objects.select_related("subforum", "opening_post").get(pk=topic.pk)
