"""The text of notifications, composed when they are shown or sent, so that it never says what has been hidden since."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from accounts.models import User
from notifications.models import Notification
from notifications.news.act_words import told_of_acts
from notifications.news.news_rows import Told
from notifications.news.post_words import Composer


def with_entries(news: QuerySet[Notification]) -> QuerySet[Notification]:
    """select_related of everything that the wording uses, without the texts of posts."""
    texts = ("source", "html")
    return news.select_related(
        "actor", "post__topic__subforum", "entry__topic", "entry__subforum", "entry__member", "entry__words",
        "entry__undoes__topic", "entry__undone_by", "entry__warning", "entry__suspension",
    ).defer(*(f"post__{name}" for name in texts))  # fmt: skip


def put_into_words(user: User, news: Iterable[Notification]) -> list[Notification]:
    """Set `told` of each notification, by a fixed number of queries."""
    listed = list(news)
    for row, told in zip(listed, told_together(user, [[row] for row in listed]), strict=True):
        row.told = told
    return listed


def told_together(user: User, groups: Sequence[Sequence[Notification]]) -> list[Told]:
    """The text of groups of notifications, each shown as one row; the newest of a group comes first."""
    acts = told_of_acts(user, [group[0] for group in groups])
    composer = Composer(user, groups)
    return [acts.get(group[0].pk) or composer.told(group) for group in groups]
