"""Filing a report, making one of a post, changing its facts, and what it said before."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from crossings import wording
from crossings.gazetteer import lookup
from crossings.models import Crossing, CrossingReport
from crossings.permissions import can_attach_report, can_edit_report, can_report
from crossings.reports import actions
from crossings.reports.forms import FeeFormSet, ReportFactsForm, ReportForm, fees_of
from crossings.status import update
from crossings.wording import hides_its_day
from forum.actions.posts import SentBefore
from forum.actions.rules import must_confirm, rules_above
from forum.extensions import fragments, screeners
from forum.models import Post
from forum.permissions import NotAllowed
from forum.views.compose import composer


def choose_crossing(request):
    """Which crossing is it? By any of its names, its towns or its countries."""
    if request.user.is_authenticated and not can_report(request.user):
        raise PermissionDenied
    typed = request.GET.get("q", "").strip()[:100]
    context = {"typed": typed, "found": _found(typed), "nav": "crossings"}
    return render(request, "crossings/choose_crossing.html", context)


@composer.visitors_write_first
def report(request, slug: str):
    """Five taps and a story. Visitors fill it in, too, and sign in or up before it is sent."""
    crossing = _find_crossing(slug)
    is_visitor = not request.user.is_authenticated
    if not is_visitor and not can_report(request.user):
        raise PermissionDenied
    if "save" in request.POST:
        words = "A report is kept on this device alone until you send it."
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
    place = actions.next_place(request.user, crossing)
    asks_rules = place.subforum is not None and not is_visitor and must_confirm(request.user, place.subforum)
    kept = composer.kept_text(request)
    data = composer.data_of(request, kept)
    form = ReportForm(data, crossing=crossing, asks_rules=asks_rules)
    has_fees = data is not None and "fees-TOTAL_FORMS" in data
    fees = FeeFormSet(data if has_fees else None, prefix="fees", form_kwargs={"crossing": crossing})
    context = {
        "form": form, "fees": fees, "crossing": crossing, "place": f"report-{crossing.pk}", "stands_in": place,
        "kept": kept, "nav": "crossings",
    }  # fmt: skip
    if place.subforum is not None:
        context["writer_notes"] = fragments.html_of_notes(request.user, place.subforum)
    if place.subforum is not None and (asks_rules or is_visitor):
        context |= {"banner": rules_above(place.subforum, or_of_all=True), "rules_open": True}
    if request.method != "POST":
        form.errors.pop("rules_read", None)  # of a kept text: they were not asked of the visitor
        return render(request, "crossings/report.html", context)
    if not is_visitor:
        rate_limits.take("post", request)
    if not (form.is_valid() & (not fees.is_bound or fees.is_valid())):
        context["more_open"] = form.errors.keys() != {"rules_read"}
        return render(request, "crossings/report.html", context, status=400)
    if is_visitor:
        return composer.keep_for_later(request)
    return _file(request, crossing, form, fees_of(fees) if fees.is_bound else [], context)


def _file(request, crossing: Crossing, form: ReportForm, fees: list, context: dict):
    """File a report, after a confirmation if it may be a duplicate; else show the form again with its errors."""
    typed = form.report()
    if not form.cleaned_data["again"] and not _is_sent_again(request.user, form):
        context["same_day"] = actions.same_day_reports(request.user, crossing, typed)
    if context.get("same_day"):
        return render(request, "crossings/report.html", context, status=409)
    try:
        filed = actions.file_report(
            request.user,
            crossing,
            typed,
            source=form.story(typed, fees),
            fees=fees,
            idempotency_key=form.cleaned_data["idempotency_key"],
            also=[*form.also(request.user), *composer.forgets(context["kept"], request.user)],
        )
    except SentBefore as error:
        context["sent_before"] = error.post
        return render(request, "crossings/report.html", context, status=409)
    except NotAllowed as error:
        raise PermissionDenied from error
    except screeners.Refused as error:
        form.add_error("source", str(error))
        return render(request, "crossings/report.html", context, status=400)
    is_held = filed.post.held_at is not None
    composer.tell_done(request, context["place"], _HELD if is_held else "Report sent. The crossing page counts it.")
    return redirect(filed.post)


_HELD = "A moderator will look at this first. Until then only you can see it."


def _is_sent_again(user, form: ReportForm) -> bool:
    """The same form a second time is no second report."""
    key = form.cleaned_data["idempotency_key"]
    return bool(key) and Post.objects.filter(author=user, idempotency_key=key).exists()


@composer.writers_only
def attach_report(request, post_id: int):
    """ "Make this a report?" of one's own post, in whatever topic it stands."""
    post = get_object_or_404(
        Post.objects.visible_to(request.user).select_related("topic__subforum", "author"), pk=post_id
    )
    if not can_attach_report(request.user, post):
        raise PermissionDenied
    if found := CrossingReport.objects.filter(post=post).first():
        return redirect("crossings:edit-report", found.pk)
    slug = request.GET.get("crossing", "")
    if not slug:
        return _choose_for(request, post)
    crossing = _find_crossing(slug)
    form = ReportFactsForm(request.POST or None, crossing=crossing)
    fees = FeeFormSet(request.POST if _has_fees(request) else None, prefix="fees", form_kwargs={"crossing": crossing})
    context = {"form": form, "fees": fees, "crossing": crossing, "post": post, "nav": "crossings"}
    if request.method != "POST":
        return render(request, "crossings/attach_report.html", context)
    rate_limits.take("edit", request)
    if not (form.is_valid() & (not fees.is_bound or fees.is_valid())):
        context["more_open"] = True
        return render(request, "crossings/attach_report.html", context, status=400)
    typed = CrossingReport(crossing=crossing, **form.facts)
    try:
        actions.attach_report(request.user, post, crossing, typed, fees=fees_of(fees) if fees.is_bound else [])
    except NotAllowed as error:
        raise PermissionDenied from error
    except actions.ReportedAlready as error:
        return redirect("crossings:edit-report", error.report.pk)
    composer.tell_done(request, "", "Your post is a report now. The crossing page counts it.")
    return redirect(post)


def _choose_for(request, post: Post):
    """The crossings of its topic first, and any other by name."""
    linked = Crossing.objects.filter(links__topic=post.topic, links__removed_at=None).order_by("name")
    if len(linked) == 1 and "q" not in request.GET:
        return redirect(f"{request.path}?crossing={linked[0].slug}")
    typed = request.GET.get("q", "").strip()[:100]
    context = {
        "typed": typed, "found": _found(typed), "linked": linked.with_countries().with_status(update.today()),
        "post": post, "nav": "crossings",
    }  # fmt: skip
    return render(request, "crossings/choose_crossing.html", context)


@composer.writers_only
def edit_report(request, report_id: int):
    """Change the facts; the story is edited as a post is."""
    report = _find_report(request.user, report_id)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    hid_its_day = hides_its_day(report)  # the form changes the report that it is given
    form = ReportFactsForm(request.POST or None, instance=report, crossing=report.crossing)
    stored = [
        {name: getattr(fee, name) for name in ("amount", "currency", "purpose", "has_receipt")}
        for fee in report.fees.all()
    ]
    fees = FeeFormSet(
        request.POST if _has_fees(request) else None, prefix="fees", initial=stored,
        form_kwargs={"crossing": report.crossing},
    )  # fmt: skip
    based_on = request.POST.get("based_on", str(report.edits_count))
    context = {
        "form": form, "fees": fees, "crossing": report.crossing, "report": report, "based_on": based_on,
        "nav": "crossings",
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "crossings/edit_report.html", context)
    rate_limits.take("edit", request)
    is_number = based_on.isascii() and based_on.isdecimal() and len(based_on) < 10
    if not (form.is_valid() & (not fees.is_bound or fees.is_valid()) & is_number):
        return render(request, "crossings/edit_report.html", context, status=400)
    paid = fees_of(fees) if fees.is_bound else list(report.fees.all())
    try:
        edited = actions.edit_report(request.user, report, facts=form.facts, fees=paid, based_on=int(based_on))
    except NotAllowed as error:
        raise PermissionDenied from error
    except actions.ChangedMeanwhile as error:
        context |= {"changed": error.report, "based_on": error.report.edits_count}
        return render(request, "crossings/edit_report.html", context, status=409)
    hides_it_now = hides_its_day(edited) and not hid_its_day
    note = ""
    if hides_it_now:
        ours = wording.sentence_of(edited, paid, update.today())
        is_named = wording.names_day(edited.post.source.removeprefix(ours), edited.crossed_on)
        note = _OWN_WORDS if is_named else _DAY_IS_HIDDEN
    composer.tell_done(request, "", f"Report saved.{note}")
    return redirect(report.post)


_DAY_IS_HIDDEN = " Nobody sees the day any more where we wrote it. The time at which you posted it stays."
_OWN_WORDS = f"{_DAY_IS_HIDDEN} But your own text still names the day: edit the post to take it out."


@composer.writers_only
def report_history(request, report_id: int):
    """What the facts of a report were before each edit: for readers who may edit it."""
    report = _find_report(request.user, report_id)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    revisions = report.revisions.select_related("edited_by")
    return render(
        request, "crossings/report_history.html", {"report": report, "revisions": revisions, "nav": "crossings"}
    )


def _find_crossing(slug: str) -> Crossing:
    return get_object_or_404(Crossing.objects.with_countries().with_status(update.today()), slug=slug)


def _find_report(user, report_id: int) -> CrossingReport:
    posts = Post.objects.visible_to(user)
    reports = CrossingReport.objects.filter(post__in=posts).select_related(
        "post__topic__subforum", "post__author", "crossing__country_a", "crossing__country_b"
    )
    return get_object_or_404(reports.prefetch_related("fees"), pk=report_id)


def _found(typed: str):
    if not typed:
        return None
    return lookup.crossings_like(typed, Crossing.objects.with_countries().with_status(update.today()))


def _has_fees(request) -> bool:
    """A form without the rows for fees says nothing of them."""
    return request.method == "POST" and "fees-TOTAL_FORMS" in request.POST
