"""Seeding an empty forum with the demo: fictional members, topics, posts and reactions."""

import json
import random
import re
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

from accounts.models import BadgeSubject, ExpertBadge, User
from accounts.text.slugs import slug_of
from forum import markup
from forum.actions import references
from forum.actions.rules import set_rules
from forum.counters.recount import recount
from forum.models import Answer, Post, Reaction, Section, Subforum, Topic
from forum.search import vectors
from forum.sections.preset_tree import RULES_OF_THE_FORUM, SECTIONS

FOLDER = Path(__file__).parent
FIRST_ASKED_LATELY = 1001  # their numbers, after those of the corpus
KEYS = uuid.UUID("5d6f7c0a-4f38-4b8e-9a43-1d7a3f0b6c11")
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
    """Seed the demo in one transaction.

    The topics of the corpus stand at their own dates, because their texts name months and days; those that were asked
    lately are as old as their rows say, and name none.
    """
    topics = read_topics() + asked_lately()
    years_back = _years_back(topics)
    users = make_members(topics)
    subforums = _subforums(users)
    planted = {}
    for done, topic in enumerate(topics, start=1):
        planted[topic["id"]] = _topic(topic, users, subforums, years_back)
        progress(done, len(topics))
    _react(users)
    _accept_answers()
    recount(mend=True)
    give_trust()
    demo_planted.send(Topic, topics=planted, rows=topics, users=users)


def read_topics() -> list[dict]:
    return [json.loads(line) for line in (FOLDER / "corpus.jsonl").read_text().splitlines()]


def asked_lately() -> list[dict]:
    """Questions of the last weeks, as rows like those of the corpus: whenever the demo is loaded, some are new."""
    now = timezone.now()
    lines = (FOLDER / "asked_lately.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    for number, row in enumerate(rows, start=FIRST_ASKED_LATELY):
        row |= {"id": number, "locked": False, "is_spam": False}
        for post in row["posts"]:
            post["date"] = (now - timedelta(days=post["days"])).date().isoformat()
    return rows


def _years_back(topics: list[dict]) -> int:
    """Where the clock stands before the end of the corpus, whole years, which the years in its texts follow."""
    newest = max(_moment(post["date"]) for topic in topics if "days" not in topic for post in topic["posts"])
    today = timezone.now()
    return max(0, newest.year - today.year + ((newest.month, newest.day) >= (today.month, today.day)))


def _moment(day: str, years_back: int = 0) -> datetime:
    found = datetime.fromisoformat(day).replace(tzinfo=UTC)
    leaps = (found.month, found.day) == (2, 29) and years_back
    return found.replace(year=found.year - years_back, day=28 if leaps else found.day)


def _told(text: str, years_back: int) -> str:
    return _YEAR.sub(lambda year: str(int(year[0]) - years_back), text) if years_back else text


_YEAR = re.compile(r"\b20[1-3][0-9]\b")


def make_members(topics: list[dict]) -> dict[str, User]:
    """Create the demo's members with their badges; returns them by username."""
    years_back = _years_back(topics)
    rows = json.loads((FOLDER / "users.json").read_text())
    password = make_password(settings.DEMO_PASSWORD)
    users = {}
    for row in rows:
        joined = _moment(f"{row['joined']}-01", years_back)
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
    _write_profiles(users)
    for user in users.values():
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    giver = next(user for user in users.values() if user.is_staff)
    for row in rows:
        if row["expert_badge"]:
            _badge(users[row["username"]], row["expert_badge"], giver)
    if "qarluq" in users:
        _sleeping_badge(users["qarluq"], giver)
    return users


def _write_profiles(users: dict[str, User]) -> None:
    """What some members say of themselves, and to whom (profiles.json)."""
    for name, profile in json.loads((FOLDER / "profiles.json").read_text()).items():
        user = users[name]
        for field, value in profile.items():
            setattr(user, field, value)
        user.bio_html = markup.to_html(user.bio) if user.bio else ""


def _badge(user: User, speaks_for: str, giver: User) -> None:
    countries = COUNTRIES_OF_BADGES.get(speaks_for, [])
    if not countries:
        BadgeSubject.objects.get_or_create(name=speaks_for)
    ExpertBadge.objects.create(
        user=user,
        title=f"{speaks_for} expert",
        countries=countries,
        subject="" if countries else speaks_for,
        reason=f"Years of accepted answers on {speaks_for}.",
        given_by=giver,
        given_at=user.joined_at + timedelta(days=365),
    )


def _sleeping_badge(user: User, giver: User) -> None:
    """One that nobody used for long."""
    ExpertBadge.objects.create(
        user=user, title="Pakistan expert", countries=["PK"], reason="Rode the Karakoram Highway four times.",
        given_by=giver, given_at=user.joined_at + timedelta(days=400), asleep_at=timezone.now() - timedelta(days=200),
    )  # fmt: skip


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
                takes_questions=row.get("takes_questions", True),
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


def _topic(row: dict, users: dict[str, User], subforums: dict[str, Subforum], years_back: int) -> Topic:
    years_back = 0 if "days" in row else years_back
    times = list(_times(row, years_back))
    topic = make_topic(
        subforums[row["subforum"]],
        _told(row["title"], years_back),
        users[row["author"]],
        times[0],
        last_post_at=times[-1],
        locked_at=times[-1] if row["locked"] else None,
        hidden_at=times[0] + timedelta(hours=2) if row["is_spam"] else None,
        hidden_by=users["kettle"] if row["is_spam"] else None,
    )
    posts = [
        write_post(topic, number, users[post["author"]], _told(post["body"], years_back), when, _key(row["id"], number))
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


def _times(row: dict, years_back: int) -> Iterator[datetime]:
    """Times of posts: the corpus has days, hours are random, but later than the post before."""
    before = datetime.min.replace(tzinfo=UTC)
    for number, post in enumerate(row["posts"], start=1):
        hours = random.Random(f"{row['id']}/{number}").uniform(6, 22)  # noqa: S311
        when = max(_moment(post["date"], years_back) + timedelta(hours=hours), before)
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
        **vectors.columns(topic.title, source),
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
