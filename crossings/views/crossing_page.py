"""Pages one reads: a crossing, why its status is what it is, all its reports, its topics."""

from datetime import date

from django.conf import settings
from django.db.models import FETCH_RAISE, Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import ExpertBadge, User
from accounts.models.user import badge_titles
from crossings import distances, open_data, page_fragments
from crossings.forms import ReportFilterForm
from crossings.maps import panels
from crossings.models import Crossing, CrossingEdit, CrossingReport, Direction, Mode, Outcome, StatusChange
from crossings.reports import listing
from crossings.status import evidence, matrix, medians, rules, update
from crossings.status.judgement import judge_reports
from crossings.status.lead import lead_of
from crossings.status.stamp import Stamp, stamp_of
from crossings.wording import BY_MODE, direction_in_words
from forum import markup
from forum.models import Answer, Subforum, Topic
from pagecache.versions import keepable

REPORTS_SHOWN = 10
REPORTS_PER_PAGE = 30
TOPICS_SHOWN = 6
TOPICS_PER_PAGE = 100
ANSWERS_SHOWN = 3
CHANGES_SHOWN = 8


@keepable("crossing", "slug")
def crossing(request, slug: str):
    found, stamp, today = find_crossing(slug)
    topics = _topics(found, request.user)
    names = [name.text for name in found.names.all() if name.text != found.name]
    map_of_it = panels.round_crossing(found, today)
    notices = list(found.notices.not_over(today))
    context = {
        "crossing": found,
        "stamp": stamp,
        "lead": lead_of(found, stamp, today, next((one for one in notices if one.closes_on(today)), None)),
        "told": evidence.kept(found.evidence),
        "maps": map_of_it.drawn,
        **_sides(found, stamp, request.user, today),
        "names": names,
        "facts": list(found.facts.order_by("kind")),
        "notices": notices,
        "lines": matrix.lines_of(found, today),
        "directions": [_to(found, direction) for direction in Direction],
        "tabs": _tabs(found, {}),
        "reports": listing.shown(listing.reports_of(found, request.user, today)[:REPORTS_SHOWN], stamp, today),
        "times": medians.times(found),
        "fees": medians.fees(found),
        "passports": medians.passports(found),
        "topics": topics[:TOPICS_SHOWN],
        "has_more_topics": len(topics) > TOPICS_SHOWN,
        "questions": list(_linked(found, request.user).unanswered().latest_first().with_list_columns()[:TOPICS_SHOWN]),
        "expert_answers": _expert_answers(found, request.user),
        "nearest": distances.nearest(found, today),
        "changes": _changes(found),
        "place": markup.as_data(open_data.as_place(found, names)),
        "licence": open_data.LICENCE,
        "cite": open_data.cite(found, stamp, today),
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
    return panels.answer(render(request, "crossings/crossing.html", context), map_of_it)


def find_crossing(slug: str) -> tuple[Crossing, Stamp, date]:
    """A crossing with its stamp of today. Raises Http404."""
    today = update.today()
    crossings = Crossing.objects.with_countries().with_status(today).prefetch_related("names")
    found = get_object_or_404(crossings, slug=slug)
    return found, stamp_of(found, today), today


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
    form = ReportFilterForm(request.GET)
    if not form.is_valid():
        raise Http404
    asked = {name: value for name, value in form.cleaned_data.items() if value and name != "before"}
    listed = form.filter(listing.reports_of(found, request.user, today))
    rows = list(listed[: REPORTS_PER_PAGE + 1])
    last = rows[REPORTS_PER_PAGE - 1] if len(rows) > REPORTS_PER_PAGE else None
    older = urlencode(asked | {"before": last.pk}) if last else ""
    context = {
        "crossing": found, "stamp": stamp, "tabs": _tabs(found, asked), "older": older, "nav": "crossings",
        "reports": listing.shown(rows[:REPORTS_PER_PAGE], stamp, today),
    }  # fmt: skip
    if not asked and not form.cleaned_data["before"]:
        context["canonical"] = request.path
    return render(request, "crossings/reports.html", context)


def topics(request, slug: str):
    """The topics about a crossing, by year, answered and unanswered."""
    found, stamp, _ = find_crossing(slug)
    asked = request.GET.get("only", "")
    linked = _linked(found, request.user)
    if asked in {"answered", "unanswered"}:
        linked = linked.answered() if asked == "answered" else linked.unanswered()
    rows = list(linked.latest_first().with_list_columns().fetch_mode(FETCH_RAISE)[:TOPICS_PER_PAGE])
    years: dict[int, dict[Subforum, list[Topic]]] = {}
    for topic in rows:
        years.setdefault(topic.opened_at.year, {}).setdefault(topic.subforum, []).append(topic)
    context = {
        "crossing": found, "stamp": stamp, "years": sorted(years.items(), reverse=True), "only": asked,
        "canonical": request.path if rows and not asked else "", "nav": "crossings",
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


def _sides(found: Crossing, stamp: Stamp, user: User, today: date) -> dict:
    """The two sides, where reports say otherwise."""
    about: dict = {"sides": []}
    if stamp.is_disputed:
        first_hand = listing.reports_of(found, user, today).filter(is_hearsay=False, post__author__trade_at=None)
        for side in (first_hand.filter(medians.PASSED), first_hand.turned_back()):
            about["sides"] += listing.shown(side[:1], None, today)
    return about


def _to(found: Crossing, direction: str) -> str:
    return f"To {(found.country_b if direction == Direction.A_TO_B else found.country_a).name}"


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


def _linked(found: Crossing, user: User):
    return (
        Topic.objects.visible_to(user)
        .readable()
        .filter(crossing_links__crossing=found, crossing_links__removed_at=None)
    )


def _topics(found: Crossing, user: User) -> list[Topic]:
    topics = _linked(found, user).latest_first().with_list_columns()
    return list(topics.fetch_mode(FETCH_RAISE)[: TOPICS_SHOWN + 1])


def _expert_answers(found: Crossing, user: User) -> list[dict]:
    """What experts answered in the topics about this crossing, newest first."""
    badges = ExpertBadge.objects.standing().filter(user=OuterRef("post__author"))
    answers = (
        Answer.objects.standing()
        .filter(Exists(badges), post__topic__in=_linked(found, user))
        .select_related("post__author", "post__topic")
        .annotate(author_badges=badge_titles(OuterRef("post__author_id")))
        .order_by("-post__written_at", "-pk")
    )
    return [
        {"post": answer.post, "badges": answer.author_badges, "words": markup.words_of(answer.post.html, 200)}
        for answer in answers[:ANSWERS_SHOWN]
    ]


def _changes(found: Crossing) -> list[tuple[date, str, StatusChange | CrossingEdit]]:
    """The history of the page, newest first: statuses, and what the editors changed."""
    changes: list[tuple[date, str, StatusChange | CrossingEdit]] = [
        (change.changed_on, "status", change) for change in found.status_changes.all()[:CHANGES_SHOWN]
    ]
    edits = found.edits.select_related("edited_by")[:CHANGES_SHOWN]
    changes += [(edit.edited_at.date(), "edit", edit) for edit in edits]
    return sorted(changes, key=lambda change: change[0], reverse=True)[:CHANGES_SHOWN]
