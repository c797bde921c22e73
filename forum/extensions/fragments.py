"""Hooks for template fragments that other apps add to the forum's pages; each provider is called once per page.

A part is a dict with the name of a `template`, whose context is this `part` alone, with the values that the template
shows, and with a `key` of all of them, by which its HTML is cached; without a key it is rendered on each request. The
part of a post is shown above its text, with `is_act` among its buttons, or with `is_stub` in the stub of a hidden post.

Nine kinds of page take parts:
- a list of topics: the provider gets the reader and the rows, whose primary key `pk` it may use, and returns the
  parts of each row by `pk`;
- the home page: the provider gets the reader and returns HomeParts;
- the page of a topic: the provider gets the reader, the topic and its posts, and returns PageParts;
- the page of a topic or a post that was hidden from its author: the provider gets the author and the topic or post, and
  returns a part that says why, or None;
- the page of a member: the provider gets the reader and the member, and returns MemberParts;
- the page of a topic, a subforum or a country: the provider gets the reader and that, and returns the parts beside the
  buttons at its head;
- the staff pages: the provider gets the administrator, and returns the parts above the list of subforums;
- a composer: an additional form, saved with the post in one transaction; a panel beside the form of a new topic, about
  what was typed so far; and notes above the button of a new topic or a reply.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, Protocol

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.readers import Reader, ReaderFacts
from forum.models import Post, Subforum, Topic
from forum.permissions import PostFacts
from pagecache import fragment_cache

Part = dict[str, Any]
# No list is counted further, so that no page costs more the longer its list is.
MOST_COUNTED = 1_000


@dataclass
class PageParts:
    """The parts of a topic's page, by place."""

    beside: list[Part] = field(default_factory=list)
    above: list[Part] = field(default_factory=list)
    below: list[Part] = field(default_factory=list)
    in_rules: list[Part] = field(default_factory=list)
    in_age: list[Part] = field(default_factory=list)  # in the note that says how old a topic is
    instead_of_reply: list[Part] = field(default_factory=list)  # where the form of a reply would stand
    by_post: dict[int, list[Part]] = field(default_factory=dict)

    def add(self, other: "PageParts") -> None:
        self.beside += other.beside
        self.above += other.above
        self.below += other.below
        self.in_rules += other.in_rules
        self.in_age += other.in_age
        self.instead_of_reply += other.instead_of_reply
        for pk, found in other.by_post.items():
            self.by_post[pk] = self.by_post.get(pk, []) + found


@dataclass
class HomeParts:
    """Where parts are on the home page: as its heading, first for this reader alone, and in two columns."""

    head: list[Part] = field(default_factory=list)
    own: list[Part] = field(default_factory=list)
    main: list[Part] = field(default_factory=list)
    side: list[Part] = field(default_factory=list)

    def add(self, other: "HomeParts") -> None:
        self.head += other.head
        self.own += other.own
        self.main += other.main
        self.side += other.side


class Tab(NamedTuple):
    """A list about a member, as a tab of their page; `rows_count` is None where it is not counted."""

    key: str
    label: str
    url: str
    rows_count: int | None = None
    # Whether counting ended at MOST_COUNTED.
    is_capped: bool = True

    @property
    def count_in_words(self) -> str:
        """Empty for none; "1,000+" where counting ended."""
        if self.rows_count is None:
            return ""
        is_more = self.is_capped and self.rows_count >= MOST_COUNTED
        return f"{MOST_COUNTED:,}+" if is_more else f"{self.rows_count:,}"


@dataclass
class MemberParts:
    """What other apps add to a member's page: among its buttons, above and beside its lists, and lists of their own."""

    acts: list[Part] = field(default_factory=list)
    above: list[Part] = field(default_factory=list)
    beside: list[Part] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)

    def add(self, other: "MemberParts") -> None:
        self.acts += other.acts
        self.above += other.above
        self.beside += other.beside
        self.tabs += other.tabs


class ComposerForm(Protocol):
    """An additional form in a composer, from another app."""

    template: str

    def is_valid(self) -> bool: ...

    def save(self, post: Post) -> None:
        """Save the form, in the transaction that writes the post."""


ListProvider = Callable[[Reader, Sequence[Any]], dict[int, list[Part]]]
HomeProvider = Callable[[Reader], HomeParts]
PageProvider = Callable[[Reader, Topic, Sequence[PostFacts]], PageParts]
HiddenTopicProvider = Callable[[User, Topic], Part | None]
HiddenPostProvider = Callable[[User, Post], Part | None]
MemberProvider = Callable[[Reader, User], MemberParts]
HeadProvider = Callable[[Reader, Any], list[Part]]
FormMaker = Callable[[User, Subforum, QueryDict | None, QueryDict], ComposerForm | None]
PanelProvider = Callable[[User, Subforum, str, str], Part]
NoteProvider = Callable[[ReaderFacts, Subforum], list[Part]]

_of_lists: list[ListProvider] = []
_of_home: list[HomeProvider] = []
_of_pages: list[PageProvider] = []
_of_hidden_topics: list[HiddenTopicProvider] = []
_of_hidden_posts: list[HiddenPostProvider] = []
_of_members: list[MemberProvider] = []
_of_heads: list[HeadProvider] = []
_of_staff: list[Callable[[Reader], Sequence[Part]]] = []
_makers: list[FormMaker] = []
_of_composers: list[PanelProvider] = []
_notes: list[NoteProvider] = []


def register_list(provider: ListProvider) -> None:
    _of_lists.append(provider)


def register_home(provider: HomeProvider) -> None:
    """Register fragments of the home page. Those that visitors get depend on the version numbers of "index" alone."""
    _of_home.append(provider)


def register_page(provider: PageProvider) -> None:
    _of_pages.append(provider)


def register_hidden_topic(provider: HiddenTopicProvider) -> None:
    _of_hidden_topics.append(provider)


def register_hidden_post(provider: HiddenPostProvider) -> None:
    _of_hidden_posts.append(provider)


def register_member(provider: MemberProvider) -> None:
    _of_members.append(provider)


def register_head(provider: HeadProvider) -> None:
    """Register fragments at the head of a page; those of visitors depend on the topic, subforum or country alone."""
    _of_heads.append(provider)


def register_staff(provider: Callable[[Reader], Sequence[Part]]) -> None:
    _of_staff.append(provider)


def register_form(maker: FormMaker) -> None:
    """Hook: an additional form on the page that opens a topic. The maker returns None for no form.

    It gets the user, the subforum, request.POST or None, and request.GET.
    """
    _makers.append(maker)


def register_panel(provider: PanelProvider) -> None:
    """Hook: a panel on the page that opens a topic, about the title and text typed so far."""
    _of_composers.append(provider)


def register_note(provider: NoteProvider) -> None:
    """Hook: notes for the writer of a new topic or a reply in a subforum, above the button that posts it."""
    _notes.append(provider)


def unregister(
    provider: ListProvider
    | HomeProvider
    | PageProvider
    | MemberProvider
    | HeadProvider
    | FormMaker
    | PanelProvider
    | NoteProvider,
) -> None:
    for registered in (
        _of_lists, _of_home, _of_pages, _of_members, _of_heads, _of_staff, _makers, _of_composers, _notes,
    ):  # fmt: skip
        if provider in registered:
            registered.remove(provider)  # type: ignore[arg-type]


def html_of_rows(reader: Reader, rows: Sequence[Any]) -> dict[int, str]:
    """The HTML that other apps add to each row of a list, by `pk`. Calls each provider once for all rows."""
    found: dict[int, list[Part]] = defaultdict(list)
    for provider in _of_lists if rows else ():
        for pk, added in provider(reader, rows).items():
            found[pk] += added
    html = iter(_html_of_each([part for added in found.values() for part in added]))
    return {pk: fragment_cache.joined(islice(html, len(added))) for pk, added in found.items()}


def html_of(parts: Sequence[Part]) -> SafeString:
    return fragment_cache.joined(_html_of_each(parts))


def _html_of_each(parts: Sequence[Part]) -> list[str]:
    zone = timezone.get_current_timezone_name()
    keys = [("added", part["template"], part["key"], zone) if "key" in part else None for part in parts]
    found = fragment_cache.parts.get_many(keys)
    for place, html in enumerate(found):
        if html is None:
            found[place] = render_to_string(parts[place]["template"], {"part": parts[place]})
            if keys[place]:
                fragment_cache.parts.put(keys[place], found[place])
    return found


def home_parts(reader: Reader) -> HomeParts:
    """What other apps add to the home page. Calls each provider once."""
    parts = HomeParts()
    for provider in _of_home:
        parts.add(provider(reader))
    return parts


def page_parts(reader: Reader, topic: Topic, rows: Sequence[PostFacts]) -> PageParts:
    """What other apps add to the page of a topic. Calls each provider once."""
    parts = PageParts()
    for provider in _of_pages:
        parts.add(provider(reader, topic, rows))
    return parts


def hidden_topic_parts(author: User, topic: Topic) -> list[Part]:
    """What other apps tell the author of a hidden topic; none where no app knows why it is hidden."""
    told = (provider(author, topic) for provider in _of_hidden_topics)
    return [part for part in told if part is not None]


def hidden_post_parts(author: User, post: Post) -> list[Part]:
    """What other apps tell the author of a hidden post; none where no app knows why it is hidden."""
    told = (provider(author, post) for provider in _of_hidden_posts)
    return [part for part in told if part is not None]


def member_parts(reader: Reader, member: User) -> MemberParts:
    """What other apps add to the page of a member. Calls each provider once."""
    parts = MemberParts()
    for provider in _of_members:
        parts.add(provider(reader, member))
    return parts


def html_of_staff(reader: Reader) -> SafeString:
    """What other apps tell an administrator on the staff pages. Calls each provider once."""
    return html_of([part for provider in _of_staff for part in provider(reader)])


def html_of_head(reader: Reader, thing: Any) -> SafeString:
    """What other apps add at the head of the page of a topic, subforum or country. Calls each provider once."""
    return html_of([part for provider in _of_heads for part in provider(reader, thing)])


def composer_forms(user: User, subforum: Subforum, data: QueryDict | None, asked: QueryDict) -> list[ComposerForm]:
    """The additional forms of the page that opens a topic; `data` is request.POST or None, `asked` request.GET."""
    forms = (maker(user, subforum, data, asked) for maker in _makers)
    return [form for form in forms if form is not None]


def composer_panels(user: User, subforum: Subforum, title: str, source: str) -> list[Part]:
    """The panels of the page that opens a topic, for a title and a text that are not posted yet."""
    return [provider(user, subforum, title, source) for provider in _of_composers]


def html_of_notes(writer: ReaderFacts, subforum: Subforum) -> SafeString:
    """The notes of all apps for the writer of a post in this subforum. Calls each provider once."""
    return html_of([part for provider in _notes for part in provider(writer, subforum)])


def key_of(parts: Sequence[Part]) -> tuple:
    """The cache keys of parts; one without a key never equals another, so nothing that shows it is cached."""
    return tuple(part.get("key", object()) for part in parts)
