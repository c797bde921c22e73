"""What an act will do, in numbers and in words, before it is done.

Numbers are those of the moment in which they are queried; tests/moderation/test_consequences.py compares them with what
the acts then did.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.models import User
from accounts.readers import as_reader
from forum.models import Post, Topic
from moderation.models import Warning


class CleanUp(NamedTuple):
    """What cleaning up after a member hides."""

    # Their posts, opening posts among them, and the topics in which these stand.
    posts: int = 0
    topics: int = 0
    # Topics of theirs that are hidden as a whole, and what others wrote there.
    whole_topics: int = 0
    others_posts: int = 0
    others: int = 0

    @property
    def words(self) -> str:
        return posts_in_topics(self.posts, self.topics)

    @property
    def of_others(self) -> str:
        """ "1 whole topic, with 9 replies by 5 other members"."""
        if not self.whole_topics:
            return ""
        whole = counted(self.whole_topics, "whole topic")
        if not self.others_posts:
            return f"{whole}, without replies by others"
        return f"{whole}, with {replies(self.others_posts)} by {counted(self.others, 'other member')}"


def clean_up(user: User, member: User) -> CleanUp:
    return clean_ups(user, [member.pk])[member.pk]


def clean_ups(user: User, members: Collection[int]) -> dict[int, CleanUp]:
    """What cleaning up after each of these members would hide. Two queries, for any number of members."""
    found = {member: CleanUp() for member in members}
    if not found:
        return found
    of_others = Q(posts__hidden_at=None, posts__held_at=None) & ~Q(posts__author=F("author"))
    whole = topics_to_hide(user, members).values("author").annotate(
        whole_topics=Count("pk", distinct=True),
        others_posts=Count("posts", filter=of_others),
        others=Count("posts__author", distinct=True, filter=of_others),
    )  # fmt: skip
    theirs = Post.objects.filter(author__in=members, hidden_at=None)
    is_hidden = _IS_REPLY | Q(
        number=1, topic__author=F("author"), topic__hidden_at=None, topic__merged_into=None, topic__is_running=False
    )
    posts = _in_reach(user, theirs.filter(is_hidden), "topic__subforum").order_by().values("author")
    for row in posts.annotate(posts=Count("pk"), topics=Count("topic", distinct=True)):
        found[row["author"]] = CleanUp(row["posts"], row["topics"])
    for of in whole:
        more = {name: of[name] for name in ("whole_topics", "others_posts", "others")}
        found[of["author"]] = found[of["author"]]._replace(**more)
    return found


def topics_to_hide(user: User, members: Collection[int]) -> QuerySet[Topic]:
    """Topics that cleaning up after these members hides as a whole."""
    topics = Topic.objects.filter(author__in=members, hidden_at=None, merged_into=None, is_running=False)
    return _in_reach(user, topics, "subforum").order_by()


def posts_to_hide(user: User, members: Collection[int]) -> QuerySet[Post]:
    """Posts that cleaning up after these members hides one by one: all but opening posts, which go with their topics.

    Also those in hidden topics, so that restoring such a topic does not show them.
    """
    posts = Post.objects.filter(_IS_REPLY, author__in=members, hidden_at=None)
    return _in_reach(user, posts, "topic__subforum").order_by()


_IS_REPLY = Q(number__gt=1) | Q(topic__is_running=True)


def _in_reach[Rows: QuerySet](user: User, rows: Rows, subforum: str) -> Rows:
    """Only in the subforums that the user moderates; for administrators all."""
    reader = as_reader(user)
    return rows if reader.is_staff else rows.filter(**{f"{subforum}__in": reader.moderates_ids})


def replies_with(topic: Topic) -> int:
    """The readable replies that hiding a topic hides with it; an opening post that is held is not counted itself."""
    return topic.posts_count if topic.held_at or topic.is_running else topic.replies_count


def points_of(members: Collection[int], now: datetime) -> dict[int, int]:
    """The points of warnings that count now, by member. One query."""
    standing = Warning.objects.filter(member__in=members).standing(now).values("member").order_by()
    return dict.fromkeys(members, 0) | dict(standing.annotate(total=Sum("points")).values_list("member", "total"))


def suspended_for(member: User, total: int, now: datetime) -> int:
    """The days for which this total of points suspends a member (WARNINGS_SUSPEND: steps of points and days).

    0 for less than the first step, and for members who are banned, or suspended for longer already.
    """
    days = max((days for start, days in settings.WARNINGS_SUSPEND if total >= start), default=0)
    is_longer = member.suspended_until is None or (member.suspended_until - now).total_seconds() < days * 86_400
    return days if is_longer and not member.is_banned else 0


def warning_steps(points: int) -> str:
    """ "3 points suspend for 7 days, 6 for 30 days; they have 0"."""
    steps = steps_of_points()
    return f"{steps}; they have {points}" if settings.WARNINGS_SUSPEND else f"They have {counted(points, 'point')}"


def steps_of_points() -> str:
    """ "3 points suspend for 7 days, 6 for 30 days"."""
    steps = [(start, counted(days, "day")) for start, days in sorted(settings.WARNINGS_SUSPEND)]
    said = [f"{start} for {days}" for start, days in steps[1:]]
    first = [f"{counted(start, 'point')} suspend for {days}" for start, days in steps[:1]]
    return ", ".join(first + said) or "Points do not suspend"


def posts_in_topics(posts: int, topics: int) -> str:
    """ "14 posts in 6 topics"."""
    return f"{counted(posts, 'post')} in {counted(topics, 'topic')}" if posts else "no posts"


def replies(count: int) -> str:
    return f"{count:,} {'reply' if count == 1 else 'replies'}"


def counted(count: int, noun: str) -> str:
    """ "1 post", "14 posts"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
