"""Seeding an empty forum with the demo: fictional members, topics, posts and reactions."""

import json
import random
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F, Model
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import ExpertBadge, User
from demo.board_layout import RULES_OF_THE_FORUM, SECTIONS
from forum import markup
from forum.actions import references
from forum.actions.rules import set_rules
from forum.counters.recount import recount
from forum.models import Answer, Post, Reaction, Section, Subforum, Topic
from forum.models.topic import slug_of

FOLDER = Path(__file__).parent
KEYS = uuid.UUID("5d6f7c0a-4f38-4b8e-9a43-1d7a3f0b6c11")
NEWEST_IS_DAYS_OLD = 3
COUNTRIES_OF_BADGES = {
    "Kyrgyzstan & Kazakhstan": ["KG", "KZ"],
    "China & Xinjiang": ["CN"],
}
Progress = Callable[[int, int], None]

# The demo's forum is seeded. Sends `topics` by their numbers in the corpus, the corpus' `rows`, and `users` by name.
demo_planted = Signal()


def is_planted() -> bool:
    return Post.objects.filter(idempotency_key=_key(1, 1)).exists()


@transaction.atomic
def plant(progress: Progress) -> None:
    """Seed the demo in one transaction. Dates are shifted so that the newest post is NEWEST_IS_DAYS_OLD."""
    topics = read_topics()
    shift = _shift(topics)
    users = make_members(topics)
    subforums = _subforums(users)
    planted = {}
    for done, topic in enumerate(topics, start=1):
        planted[topic["id"]] = _topic(topic, users, subforums, shift)
        progress(done, len(topics))
    _react(users)
    _accept_answers()
    recount(mend=True)
    give_trust()
    demo_planted.send(Topic, topics=planted, rows=topics, users=users)


def read_topics() -> list[dict]:
    return [json.loads(line) for line in (FOLDER / "corpus.jsonl").read_text().splitlines()]


def _shift(topics: list[dict]) -> timedelta:
    newest = max(_moment(post["date"]) for topic in topics for post in topic["posts"])
    return (timezone.now() - timedelta(days=NEWEST_IS_DAYS_OLD)).replace(minute=0, second=0, microsecond=0) - newest


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def make_members(topics: list[dict]) -> dict[str, User]:
    """Create the demo's members with their badges; returns them by username."""
    shift = _shift(topics)
    rows = json.loads((FOLDER / "users.json").read_text())
    password = make_password(settings.DEMO_PASSWORD)
    users = {}
    for row in rows:
        joined = _moment(f"{row['joined']}-01") + shift
        users[row["username"]] = User(
            username=row["username"],
            email=f"{row['username']}@demo.example",
            password=password,
            signature=row["signature"],
            joined_at=joined,
            email_confirmed_at=joined,
            is_staff=row["role"] == "admin",
            is_superuser=row["role"] == "admin",
            is_active=row["role"] != "banned",
        )
    for user in users.values():
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    giver = next(user for user in users.values() if user.is_staff)
    for row in rows:
        if row["expert_badge"]:
            _badge(users[row["username"]], row["expert_badge"], giver)
    return users


def _badge(user: User, speaks_for: str, giver: User) -> None:
    countries = COUNTRIES_OF_BADGES.get(speaks_for, [])
    ExpertBadge.objects.create(
        user=user,
        title=f"{speaks_for} expert",
        countries=countries,
        subject="" if countries else speaks_for,
        given_by=giver,
        given_at=user.joined_at + timedelta(days=365),
    )


def _subforums(users: dict[str, User]) -> dict[str, Subforum]:
    administrator = next(user for user in users.values() if user.is_staff)
    moderators = [user for user in users.values() if user.username == "kettle"]
    found = {}
    for place, (name, rows) in enumerate(SECTIONS):
        section, _ = Section.objects.get_or_create(name=name, defaults={"position": place})
        for position, row in enumerate(rows):
            subforum = Subforum.objects.create(
                section=section,
                position=position,
                **{key: row[key] for key in ("slug", "name", "description", "icon")},
                short_name=row.get("short_name", ""),
                access=row.get("access", Subforum.Access.OPEN),
            )
            subforum.moderators.set(moderators)
            set_rules(administrator, subforum, introduction=row["introduction"], rules=row["rules"])
            found[subforum.slug] = subforum
    set_rules(administrator, None, **RULES_OF_THE_FORUM)
    return found


def make_topic(subforum: Subforum, title: str, author: User, opened_at: datetime, **fields: Any) -> Topic:
    """Create a topic without posts."""
    fields.setdefault("last_post_at", opened_at)
    return Topic.objects.create(
        subforum=subforum, title=title[:120], slug=slug_of(title), author=author, opened_at=opened_at, **fields
    )


def _topic(row: dict, users: dict[str, User], subforums: dict[str, Subforum], shift: timedelta) -> Topic:
    times = list(_times(row, shift))
    topic = make_topic(
        subforums[row["subforum"]],
        row["title"],
        users[row["author"]],
        times[0],
        last_post_at=times[-1],
        locked_at=times[-1] if row["locked"] else None,
        hidden_at=times[0] + timedelta(hours=2) if row["is_spam"] else None,
        hidden_by=users["kettle"] if row["is_spam"] else None,
    )
    posts = [
        write_post(topic, number, users[post["author"]], post["body"], when, _key(row["id"], number))
        for number, (post, when) in enumerate(zip(row["posts"], times, strict=True), start=1)
    ]
    topic.opening_post, topic.last_post, topic.last_number, topic.posts_count = (
        posts[0],
        posts[-1],
        len(posts),
        len(posts),
    )
    topic.save()
    return topic


def _times(row: dict, shift: timedelta) -> Iterator[datetime]:
    """Times of posts: the corpus has days, hours are random, but later than the post before."""
    before = datetime.min.replace(tzinfo=UTC)
    for number, post in enumerate(row["posts"], start=1):
        hours = random.Random(f"{row['id']}/{number}").uniform(6, 22)  # noqa: S311
        when = max(_moment(post["date"]) + timedelta(hours=hours) - timedelta(hours=24) + shift, before)
        before = when + timedelta(minutes=17)
        yield when


def write_post(topic: Topic, number: int, author: User, source: str, when: datetime, key: uuid.UUID) -> Post:
    """Create a post; callers update the topic and the counters."""
    html, named = references.render(source, topic.subforum)
    post = Post.objects.create(
        topic=topic,
        author=author,
        number=number,
        heading=topic.title,
        source=source,
        html=html,
        markup_version=markup.MARKUP_VERSION,
        written_at=when,
        idempotency_key=key,
    )
    references.remember(post, named)
    return post


def _key(topic_id: int, number: int) -> uuid.UUID:
    return uuid.uuid5(KEYS, f"{topic_id}/{number}")


def _react(users: dict[str, User]) -> None:
    """Create plausible reactions: experts are thanked more, old facts are marked as outdated, some are of this week."""
    dice = random.Random("borderpost")  # noqa: S311
    members = [user for user in users.values() if user.is_active]
    experts = set(ExpertBadge.objects.values_list("user_id", flat=True))
    now = timezone.now()
    reactions = []
    for post in Post.objects.filter(topic__hidden_at=None).order_by("pk"):
        age = (now - post.written_at).days
        others = [user for user in members if user.pk != post.author_id and user.joined_at < now]
        dice.shuffle(others)
        most = 9 if post.author_id in experts else 3
        for user in others[: dice.randint(0, most)]:
            kind = _kind(dice, post, age)
            since = post.written_at if dice.random() < 0.9 else max(post.written_at, now - timedelta(days=6))
            given_at = since + (now - since) * dice.random()
            reactions.append(Reaction(post=post, user=user, kind=kind, given_at=given_at))
    Reaction.objects.bulk_create(reactions)


def _accept_answers() -> None:
    """Accept an expert's reply as an answer in two of three topics that have one."""
    experts = ExpertBadge.objects.values("user_id")
    replies = Post.objects.readable_by_all().filter(author__in=experts, number__gt=1).exclude(author=F("topic__author"))
    first = replies.order_by("topic", "number").distinct("topic").select_related("topic")
    Answer.objects.bulk_create(
        Answer(post=post, accepted_by_id=post.topic.author_id, accepted_at=post.written_at + timedelta(hours=9))
        for post in first
        if post.topic_id % 3
    )


def _kind(dice: random.Random, post: Post, age: int) -> str:
    if post.number > 1 and dice.random() < 0.2:
        return Reaction.Kind.OUTDATED if age > 1500 and dice.random() < 0.6 else Reaction.Kind.STILL_TRUE
    return Reaction.Kind.HELPFUL


def analyse(*models: type[Model]) -> None:
    """ANALYZE, so that PostgreSQL plans with the new numbers at once. It does nothing for roles that own no tables."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def give_trust() -> None:
    """Give members trust by the number of their posts."""
    User.objects.filter(posts_count__gte=1).update(trust=User.Trust.MEMBER)
    User.objects.filter(posts_count__gte=10).update(trust=User.Trust.TRUSTED)
