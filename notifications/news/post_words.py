"""Text of notifications about posts and crossings: who did what where, for one notification or several as one row."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.dateformat import format as written

from accounts.models import User
from accounts.text.plain_text import isolated
from crossings.models import Crossing
from crossings.status.update import today
from forum import markup
from forum.models import Post
from notifications.models import Notification, Watch
from notifications.news.news_rows import Told

Kind = Notification.Kind
Group = Sequence[Notification]
MOST_NAMES = 2
# Of these the beginning of the post is shown, while it is unread.
_WITH_EXCERPT = {Kind.REPLY, Kind.QUOTE, Kind.MENTION, Kind.QUESTION}


class Composer:
    """Composes the text of some groups of notifications; what they need of the database is loaded once for all."""

    def __init__(self, user: User, groups: Sequence[Group]) -> None:
        self.user = user
        self._excerpts = _excerpts(groups)
        self._crossings = _crossings(groups)
        self._plans = _plans(user, groups)

    def told(self, group: Group) -> Told:
        newest = group[0]
        compose = _SUBJECTS.get(Kind(newest.kind))
        if newest.kind == Kind.REPORT and len(group) > 1:
            return self._told_of_reports(group)
        if newest.kind == Kind.REMINDER and newest.post:
            return Told(f"You wanted to be reminded of {_topic(group)}", newest.words, newest.url)
        if newest.kind == Kind.STATUS and newest.key in self._plans:
            subject = f"{newest.subject}. You go on {written(self._plans[newest.key], 'j F')}"
            return Told(subject, newest.words, newest.url)
        if compose is None or newest.post is None or newest.actor is None:
            return Told(newest.subject, newest.words, newest.url)
        words = _names(group) if len(group) > 1 else self._excerpts.get(newest.post.pk, "")
        return Told(compose(self.user, group), words, newest.url)

    def _told_of_reports(self, group: Group) -> Told:
        crossing = self._crossings.get(group[0].group)
        if crossing is None:
            return Told(group[0].subject, group[0].words, group[0].url)
        return Told(f"{crossing.name}: {len(group)} new reports", _names(group), crossing.get_absolute_url())


def _reply(user: User, group: Group) -> str:
    if len(group) > 1:
        return f"{len(group)} new replies in {_topic(group)}"
    is_answer = _post(group).topic.author_id == user.pk and not _post(group).topic.is_running
    return f"{_name(group)} {'answered you' if is_answer else 'replied'} in {_topic(group)}"


def _accepted(user: User, group: Group) -> str:
    return f"{_name(group)} accepted your answer in {_topic(group)}"


def _reaction(user: User, group: Group) -> str:
    return f"{_members(group)} found your {_what(group)} helpful in {_topic(group)}"


def _answer(user: User, group: Group) -> str:
    said = group[0].group.split("-")[0]
    if said == "contradicted":
        return f"A newer report contradicts your answer in {_topic(group)}"
    if said == "confirmed":
        return f"{_members(group)} confirmed your answer in {_topic(group)}"
    called = "still true" if said == "still_true" else "outdated"
    return f"{_members(group)} called your {_what(group)} {called} in {_topic(group)}"


def _changed(user: User, group: Group) -> str:
    return f"{_name(group)} changed an answer that you marked in {_topic(group)}"


def _topic_opened(user: User, group: Group) -> str:
    if len(group) > 1:
        return f"{len(group)} new topics in {_post(group).topic.subforum.label}"
    return f"{_name(group)} opened {_topic(group)}"


_SUBJECTS: dict[Kind, Callable[[User, Group], str]] = {
    Kind.REPLY: _reply,
    Kind.QUOTE: lambda user, group: f"{_name(group)} quoted you in {_topic(group)}",
    Kind.MENTION: lambda user, group: f"{_name(group)} mentioned you in {_topic(group)}",
    Kind.ACCEPTED: _accepted,
    Kind.REACTION: _reaction,
    Kind.ANSWER: _answer,
    Kind.CHANGED: _changed,
    Kind.QUESTION: lambda user, group: f"{_name(group)} asks, where you are an expert: {_topic(group)}",
    Kind.TOPIC: _topic_opened,
}


def _post(group: Group) -> Post:
    post = group[0].post
    if post is None:
        raise ValueError(f"News of the kind {group[0].kind} is about a post.")
    return post


def _topic(group: Group) -> str:
    return f"“{isolated(_post(group).topic.title)}”"


def _what(group: Group) -> str:
    return "question" if _post(group).is_opening_post else "answer"


def _name(group: Group) -> str:
    actor = group[0].actor
    return isolated(actor.username) if actor else "A member"


def _members(group: Group) -> str:
    """One by name, several by their number; a member who did the same on two days is one."""
    count = len({row.actor_id for row in group})
    return _name(group) if count == 1 else f"{count} members"


def _names(group: Group) -> str:
    """ "maite_r, two_up_tom and one more"."""
    names = list(dict.fromkeys(row.actor.username for row in group if row.actor))
    more = len(names) - MOST_NAMES
    if more > 0:
        return f"{', '.join(names[:MOST_NAMES])} and {'one' if more == 1 else more} more"
    return " and ".join(names)


def _excerpts(groups: Sequence[Group]) -> dict[int, str]:
    alone = [row for row, *others in groups if not others and row.read_at is None and row.kind in _WITH_EXCERPT]
    ids = [row.post_id for row in alone if row.post_id]
    found = Post.objects.filter(pk__in=ids).values_list("pk", "html") if ids else ()
    return {pk: markup.own_words_of(html) or markup.words_of(html) for pk, html in found}


def _plans(user: User, groups: Sequence[Group]) -> dict[str, date]:
    """The day on which the user means to be at a crossing that changed, by the key of the notification."""
    changes = [int(row.key.removeprefix("status-")) for row, *_ in groups if row.kind == Kind.STATUS]
    watches = Watch.objects.filter(user=user, travel_on__gte=today(), crossing__status_changes__in=changes)
    planned = watches.values_list("crossing__status_changes", "travel_on") if changes else ()
    return {f"status-{change}": day for change, day in planned if day}


def _crossings(groups: Sequence[Group]) -> dict[str, Crossing]:
    """By the group of their reports."""
    named = {row.group for row, *others in groups if row.kind == Kind.REPORT and others}
    ids = [int(group.rpartition("-")[2]) for group in named]
    found = Crossing.objects.filter(pk__in=ids) if ids else ()
    return {f"reports-{crossing.pk}": crossing for crossing in found}
