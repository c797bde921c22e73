"""The entries of letters: notifications in the words of an e-mail, without all that its reader may or wants not see."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from crossings.models import StatusChange
from forum.markup import own_lines_of
from forum.models import Post
from notifications.letters import causes, preferences
from notifications.models import Category, Frequency, Letter, Notification
from notifications.models.subscription import CATEGORIES
from notifications.news import wording
from notifications.news.news_rows import Step, Told

Kind = Notification.Kind
LONGEST_WORDS = 700  # characters of a post in a letter at once
# Kinds of which the post of somebody else is shown.
_OF_A_POST = {Kind.REPLY, Kind.QUOTE, Kind.MENTION, Kind.TOPIC, Kind.QUESTION, Kind.REPORT}


class Entry(NamedTuple):
    """One thing that a letter tells."""

    category: Category
    heading: str
    # What happened, in our words.
    words: str
    # The beginning of the post of somebody else.
    text: str
    url: str
    steps: Sequence[Step]
    # The title of its topic; "" if it is about none.
    title: str


def told_by(letter: Letter) -> list[Notification]:
    """What the letter tells, oldest first: unread, of a category still wanted, and readable by the member now."""
    choices = preferences.choices_of(letter.user)
    found = wording.with_entries(letter.news.readable_by(letter.user).unread()).order_by("pk")
    return [news for news in found if choices[causes.category_of(news)] != Frequency.NEVER and not news.is_taken_back]


def one_by_one(letter: Letter) -> list[Entry]:
    """An entry for each notification of a letter at once, with the text of posts. A fixed number of queries."""
    listed = told_by(letter)
    changes, texts = _changes(listed), _texts(listed)
    return [
        _entry(news, news.told, changes, texts.get(news.post_id or 0, ""))
        for news in wording.put_into_words(letter.user, listed)
    ]


def together(letter: Letter) -> list[Entry]:
    """The entries of a digest: one for each group, by category in the order of the settings. As many queries."""
    groups: dict[tuple[Category, str], list[Notification]] = defaultdict(list)
    for news in told_by(letter):
        groups[causes.category_of(news), news.group or str(news.pk)].insert(0, news)
    order = list(CATEGORIES)
    listed = [groups[key] for key in sorted(groups, key=lambda key: (order.index(key[0]), groups[key][-1].pk))]
    changes = _changes([news for group in listed for news in group])
    told = wording.told_together(letter.user, listed)
    return [_entry(group[0], words, changes, "") for group, words in zip(listed, told, strict=True)]


def sections(told: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """Entries of a digest below the title of their category."""
    return [(category.label, list(found)) for category, found in groupby(told, key=lambda entry: entry.category)]


def subject(told: list[Entry]) -> str:
    """The subject of a letter at once. Mail programs keep a conversation together by it, so it is the topic's title."""
    newest = told[-1]
    if not newest.title or newest.category == Category.CROSSINGS:
        return newest.heading
    is_answer = newest.category in {Category.REPLIES, Category.MENTIONS, Category.ANSWERS}
    return f"Re: {newest.title}" if is_answer else newest.title


def _entry(news: Notification, told: Told, changes: dict[str, StatusChange], text: str) -> Entry:
    heading = _of_status(changes[news.key]) if news.key in changes else told.subject
    title = news.post.topic.title if news.post else ""
    return Entry(causes.category_of(news), heading, "" if text else told.words, text, told.url, told.steps, title)


def _changes(listed: list[Notification]) -> dict[str, StatusChange]:
    """The changes of status that notifications are about, by the keys of these."""
    ids = [int(news.key.removeprefix("status-")) for news in listed if news.kind == Kind.STATUS]
    changes = StatusChange.objects.select_related("crossing").filter(pk__in=ids) if ids else ()
    return {f"status-{change.pk}": change for change in changes}


def _of_status(change: StatusChange) -> str:
    """The word of the stamp stands first, where a page shows its mark."""
    before = change.get_before_display().lower()
    return f"{change.get_after_display().upper()}: {change.crossing.name} (before: {before})"


def _texts(listed: list[Notification]) -> dict[int, str]:
    """The beginnings of posts that others wrote, by primary key."""
    ids = [news.post_id for news in listed if Kind(news.kind) in _OF_A_POST and news.post_id]
    rows = Post.objects.filter(pk__in=ids).values_list("pk", "html") if ids else ()
    return {pk: own_lines_of(html, LONGEST_WORDS) for pk, html in rows}
