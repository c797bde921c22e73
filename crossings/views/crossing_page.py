"""Pages one reads: a crossing, why its status is what it is, all its reports, its topics."""

from datetime import date

from django.conf import settings
from django.db.models import FETCH_RAISE, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import User
from accounts.readers import reader_of
from crossings import page_contents, page_fragments, page_head
from crossings.clock import zones
from crossings.closures.panels import closed_days
from crossings.forms import ReportFilterForm
from crossings.hours.panels import todays_hours
from crossings.links import linked_topics
from crossings.maps import panels
from crossings.models import (
    Crossing,
    CrossingReport,
    Direction,
    Mode,
    Outcome,
)
from crossings.reports import listing
from crossings.status import matrix, rules, update
from crossings.status.judgement import judge_reports
from crossings.status.stamp import Stamp, stamp_of
from crossings.wording import BY_MODE, direction_in_words
from forum.models import Subforum, Topic
from forum.pages import wrong_filters
from pagecache.prepared import text_mark
from pagecache.prepared_models import Answer, answer
from pagecache.versions import keepable

REPORTS_PER_PAGE = 30
TOPICS_PER_PAGE = 100


@keepable("crossing", "slug")
def crossing(request, slug: str):
    """All that it shows is read each time; where that is the same as before, its fragments are those of before."""
    today = update.today()
    itself = _answer_of(slug, today)
    found, stamp = _one_of(itself, today)
    way = page_head.way_of(found, request.GET, today)
    now = timezone.now()
    hours = todays_hours(found, way.to, way.mode, now, own_zone(request.user), stamp.colour)
    asked = page_contents.ask(found, reader_of(request), today)
    shut = closed_days(found, asked.notices.instances, now)
    maps = panels.round_crossing(found, today)
    shown = page_contents.Shown(found, stamp, today, way, asked)
    context = {
        **shown.in_template(),
        "seen": page_contents.seen(itself, asked, today, way, hours, shut),
        "crossing": found,
        "stamp": stamp,
        "way": way,
        "hours": hours,
        "closed_days": shut,
        "maps": maps.html,
        "feed": {
            "title": f"Reports of {found.name}",
            "url": reverse("crossings:crossing-feed", args=[found.slug]),
        },
        "canonical": found.get_absolute_url(),
        "og_title": f"{found.name}, {found.country_a.name} to {found.country_b.name}",
        "og_description": f"{stamp.words}. {found.name}: reports, papers, hours and answers of travellers.",
        "parts": page_fragments.parts_of(request.user, found),
        "nav": "crossings",
    }
    response = panels.respond(render(request, "crossings/crossing.html", context), maps)
    response.valid_until = min(filter(None, [hours.until, shut.until]))  # type: ignore[attr-defined]
    if way.is_wrong:  # not kept: the cache holds no more pages of a crossing than there are ways across
        response.is_unfinished = True  # type: ignore[attr-defined]
    return response


def find_crossing(slug: str) -> tuple[Crossing, Stamp, date]:
    """A crossing with its stamp of today. Raises Http404."""
    today = update.today()
    return *_one_of(_answer_of(slug, today), today), today


def _one_of(asked: Answer[Crossing], today: date) -> tuple[Crossing, Stamp]:
    if not asked.instances:
        raise Http404
    [found] = asked.instances
    return found, stamp_of(found, today)


def _answer_of(slug: str, today: date) -> Answer[Crossing]:
    return answer(("crossing", today), lambda: _crossings(today), slug)


def _crossings(today: date) -> QuerySet[Crossing]:
    """Without the version, which changes when nothing of what is shown did."""
    crossings = Crossing.objects.with_countries().with_status(today).prefetch_related("names")
    return crossings.filter(slug=text_mark(0)).defer("version")


@keepable("crossing", "slug")
def why(request, slug: str):
    """Every report with what it counts for: how the stamp came about."""
    found, stamp, today = find_crossing(slug)
    numbers = update.rules()
    seen = update.observations(found)
    judgement = judge_reports(seen, today, update.world(found), numbers)
    counted = {one.report_id for one in judgement.counted}
    posts = dict(CrossingReport.objects.filter(pk__in=[one.report_id for one in seen]).values_list("pk", "post"))
    rows = [
        {
            "observation": one,
            "post": posts[one.report_id],
            "what": f"{direction_in_words(found, one.direction)}, {BY_MODE[Mode(one.mode)]}",
            "says": rules.says(one.outcome, one.reason, is_pool=True).label,
            "outcome": Outcome(one.outcome).label,
            "is_replaced": one.counts and one.report_id not in counted,
            "right": round((1 - numbers.error_of(one.trust)) * 100),
        }
        for one in seen[:REPORTS_PER_PAGE]
    ]
    context = {
        "crossing": found, "stamp": stamp, "rows": rows, "rules": numbers, "nav": "crossings",
        "days": numbers.change_in_conflict if found.in_conflict_zone else numbers.change,
        "right": {trust.value: round((1 - numbers.error_of(trust)) * 100) for trust in rules.Trust},
        "chance": round(judgement.stamp.probability * 100),
    }  # fmt: skip
    return render(request, "crossings/why.html", context)


def reports(request, slug: str):
    """All reports, with filters in the address, newest first; a page begins below the last report of the one before."""
    found, stamp, today = find_crossing(slug)
    form, wrong = wrong_filters.form_without(ReportFilterForm, request.GET)
    if "before" in wrong:  # no filter, and no page of ours says so
        raise Http404
    asked = {name: value for name, value in form.cleaned_data.items() if value and name != "before"}
    listed = form.filter(listing.reports_of(found, request.user, today))
    rows = list(listed[: REPORTS_PER_PAGE + 1])
    last = rows[REPORTS_PER_PAGE - 1] if len(rows) > REPORTS_PER_PAGE else None
    older = urlencode(asked | {"before": last.pk}) if last else ""
    context = {
        "crossing": found, "stamp": stamp, "tabs": _tabs(found, asked), "older": older, "nav": "crossings",
        "reports": listing.shown(rows[:REPORTS_PER_PAGE], stamp, today), "wrong_filters": wrong,
    }  # fmt: skip
    if not asked and not form.cleaned_data["before"]:
        context["canonical"] = request.path
    return render(request, "crossings/reports.html", context)


def topics(request, slug: str):
    """The topics about a crossing, by year: all, or answered and unanswered questions, or those without a reply."""
    found, stamp, _ = find_crossing(slug)
    linked = linked_topics.topics_about(found.pk, request.user)
    kinds = {"answered": linked.answered, "unanswered": linked.unanswered, "no-reply": linked.without_reply}
    asked, wrong = wrong_filters.choice(request.GET, "only", kinds)
    if asked:
        linked = kinds[asked]()
    rows = list(linked.latest_first().with_list_columns().fetch_mode(FETCH_RAISE)[:TOPICS_PER_PAGE])
    years: dict[int, dict[Subforum, list[Topic]]] = {}
    for topic in rows:
        years.setdefault(topic.opened_at.year, {}).setdefault(topic.subforum, []).append(topic)
    context = {
        "crossing": found, "stamp": stamp, "years": sorted(years.items(), reverse=True), "only": asked,
        "canonical": request.path if rows and not asked else "", "nav": "crossings", "wrong_filters": wrong,
    }  # fmt: skip
    return render(request, "crossings/topics.html", context)


def ask(request, slug: str):
    """On to a new question about a crossing, in the subforum for questions."""
    found = get_object_or_404(Crossing, slug=slug)
    subforum = question_subforum(request.user)
    if subforum is None:
        return redirect("forum:index")
    return redirect(f"{reverse('forum:open-topic', args=[subforum.slug])}?{urlencode({'crossing': found.slug})}")


def question_subforum(user: User) -> Subforum | None:
    return Subforum.objects.visible_to(user).filter(slug=settings.QUESTIONS_SUBFORUM).first()


def _to(found: Crossing, direction: str) -> str:
    return f"To {matrix.destination(found, direction).name}"


def _tabs(found: Crossing, asked: dict) -> list[dict]:
    """Filters of the reports as links, each with how many there are; what is chosen already is current."""
    by = matrix.counts(found)
    base = reverse("crossings:reports", args=[found.slug])
    tabs = [{"label": "All", "count": found.reports_count, "url": base, "is_current": not asked}]
    kinds = [
        *(("mode", mode, Mode(mode).label) for mode in sorted(by["mode"], key=lambda mode: -by["mode"][mode])),
        *(("direction", direction, _to(found, direction)) for direction in Direction),
        ("outcome", "turned-back", "Did not get through"),
    ]
    for name, value, label in kinds:
        if count := by[name].get(value):
            tabs.append({
                "label": label, "count": count, "is_current": asked.get(name) == value,
                "url": f"{base}?{urlencode({name: value})}",
            })  # fmt: skip
    return tabs


def own_zone(user: User) -> str:
    """The clock that a member chose in the settings; UTC, with which all begin, is nobody's own."""
    name = user.time_zone if user.is_authenticated else ""
    return name if zones.zone_of(name) else ""
