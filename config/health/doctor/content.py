"""Checks of stored data."""

from itertools import islice

from django.conf import settings
from django.db import connection

from accounts.models import User
from config.health.doctor.results import Finding, right, warning, wrong
from config.rerender_kinds import KINDS
from crossings.links import about_columns
from forum.counters.recount import recount
from forum.search import reindex

MOST_NAMED = 10


def counters() -> Finding:
    """Check all counters by a recount; minutes on a large forum."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        drifts = [*islice(about_columns.drifts(), 1), *recount(mend=False)]
        cursor.execute("RESET statement_timeout")
    if drifts:
        return wrong(
            f"Counters that differ: {len(drifts)}. The first: {drifts[0]}.", "Mend them with manage.py recount."
        )
    return right("Every counter is exact.")


def search_words() -> Finding:
    """Check whether search finds every post by its words of the present version."""
    if waiting := reindex.waiting():
        return warning(f"Posts that search still finds by their former words: {waiting}.", "Run manage.py reindex.")
    return right("All posts are indexed for search.")


def similar_by_meaning() -> Finding:
    """Whether similar topics are put in order by meaning, and whether every title was read for it."""
    if not settings.SIMILAR_BY_MEANING:
        return right("Similar topics are found by crossing and words alone: SIMILAR_BY_MEANING is off.")
    from crossings.similar.meaning import package, title_vectors  # loaded only where it is on

    try:
        package.current()
    except package.Unusable as error:
        return wrong(f"Similar topics are not put in order by meaning. {error}", "Install the package again.")
    if waiting := title_vectors.without_vector().count():
        return warning(
            f"Titles that were not read for SIMILAR_BY_MEANING yet: {waiting}.",
            "The worker reads them at night; manage.py rebuild_similarity does it now.",
        )
    return right("Similar topics are put in order by meaning, and every title was read.")


def markup_version() -> Finding:
    waiting = sum(kind.waiting() for kind in KINDS)
    if waiting:
        return warning(
            f"Posts, rules and articles that still look as an older markup made them: {waiting}.",
            "Run manage.py rerender.",
        )
    return right("All posts, rules and articles are rendered by the present markup.")


def second_steps() -> Finding:
    """Whether all who have a rank have a second step."""
    ranked = User.objects.filter(second_step_due_at__isnull=False, second_step_at=None, is_active=True)
    names = list(ranked.order_by("username").values_list("username", flat=True)[: MOST_NAMED + 1])
    if not names:
        return right("All moderators and administrators have a second step.")
    more = " and others" if len(names) > MOST_NAMED else ""
    words = f"Without a second step at sign-in: {', '.join(names[:MOST_NAMED])}{more}."
    if not settings.SECOND_STEP_FOR_STAFF:
        return right(f"{words} SECOND_STEP_FOR_STAFF is off, so they need none.")
    return warning(words, "They add one at /settings/signing-in/; a week after they got their rank it gives no rights.")
