"""CPU time and blocks of each page on one database, in this process and in its PostgreSQL backend.

Run as a process of its own for each database (`bench.growth.costs_of_one`).
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import connection

from accounts.models import User
from bench.cold import leave_kept
from bench.meter.cpu import cpu_of
from bench.meter.inside import Inside
from bench.pages import Page, WrongAnswer, pages_of
from bench.sample import Sample, SignedIn, choose
from demo.big_crossings import MOST_REPORTED
from forum.counters import thanks_of_the_week
from forum.models import PostWord
from forum.pages import forum_index
from moderation.actions import claims
from notifications.news import counts

REQUESTS = 9
LONGEST = 5.0  # seconds of one request, after which it is asked no more often
# Kept pages are not asked for anything; replies write.
LEFT_OUT = {"guest-kept", "reply"}
_BLOCKS = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"


@dataclass
class Cost:
    """Medians of some requests: CPU in ms, and blocks that PostgreSQL looked at. `problem`: why there is none."""

    title: str
    web: float = 0
    database: float = 0
    blocks: float = 0
    problem: str = ""


def measure() -> list[Cost]:
    sample, inside = choose(), Inside()
    thanks_of_the_week.keep()  # as the worker does
    pages = [page for page in pages_of(sample) if page.name not in LEFT_OUT] + more_pages(sample)
    costs = [_cost(page.title, partial(_ask, inside, page), page.prepare) for page in pages]
    return costs + [_cost(title, act, leave_kept) for title, act in acts()]


def _ask(inside: Inside, page: Page) -> None:
    page.check(inside.request(page))


def more_pages(sample: Sample) -> list[Page]:
    """Lists, feeds, sitemaps, profiles and queues that are not measured otherwise."""
    topic, reader = sample.topic, sample.reader.cookies
    place = topic.subforum.get_absolute_url()
    member = User.objects.filter(is_staff=False).latest("posts_count", "pk").username
    admin = SignedIn(User.objects.filter(is_staff=True).earliest("pk")).cookies
    word, borders = _rare_word(), f"/crossings/{MOST_REPORTED}"
    rows = [
        ("Index of a member", "/", reader), ("Topic list of a member", place, reader),
        ("Search: a rare word", f"/search/?q={word}", ""), ("Search: visa permit", "/search/?q=visa+permit", ""),
        ("Search: border, newest first", "/search/?q=border&order=newest", ""),
        ("Latest topics", "/latest/", ""), ("Latest posts", "/latest/posts/", ""),
        ("Unread", "/unread/", reader), ("Unanswered", "/unanswered/", ""), ("Without a reply", "/no-reply/", ""),
        ("Answered", "/answered/", ""), ("Bookmarks", "/bookmarks/", reader), ("Drafts", "/drafts/", reader),
        ("Feed", "/feed/", ""), ("Feed of a subforum", f"{place}feed/", ""),
        ("Feed of a topic", f"/topics/{topic.pk}/feed/", ""),
        ("Feed of a crossing", f"{borders}/feed/", ""), ("Feed of a country", "/countries/cn/feed/", ""),
        ("Sitemap: index", "/sitemap.xml", ""), ("Sitemap: topics", "/sitemap-topics-1.xml", ""),
        ("Sitemap: subforums", "/sitemap-subforums.xml", ""),
        ("Members", "/members/", reader), ("Profile", f"/members/{member}/", ""),
        ("Posts of a member", f"/members/{member}/posts/", ""),
        ("Topics of a member", f"/members/{member}/topics/", ""),
        ("Answers of a member", f"/members/{member}/answers/", ""),
        ("Reactions of a member", f"/members/{member}/reactions/", ""),
        ("Reports of a member", f"/members/{member}/reports/", ""),
        ("News", "/notifications/", reader), ("News of borders", "/notifications/?tab=borders", reader),
        ("Watches", "/watches/", reader), ("Topics of a crossing", f"{borders}/topics/", ""),
        ("Reports of a crossing", f"{borders}/reports/", ""), ("Why a status is so", f"{borders}/why/", ""),
        ("Experts", "/experts/", ""), ("Experts of a country", "/countries/cn/experts/", ""),
        ("Countries", "/countries/", ""), ("Queue", "/moderation/", admin),
        ("Queue by risk", "/moderation/?order=risk", admin),
        ("Log", "/moderation/log/", admin),
    ]  # fmt: skip
    return [Page(title, title, path, "", cookies=cookies) for title, path, cookies in rows]


def acts() -> list[tuple[str, Callable[[], object]]]:
    """What pages, tasks and the worker count."""
    member = User.objects.filter(is_staff=False).latest("posts_count", "pk")
    admin = User.objects.filter(is_staff=True).earliest("pk")
    return [
        ("Counting who was thanked this week, by the worker", thanks_of_the_week.keep),
        ("Who was thanked this week", forum_index._thanked_this_week),
        ("Counting for the bell", lambda: counts._count(member)),
        ("Counting for the queue", lambda: claims.waiting(admin)),
    ]


def _rare_word() -> str:
    """One that few posts have."""
    return PostWord.objects.order_by("posts_count", "text").values_list("text", flat=True)[100]


def _cost(title: str, act: Callable[[], object], prepare: Callable[[], object]) -> Cost:
    web, database, blocks = [], [], []
    try:
        for number in range(REQUESTS + 1):
            prepare()
            looked, asked, begun, on_clock = _blocks(), _cpu_of_database(), time.process_time(), time.perf_counter()
            act()
            is_slow = time.perf_counter() - on_clock > LONGEST
            if number or is_slow:  # the first one fills caches
                web.append((time.process_time() - begun) * 1000)
                database.append((_cpu_of_database() - asked) * 1000)
                blocks.append(_blocks() - looked)
            if is_slow:
                break
    except WrongAnswer as problem:
        return Cost(title, problem=str(problem))
    return Cost(title, statistics.median(web), statistics.median(database), statistics.median(blocks))


def _cpu_of_database() -> float:
    connection.ensure_connection()
    return cpu_of(connection.connection.info.backend_pid)


def _blocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(_BLOCKS)
        return cursor.fetchone()[0]
