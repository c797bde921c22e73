"""What news costs: a reply in a topic that 5,000 members watch, and the page and bell of a member with 100,000 news.

`./run bench --news`: CPU time in ms, of this process and of PostgreSQL for it; on the copy of the data, which is thrown
away afterwards.
"""

from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.utils import timezone

from accounts.models import NewsVersion, User
from bench.meter.costs import HEAD, REQUESTS, analyse, tell_act, tell_page
from bench.pages import Page
from bench.sample import SignedIn
from config.devserver.launcher import say
from demo.texts import Writer
from forum.actions import posts
from forum.models import Post, Topic
from notifications.models import Notification, Watch
from notifications.news import counts, post_news

WATCHERS = 5_000
NEWS = 100_000
# Of a member whom little concerns.
FEW = 50
REPLIES = 10
BATCH = 5_000
AUTHORS = 200


def report() -> None:
    reader, quiet, writer = User.objects.filter(is_staff=False, moderated_subforums=None).order_by("-posts_count")[:3]
    alone, watched = Topic.objects.readable().filter(locked_at=None, posts_count=20).order_by("pk")[200:202]
    make_watchers(watched, WATCHERS)
    make_news(reader, NEWS)
    make_news(quiet, FEW)
    analyse()
    say(HEAD)
    for topic, who in ((alone, "nobody watches"), (watched, f"{WATCHERS:,} watch")):
        tell_page(reply_page(topic, SignedIn(writer), f"Reply (POST), {who}"))
    _tell_fan_out(watched, writer)
    for user, many in ((quiet, FEW), (reader, NEWS)):
        for page in news_pages(user, f"{many:,} unread"):
            tell_page(page)
        tell_act(f"Counting for the bell, {many:,} unread", partial(counts._count, user), REQUESTS)


def make_watchers(topic: Topic, count: int) -> None:
    """New members, each with a watch of the topic."""
    now, first = timezone.now(), User.objects.latest("pk").pk
    names = [f"watcher{first + number}" for number in range(count)]
    users = User.objects.bulk_create(
        [
            User(username=name, username_skeleton=name, email=f"{name}@example.org", email_confirmed_at=now)
            for name in names
        ],
        batch_size=BATCH,
    )
    Watch.objects.bulk_create([Watch(user=user, topic=topic, watched_at=now) for user in users], batch_size=BATCH)


def make_news(user: User, count: int) -> None:
    """Unread news of replies instead of what there is, of so many posts of others; about some again, where the forum
    has too few."""
    user.notifications.all().delete()
    others = Post.objects.readable().exclude(author=user).filter(topic__hidden_at=None, topic__held_at=None)
    rows = list(others.order_by("-pk").values_list("pk", "topic", "author")[:count])
    now = timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(
                user=user, kind=Notification.Kind.REPLY, key=f"bench-{number}", subject="Reply in a topic",
                url=f"/posts/{post}/", group=f"replies-{topic}", actor_id=author, post_id=post, topic_id=topic,
                made_at=now - timedelta(minutes=count - number),
            )
            for number, (post, topic, author) in ((place, rows[place % len(rows)]) for place in range(count))
        ],
        batch_size=BATCH,
    )  # fmt: skip
    NewsVersion.bump([user.pk])


def reply_page(topic: Topic, author: SignedIn, title: str) -> Page:
    def fields() -> dict[str, str]:
        return {"source": "At the gate.", "idempotency_key": str(uuid4()), "csrfmiddlewaretoken": author.token}

    path = f"/topics/{topic.pk}/reply/"
    return Page("reply", title, path, "/posts/", status=302, cookies=author.cookies, form=fields)


def news_pages(user: User, many: str) -> list[Page]:
    cookies = SignedIn(user).cookies
    return [
        Page("news", f"News, {many}", "/notifications/", "Mark all read", cookies=cookies),
        Page("news-borders", f"News of borders, {many}", "/notifications/?tab=borders", "Nothing new", cookies=cookies),
        Page("bell", f"About, with the bell, {many}", "/about/", "not read", cookies=cookies),
    ]


def _tell_fan_out(topic: Topic, writer: User) -> None:
    """What the worker does about a reply, and about one that it has told already."""
    source = Writer("fan-out").source(0)
    written: list[Post] = []

    def write() -> None:
        written.append(posts.reply(writer, Topic.objects.select_related("subforum").get(pk=topic.pk), source=source))

    def tell() -> None:
        post_news.tell_of_post(written[-1].pk, is_just_written=True)

    tell_act(f"Worker: telling {WATCHERS:,} watchers", tell, REPLIES, before=write)
    tell_act("Worker: telling them again", tell, REPLIES)
