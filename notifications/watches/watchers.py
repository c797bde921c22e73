"""Who watches what: the members whom a new post, topic, report or change of status concerns.

The level of the topic itself decides; without one, members who muted its subforum, a country or crossing it is about,
or its author, hear nothing of it. Only active members who may read it now are named, in order of primary key: a watch
of a place that its member may no longer read tells nothing, and tells again when they may.
"""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from crossings.models import Crossing, CrossingReport, CrossingTopic
from forum.models import Topic
from forum.models.subforum import readers_of
from notifications.models import Watch

Level = Watch.Level


def watchers_of_topic(topic: Topic, *, exclude: Collection[int | None] = ()) -> list[int]:
    """Primary keys of those who hear of each reply; `exclude`: of those who do not, such as its author."""
    return _readers(topic, Watch.objects.filter(topic=topic, level=Level.WATCHING), exclude)


def watchers_of_new_topic(topic: Topic, *, exclude: Collection[int | None] = ()) -> list[int]:
    """Primary keys of those who watch the subforum, a country, a crossing or the author of a topic that is new.

    A running topic, which belongs to nobody, is not told to those who watch the author of its first post.
    """
    places = _places_of(topic) | (Q() if topic.is_running else Q(member=topic.author_id))
    watches = Watch.objects.filter(places, level=Level.WATCHING).exclude(user__in=_deaf_to(topic, topic.author_id))
    return _readers(topic, watches.exclude(user=topic.author_id), exclude)


def hears_mentions(topic: Topic, user_ids: Iterable[int], *, by: int | None = None) -> set[int]:
    """Those of the members who want to hear that they were mentioned or quoted in a topic, by the member `by`.

    Who chose a level for the topic itself hears, but for muted; others, unless they muted a place or the member.
    """
    wanted = set(user_ids)
    levels = dict(Watch.objects.filter(topic=topic, user__in=wanted).values_list("user", "level"))
    muting = Watch.objects.filter(_places_of(topic) | _member(by), user__in=wanted, level=Level.MUTED)
    deaf = set(muting.values_list("user", flat=True)) - levels.keys()
    return wanted - deaf - {pk for pk, level in levels.items() if level == Level.MUTED}


def watchers_of_crossing(crossing: Crossing, *, exclude: Collection[int | None] = ()) -> list[int]:
    """Primary keys of those who hear of a crossing's status and notices."""
    return _active(Watch.objects.filter(crossing=crossing, level=Level.WATCHING), exclude)


def watchers_of_report(report: CrossingReport, *, exclude: Collection[int | None] = ()) -> list[int]:
    """Primary keys of those who watch its crossing or its author, and have muted neither."""
    both = Q(crossing=report.crossing_id) | Q(member=report.post.author_id)
    deaf = Watch.objects.filter(both, level=Level.MUTED).values("user")
    watches = Watch.objects.filter(both, level=Level.WATCHING).exclude(user__in=deaf)
    return _readers(report.post.topic, watches, exclude)


def _places_of(topic: Topic) -> Q:
    """Watches of where a topic stands, and of what it is about."""
    links = CrossingTopic.objects.standing().filter(topic=topic)
    return (
        Q(subforum=topic.subforum_id)
        | Q(crossing__in=links.values("crossing"))
        | Q(country__in=links.values("crossing__country_a"))
        | Q(country__in=links.values("crossing__country_b"))
    )


def _member(pk: int | None) -> Q:
    return Q(member=pk) if pk else Q(pk__in=[])


def _deaf_to(topic: Topic, author_id: int) -> QuerySet:
    """Members who muted a place of the topic or its author, or chose another level than watching for the topic."""
    muting = Q(_places_of(topic) | _member(author_id), level=Level.MUTED)
    return Watch.objects.filter(muting | Q(topic=topic) & ~Q(level=Level.WATCHING)).values("user")


def _readers(topic: Topic, watches: QuerySet[Watch], exclude: Collection[int | None]) -> list[int]:
    """The active members of these watches who may read the topic: its moderators, and others unless it is hidden."""
    may_read = readers_of(topic.subforum, "user__", only_moderators=not topic.is_readable)
    return _active(watches.filter(may_read), exclude)


def _active(watches: QuerySet[Watch], exclude: Collection[int | None]) -> list[int]:
    found = watches.filter(user__is_active=True).exclude(user__in=[pk for pk in exclude if pk])
    return list(found.order_by("user").values_list("user", flat=True).distinct())
