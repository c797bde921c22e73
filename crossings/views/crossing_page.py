"""Pages one reads: a crossing, why its status is what it is, all its reports, its topics."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple

from django.conf import settings
from django.db.models import FETCH_RAISE, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import User
from accounts.readers import Reader, reader_of
from accounts.site_info import site_name
from crossings import distances, page_fragments, page_head
from crossings.clock import zones
from crossings.closures.panels import ClosedDays, closed_days
from crossings.dump import open_data
from crossings.experts import expert_answers
from crossings.forms import ReportFilterForm
from crossings.freshness.queries import known_of
from crossings.hours import wording
from crossings.hours.panels import TodaysHours, todays_hours
from crossings.links import linked_topics
from crossings.maps import panels
from crossings.models import (
    Country,
    Crossing,
    CrossingEdit,
    CrossingFact,
    CrossingReport,
    Direction,
    Mode,
    Notice,
    Outcome,
    StatusChange,
)
from crossings.reports import listing
from crossings.status import evidence, matrix, medians, rules, update
from crossings.status.evidence import Told
from crossings.status.judgement import judge_reports
from crossings.status.lead import lead_of
from crossings.status.stamp import Stamp, stamp_of
from crossings.wording import BY_MODE, direction_in_words
from forum import markup
from forum.models import Answer as ExpertsAnswer
from forum.models import Subforum, Topic
from forum.pages import wrong_filters
from pagecache.prepared import MARK, text_mark
from pagecache.prepared_models import Answer, answer, fingerprint
from pagecache.versions import keepable

REPORTS_SHOWN = 3
REPORTS_PER_PAGE = 30
TOPICS_SHOWN = 3
TOPICS_PER_PAGE = 100
CHANGES_SHOWN = 8


@keepable("crossing", "slug")
def crossing(request, slug: str):
    """All that it shows is read each time; where that is the same as before, its fragments are those of before."""
    today = update.today()
    itself = _answer_of(slug, today)
    found, stamp = _one_of(itself, today)
    way = page_head.way_of(found, request.GET, today)
    now = timezone.now()
    hours = todays_hours(found, way.to, way.mode, now, own_zone(request.user), stamp.colour)
    asked = _ask(found, reader_of(request), today)
    shut = closed_days(found, asked.notices.instances, now)
    maps = panels.round_crossing(found, today)
    shown = _Shown(found, stamp, today, way, asked)
    context = {
        **shown.in_template(),
        "seen": _seen(itself, asked, today, way, hours, shut),
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


class _Asked(NamedTuple):
    """What is read for the page beside the crossing itself."""

    notices: Answer[Notice]
    facts: Answer[CrossingFact]
    nearest: Answer[Crossing]
    reports: Answer[CrossingReport]
    status_changes: Answer[StatusChange]
    edits: Answer[CrossingEdit]
    topics: Answer[Topic]
    questions: Answer[Topic]
    expert_answers: Answer[ExpertsAnswer]


def _ask(found: Crossing, reader: Reader, today: date) -> _Asked:
    return _Asked(
        notices=answer(("notices", today), lambda: Notice.objects.not_over(today).filter(crossing=MARK), found.pk),
        facts=answer("facts", lambda: CrossingFact.objects.filter(crossing=MARK).order_by("kind"), found.pk),
        nearest=distances.nearest(found, today),
        reports=listing.newest_of(found, reader, today, REPORTS_SHOWN),
        status_changes=answer("status changes", _status_changes, found.pk),
        edits=answer("edits", _edits, found.pk),
        topics=linked_topics.latest(found, reader, TOPICS_SHOWN + 1),
        questions=linked_topics.latest_unanswered(found, reader, TOPICS_SHOWN),
        expert_answers=expert_answers.of_crossing(found, reader),
    )


def _seen(
    itself: Answer[Crossing], asked: _Asked, today: date, way: page_head.Way, hours: TodaysHours, shut: ClosedDays
) -> bytes:
    """The cache key of the fragments: everything that any of them shows."""
    rows = (itself.rows, *(one.rows for one in asked))
    chosen = (way.to, way.mode, way.is_wrong)
    return fingerprint(rows, today, chosen, hours, shut.coming, shut.is_by_notice, site_name(), settings.DEMO)


@dataclass
class _Shown:
    """What the kept fragments of the page show; each is worked out when the first of them that shows it is made."""

    crossing: Crossing
    stamp: Stamp
    today: date
    way: page_head.Way
    asked: _Asked

    def in_template(self) -> dict[str, Callable[[], object]]:
        """The properties as functions, which templates call."""
        made = [name for name, one in vars(_Shown).items() if isinstance(one, cached_property)]
        return {name: partial(getattr, self, name) for name in made}

    @cached_property
    def lead(self) -> str:
        closing = [notice for notice in self.notices if notice.closes_on(self.today)]
        last = max(closing, key=lambda one: (one.begins_on, one.pk), default=None)
        return lead_of(self.crossing, self.stamp, self.today, last)

    @cached_property
    def told(self) -> list[Told]:
        return evidence.kept(self.crossing.evidence)

    @cached_property
    def against(self) -> set[int]:
        is_disputed = self.stamp.is_disputed
        return page_head.against_the_older(self.reports, self.told, self.today) if is_disputed else set()

    @cached_property
    def conditions(self) -> list[page_head.Condition]:
        return page_head.conditions_of(self.facts, self.way.mode)

    @cached_property
    def elsewhere(self) -> page_head.Elsewhere | None:
        return page_head.elsewhere(self.stamp, self.nearest, self.today)

    @cached_property
    def names(self) -> list[str]:
        return [name.text for name in self.crossing.names.all() if name.text != self.crossing.name]

    @cached_property
    def first_names(self) -> list[str]:
        return page_head.first_names(self.names, _at_the_head(self.crossing))

    @cached_property
    def facts(self) -> list[CrossingFact]:
        return self.asked.facts.instances

    @cached_property
    def notices(self) -> list[Notice]:
        return self.asked.notices.instances

    @cached_property
    def clocks(self) -> str:
        return wording.clocks(self.crossing, self.today)

    @cached_property
    def clocks_also(self) -> list[str]:
        return wording.clocks_also(self.crossing, self.today)

    @cached_property
    def lines(self) -> list[matrix.Line]:
        return matrix.lines_of(self.crossing, self.today)

    @cached_property
    def directions(self) -> list[Country]:
        return [matrix.destination(self.crossing, direction) for direction in Direction]

    @cached_property
    def reports(self) -> list[listing.ShownReport]:
        return listing.shown(self.asked.reports.instances, None, self.today)

    @cached_property
    def times(self) -> list[medians.Figure]:
        return medians.times(self.crossing)

    @cached_property
    def fees(self) -> list[medians.Figure]:
        return medians.fees(self.crossing)

    @cached_property
    def passports(self) -> list[tuple[str, int, int]]:
        return medians.passports(self.crossing)

    @cached_property
    def topics(self) -> list[Topic]:
        return self.asked.topics.instances[:TOPICS_SHOWN]

    @cached_property
    def has_more_topics(self) -> bool:
        return len(self.asked.topics.instances) > TOPICS_SHOWN

    @cached_property
    def questions(self) -> list[Topic]:
        return self.asked.questions.instances

    @cached_property
    def expert_answers(self) -> list[expert_answers.ExpertAnswer]:
        newest = (shown.report for shown in self.reports if shown.report.pk == self.crossing.newest_report_id)
        known = known_of(self.crossing, self.asked.status_changes.instances, next(newest, None), self.today)
        return expert_answers.judged(self.asked.expert_answers.instances, self.crossing, known, self.today)

    @cached_property
    def nearest(self) -> list[tuple[Crossing, int]]:
        return distances.with_distances(self.crossing, self.asked.nearest.instances)

    @cached_property
    def changes(self) -> list[tuple[date, str, StatusChange | CrossingEdit]]:
        """The history of the page, newest first: statuses, and what the editors changed."""
        changes: list[tuple[date, str, StatusChange | CrossingEdit]] = [
            (change.changed_on, "status", change) for change in self.asked.status_changes.instances
        ]
        changes += [(edit.edited_at.date(), "edit", edit) for edit in self.asked.edits.instances]
        return sorted(changes, key=lambda change: change[0], reverse=True)[:CHANGES_SHOWN]

    @cached_property
    def place(self) -> str:
        return markup.as_data(open_data.as_place(self.crossing, self.names))

    @cached_property
    def licence(self) -> dict[str, str]:
        return open_data.licence()

    @cached_property
    def cite(self) -> str:
        return open_data.cite(self.crossing, self.stamp, self.today)


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


def _at_the_head(found: Crossing) -> str:
    return f"{found.name} {found.country_a.name} {found.country_b.name}"


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


def _status_changes() -> QuerySet[StatusChange]:
    return StatusChange.objects.filter(crossing=MARK)[:CHANGES_SHOWN]


def _edits() -> QuerySet[CrossingEdit]:
    return CrossingEdit.objects.filter(crossing=MARK).select_related("edited_by")[:CHANGES_SHOWN]


def own_zone(user: User) -> str:
    """The clock that a member chose in the settings; UTC, with which all begin, is nobody's own."""
    name = user.time_zone if user.is_authenticated else ""
    return name if zones.zone_of(name) else ""
