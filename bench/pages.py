"""The pages that are measured: how they are made cold, what they must contain, and their budgets."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from bench import budgets
from bench.budgets import Budget
from bench.cold import (
    change_a_post,
    leave_kept,
    make_crossings_cold,
    make_subforum_cold,
    make_topic_changed,
    make_topic_cold,
)
from bench.meter.client import Answer
from bench.sample import Sample, SignedIn
from demo.big_crossings import MOST_REPORTED
from forum.models import Topic
from forum.models.topic import POSTS_PER_PAGE

OFTEN = 5
FIRST_OF_THE_LONGEST = "page-1"
# Pages of crossings must contain their map with markers.
_MAP = 'class="crossing-mark '
QUESTION = "is+torugart+open+for+cyclists+next+week"
NONE = Budget()
LIST = Budget(times=45, bytes=budgets.LIST_BYTES)
COUNTRY = Budget(times=40, bytes=budgets.LIST_BYTES)
GUEST = Budget(queries=5, bytes=budgets.TOPIC_PAGE_BYTES)
LATER = Budget(queries=5, bytes=budgets.TOPIC_PAGE_BYTES, times_first_page=1.1)


class WrongAnswer(Exception):
    """A page did not answer as expected, so its cost means nothing."""


@dataclass(frozen=True)
class Page:
    name: str  # for --profile
    title: str
    path: str
    contains: str  # in the text of a correct response, or in its redirect URL
    budget: Budget = NONE
    status: int = 200
    cookies: str = ""
    prepare: Callable[[], None] = leave_kept  # before each request, not measured
    form: Callable[[], dict[str, str]] | None = None  # the fields of a POST
    often: int = 1  # multiplies the requests of a round, for pages that take very little time

    def check(self, answer: Answer) -> None:
        place = answer.headers.get("location", "")
        if answer.status != self.status:
            raise WrongAnswer(f"{self.title} ({self.path}) answered {answer.status} instead of {self.status}.")
        if self.contains not in (place or answer.text):
            raise WrongAnswer(f"{self.title} ({self.path}) lacks {self.contains!r}.")


def searches() -> list[Page]:
    return [
        Page("search", "Search: torugart bicycle", "/search/?q=torugart+bicycle", "orugart"),
        Page("search-common", "Search: border", "/search/?q=border", "<mark>"),
        Page("search-question", "Search: a whole question", f"/search/?q={QUESTION}", "These have most of them"),
        Page("search-unwritten", "Search: bycicle torugart", "/search/?q=bycicle+torugart", "Did you mean"),
        Page("search-filtered", "Search: border, by experts", "/search/?q=border&experts=on", "By experts"),
    ]


def pages_of(sample: Sample) -> list[Page]:
    topic, longest, subforum = sample.topic, sample.longest, sample.topic.subforum
    last = _last_post_on(topic, 1)
    return [
        Page(
            "guest-kept", "Guest topic page, kept", topic.get_absolute_url(), last,
            Budget(times=2, queries=1, bytes=budgets.TOPIC_PAGE_BYTES), often=OFTEN,
        ),
        Page(
            "guest", "Guest topic page, cold", topic.get_absolute_url(), last,
            Budget(times=4.3, queries=5, bytes=budgets.TOPIC_PAGE_BYTES), prepare=lambda: make_topic_cold(topic),
        ),
        Page(
            "guest-changed", "Guest topic page, one post changed", topic.get_absolute_url(), last,
            Budget(queries=5), prepare=lambda: change_a_post(topic),
        ),
        Page(
            "guest-replied", "Guest topic page, after a reply", topic.get_absolute_url(), last,
            Budget(queries=5), prepare=lambda: make_topic_changed(topic),
        ),
        Page(
            "member", "Member's topic page", topic.get_absolute_url(), last,
            Budget(times=8.6, queries=8, bytes=budgets.TOPIC_PAGE_BYTES), cookies=sample.reader.cookies,
        ),
        _live_line(topic),
        _live_line(topic, sample.reader),
        Page(
            "index", "Forum index, cold", "/", subforum.name, Budget(times=2.9),
            prepare=lambda: make_subforum_cold(subforum),
        ),
        Page("member-index", "Member's forum index", "/", subforum.name, cookies=sample.reader.cookies),
        Page(
            "list", "Topic list, cold", subforum.get_absolute_url(), subforum.description, Budget(times=3.4),
            prepare=lambda: make_subforum_cold(subforum),
        ),
        Page(
            "member-list", "Member's topic list", subforum.get_absolute_url(), subforum.description,
            cookies=sample.reader.cookies,
        ),
        Page("unread", "Member's unread topics", "/unread/", "<h1>Unread", cookies=sample.reader.cookies),
        Page(
            "address", "The address of a post", f"/posts/{topic.last_post_id}/", topic.slug, status=302,
            cookies=sample.reader.cookies,
        ),
        Page("profile", "A member's page", topic.author.get_absolute_url(), topic.author.username),
        _page_of_the_longest(longest, 1, GUEST),
        _page_of_the_longest(longest, 500, LATER),
        _page_of_the_longest(longest, 1000, LATER),
        *searches(),
        _reply(sample),
        Page(
            "crossing", "Crossing page, cold", f"/crossings/{MOST_REPORTED}/", _MAP,
            Budget(times=50, bytes=budgets.CROSSING_PAGE_BYTES), prepare=make_crossings_cold,
        ),
        Page(
            "window", "When to be at the gate", f"/crossings/{MOST_REPORTED}/window/?to=cn&by=bicycle",
            "<h1>When to be at the gate</h1>", Budget(times=60, bytes=budgets.CROSSING_PAGE_BYTES),
        ),
        Page(
            "crossing-calendar", "Closed days as iCalendar, cold", f"/crossings/{MOST_REPORTED}.ics", "BEGIN:VCALENDAR",
            prepare=make_crossings_cold,
        ),
        Page(
            "geojson", "All crossings as GeoJSON, cold", "/crossings.geojson", "opening_hours",
            prepare=make_crossings_cold,
        ),
        Page("crossings", "All 766 crossings, cold", "/crossings/", _MAP, LIST, prepare=make_crossings_cold),
        Page(
            "region", "The heaviest region, cold", "/crossings/?region=south-east-asia", _MAP, LIST,
            prepare=make_crossings_cold,
        ),
        Page("country", "The heaviest country, cold", "/countries/cn/", _MAP, COUNTRY, prepare=make_crossings_cold),
        Page(
            "desk", "Experts' desk", "/desk/", "<h1>Experts' desk</h1>", Budget(queries=12),
            cookies=sample.expert.cookies,
        ),
        suggestions(sample.topic, sample.topic.title, sample.reader),
    ]  # fmt: skip


def _live_line(topic: Topic, member: SignedIn | None = None) -> Page:
    """The request of an open topic each minute, while nothing is new. A 304 costs the same as this empty answer."""
    name, whose = ("live-member", "a member") if member else ("live", "a visitor")
    path = f"/topics/{topic.pk}/since/{topic.last_number}/"
    budget = Budget(queries=3 if member else 1)
    return Page(
        name, f"New replies of {whose}'s open topic", path, "", budget,
        cookies=member.cookies if member else "", often=OFTEN,
    )  # fmt: skip


def _page_of_the_longest(topic: Topic, page: int, budget: Budget) -> Page:
    return Page(
        f"page-{page}",
        f"Page {page:,} of {topic.posts_count:,} posts, cold",
        topic.url_of_page(page),
        _last_post_on(topic, page),
        budget,
        prepare=lambda: make_topic_cold(topic),
    )


def _last_post_on(topic: Topic, page: int) -> str:
    """HTML of the last post of a page: a response that contains it has shown all posts."""
    return topic.posts.get(number=page * POSTS_PER_PAGE).html


def suggestions(topic: Topic, title: str, writer: SignedIn) -> Page:
    """The composer's request for similar topics while a title is typed; the title of a topic finds similar ones."""
    return Page(
        "suggest",
        "The composer's suggestions (POST)",
        f"/forums/{topic.subforum.slug}/suggestions/",
        "/topics/" if title == topic.title else "",
        cookies=writer.cookies,
        form=lambda: {"title": title, "source": "", "csrfmiddlewaretoken": writer.token},
    )


def _reply(sample: Sample) -> Page:
    numbers = count(1)

    def fields() -> dict[str, str]:
        return {
            # Each with a list, bold words, and a link of its own, because the shapes of paragraphs are kept.
            "source": sample.writer.source(420 * next(numbers)),
            "idempotency_key": str(uuid4()),
            "csrfmiddlewaretoken": sample.author.token,
        }

    return Page(
        "reply",
        "Reply (POST)",
        f"/topics/{sample.answered.pk}/reply/",
        "/posts/",
        Budget(times=14),
        status=302,
        cookies=sample.author.cookies,
        form=fields,
    )
