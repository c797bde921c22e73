"""Values for the templates of cached fragments: equal if everything they show is equal.

Their attributes are named as the models' own, so that a template works with either.
"""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from accounts.text import names
from forum.models.topic import address_of_topic


class UserRow(NamedTuple):
    """A member's username and avatar."""

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
    # When they changed, if lately, and the URL of their history.
    changed_at: datetime | None
    history_url: str


class SectionRow(NamedTuple):
    pk: int
    name: str


class Place(NamedTuple):
    """A subforum's names and URL."""

    pk: int
    slug: str
    name: str
    label: str
    section: SectionRow

    @property
    def section_id(self) -> int:
        return self.section.pk

    def get_absolute_url(self) -> str:
        return reverse("forum:subforum", args=[self.slug])


class TopicRow(NamedTuple):
    """A topic as a row of a list, or as the header of its page; only what is shown there.

    The first eighteen are columns of topic lists (forum/pages/topic_list.py).
    """

    pk: int
    title: str
    slug: str
    posts_count: int = 0
    answers_count: int = 0
    last_post_at: datetime | None = None
    pinned_at: datetime | None = None
    locked_at: datetime | None = None
    hidden_at: datetime | None = None
    held_at: datetime | None = None
    author: str = ""
    subforum_slug: str = ""
    subforum_label: str = ""
    last_post_id: int | None = None
    last_author: str | None = None
    has_expert_answer: bool = False
    is_running: bool = False
    place_locked_at: datetime | None = None  # its subforum
    is_unread: bool = False
    opened_at: datetime | None = None
    lock_reason: str = ""
    locked_until: datetime | None = None
    pinned_across_at: datetime | None = None
    pinned_across_until: datetime | None = None
    added: str = ""  # by other apps, as HTML (forum/extensions/fragments.py)

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.held_at is None

    @property
    def replies_count(self) -> int:
        return max(self.posts_count - 1, 0)

    @property
    def is_answered(self) -> bool:
        """As Topic.is_answered: by an accepted answer, or by an expert."""
        return self.answers_count > 0 or self.has_expert_answer

    @property
    def has_no_reply(self) -> bool:
        """Whether it says so in lists: anybody may reply, and nobody has."""
        is_open = self.locked_at is None and self.place_locked_at is None and self.is_readable
        return self.posts_count == 1 and is_open and not self.is_running

    def get_absolute_url(self) -> str:
        return self.url_of_page(1)

    def url_of_page(self, page: int) -> str:
        return address_of_topic(self.pk, self.slug, page)

    def author_url(self) -> str:
        return reverse("forum:profile", args=[self.author])

    def subforum_url(self) -> str:
        return reverse("forum:subforum", args=[self.subforum_slug])

    def last_post_url(self) -> str:
        return reverse("forum:post", args=[self.last_post_id])


class AnswerRow(NamedTuple):
    """A standing answer and its post."""

    post_id: int
    author: UserRow
    is_expert: bool
    written_at: datetime
    still_true_count: int
    accepted_by: UserRow
    accepted_at: datetime
    version: int = 0  # of the post

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.post_id])


class Feed(NamedTuple):
    """An Atom feed: title and URL."""

    title: str
    route: str
    argument: str | int | None = None

    @property
    def url(self) -> str:
        return reverse(self.route, args=[] if self.argument is None else [self.argument])


class DraftRow(NamedTuple):
    """The draft of a reply under a topic; its text goes into a gap of the frame."""

    pk: int
    source: str
    saved_at: datetime
    has_copies: bool = False


class ReplyForm(NamedTuple):
    """The reply form under a topic; the values of one reader go into gaps of the frame."""

    key: str
    seen: str
    draft_version: str
    longest: int
