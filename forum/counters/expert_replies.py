"""Counting the replies of experts, by which a question counts as answered (docs/counters.md).

A reply counts while it can be read, if its author is not who asked, and has a standing badge for one of the countries
that the topic is about. Actions on posts count it with all else; here is what follows from badges and countries.
"""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import ExpertBadge
from forum.models import Post, Reaction, Subforum, Topic
from pagecache.prepared import run
from pagecache.versions import bump

# Whether a member is an expert of some countries: SQL expressions for both.
IS_EXPERT = """EXISTS (
    SELECT FROM accounts_expertbadge AS badge
    WHERE badge.user_id = {user} AND badge.withdrawn_at IS NULL AND badge.countries && {countries})"""
# Of a topic named `topic`, as if it were about `countries`.
_COUNT = """(
    SELECT count(*) FROM forum_post AS reply
    WHERE reply.topic_id = topic.id AND reply.number > 1 AND reply.author_id <> topic.author_id
    AND reply.hidden_at IS NULL AND reply.held_at IS NULL
    AND """


def count_for(countries: str) -> str:
    """The SQL of the count, where `countries` is an SQL expression for what the topic `topic` is about."""
    return f"{_COUNT}{IS_EXPERT.format(user='reply.author_id', countries=countries)})"


COUNT = count_for("topic.countries")


def all_replies() -> QuerySet[Post]:
    """The replies that count, of all topics: the same rule for the ORM, by which `recount` compares."""
    return Post.objects.filter(is_experts_reply())


def is_experts_reply() -> Q:
    """A Q of one post."""
    badges = ExpertBadge.objects.standing().filter(
        user=OuterRef("author"), countries__overlap=OuterRef("topic__countries")
    )
    return Q(Exists(badges), ~Q(author=F("topic__author")), number__gt=1, hidden_at=None, held_at=None)


def topics_of(user_id: int, after: int, most: int) -> list[int]:
    """The first topics behind `after` that a change of a member's badges may concern: they replied there, or called a
    post outdated, because one expert's word is shown to all, and that of a member is not."""
    written = Post.objects.filter(author=user_id, number__gt=1, topic__gt=after).order_by().values_list("topic")
    found = written.union(_called_outdated(user_id).filter(post__topic__gt=after).values_list("post__topic"))
    return [pk for (pk,) in found.order_by("topic")[:most]]


def _called_outdated(user_id: int) -> QuerySet[Reaction]:
    return Reaction.objects.filter(user=user_id, kind=Reaction.Kind.OUTDATED).order_by()


def count_again(user_id: int, topic_ids: Collection[int]) -> list[int]:
    """Lock these topics, by the order of locks, and count in them. Returns those whose count changed. Kept pages of
    theirs end, and of those in which the member called a post outdated."""
    topics = Topic.objects.filter(pk__in=topic_ids).order_by("pk").select_for_update(no_key=True)
    subforums = dict(topics.values_list("pk", "subforum_id"))
    changed = sorted(pk for (pk,) in run(_COUNT_AGAIN, {"topics": list(subforums)}, writes=Topic))
    called = _called_outdated(user_id).filter(post__topic__in=topic_ids)
    bump(Topic, *{*changed, *called.values_list("post__topic", flat=True)})
    bump(Subforum, *{subforums[pk] for pk in changed})
    return changed


_COUNT_AGAIN = f"""
    UPDATE forum_topic AS topic SET expert_replies_count = found.counted
    FROM (SELECT topic.id, {COUNT} AS counted FROM forum_topic AS topic WHERE topic.id = ANY (%(topics)s)) AS found
    WHERE topic.id = found.id AND topic.expert_replies_count <> found.counted
    RETURNING topic.id
"""  # noqa: S608
