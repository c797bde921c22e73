"""What templates of finished parts are given: values that are equal when all they show is equal.

They answer to the names of the models' own attributes, so that a template reads the same with either.
"""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from accounts import names


class UserRow(NamedTuple):
    """A member, as far as their name and avatar go."""

    pk: int
    username: str

    @property
    def is_authenticated(self) -> bool:
        return True

    def get_absolute_url(self) -> str:
        return reverse("forum:profile", args=[self.username])

    @property
    def initials(self) -> str:
        return names.initials(self.username)

    @property
    def colour(self) -> int:
        return self.pk % 6 + 1


class Rules(NamedTuple):
    """The rules above a subforum."""

    introduction: str
    rules_html: tuple[str, ...]
    set_by: UserRow
    set_at: datetime
    # When they changed, as long as everybody is told; and where one reads how.
    changed_at: datetime | None
    history_url: str


class SectionShown(NamedTuple):
    pk: int
    name: str


class Place(NamedTuple):
    """A subforum, as far as its name and address go."""

    pk: int
    slug: str
    name: str
    section: SectionShown

    @property
    def section_id(self) -> int:
        return self.section.pk

    def get_absolute_url(self) -> str:
        return reverse("forum:subforum", args=[self.slug])


class TopicAddress(NamedTuple):
    """Where a page of a topic is. Made into words only where it is shown."""

    pk: int
    slug: str
    page: int = 1

    def __str__(self) -> str:
        if self.page == 1:
            return reverse("forum:topic", args=[self.pk, self.slug])
        return reverse("forum:topic-page", args=[self.pk, self.slug, self.page])

    def __call__(self, page: int) -> str:
        return str(self._replace(page=page))

    @property
    def do_not_call_in_templates(self) -> bool:
        return True


class TopicShown(NamedTuple):
    """A topic, as far as the head of its page goes."""

    pk: int
    title: str
    slug: str
    author: UserRow
    opened_at: datetime
    replies_count: int
    pinned_at: datetime | None
    locked_at: datetime | None
    hidden_at: datetime | None
    held_at: datetime | None
    lock_reason: str = ""

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None

    def get_absolute_url(self) -> str:
        return str(TopicAddress(self.pk, self.slug))


class AnswerShown(NamedTuple):
    """An answer that stands, and the post that it is."""

    post_id: int
    author: UserRow
    is_expert: bool
    written_at: datetime
    still_true_count: int
    accepted_by: UserRow
    accepted_at: datetime

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.post_id])


class Feed(NamedTuple):
    """Where the news of something is."""

    title: str
    route: str
    argument: str | int | None = None

    @property
    def url(self) -> str:
        return reverse(self.route, args=[] if self.argument is None else [self.argument])


class DraftShown(NamedTuple):
    """The unsent text under a topic; the text itself is filled in."""

    pk: int
    source: str
    saved_at: datetime


class ReplyForm(NamedTuple):
    """The form under a topic; what is each reader's own is filled in."""

    key: str
    seen: str
    longest: int
