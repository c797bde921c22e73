"""Watching a crossing: on its page, in a list, and what is told of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from config.worker import task_worker
from crossings.editorial import notices
from crossings.models import CrossingReport
from crossings.reports import actions
from crossings.status import update
from forum.models import Post, Topic
from notifications import news_tasks
from notifications.models import Letter, Notification, Watch
from notifications.news import crossing_news, post_news
from notifications.permissions import can_watch
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post
from tests.forum.test_at_once import at_once

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", slug="torugart")


@pytest.fixture
def watcher(crossing):
    user = make_user()
    watch(user, crossing)
    return user


def test_a_member_watches_on_the_page_and_changes_the_day_there(client, crossing):
    user = make_user()
    client.force_login(user)

    client.post("/crossings/torugart/watch/", {})
    client.post("/crossings/torugart/watch/", {"travel_on": SOON.isoformat(), "direction": "b-a"})

    watch = Watch.objects.get()
    assert (watch.user, watch.crossing, watch.travel_on, watch.direction) == (user, crossing, SOON, "b-a")
    page = client.get("/crossings/torugart/").text
    assert "You watch this crossing" in page
    assert f'value="{SOON.isoformat()}"' in page


def test_a_visitor_is_sent_to_sign_in_and_comes_back_to_the_form(client, crossing):
    page = client.get("/crossings/torugart/").text

    answer = client.get("/crossings/torugart/watch/")

    assert 'href="/crossings/torugart/watch/"' in page
    assert answer.url == "/account/login/?next=/crossings/torugart/watch/"
    client.force_login(make_user())
    assert "The day you mean to cross" in client.get("/crossings/torugart/watch/").text


def test_a_look_watches_nothing(client, crossing):
    client.force_login(make_user())

    client.get("/crossings/torugart/watch/"), client.get("/crossings/torugart/unwatch/")

    assert not Watch.objects.exists()


@pytest.mark.parametrize("days", [-1, 800])
def test_a_day_that_is_over_or_far_away_is_refused_with_what_was_typed(client, crossing, days):
    client.force_login(make_user())
    day = (timezone.localdate() + timedelta(days=days)).isoformat()

    answer = client.post("/crossings/torugart/watch/", {"travel_on": day})

    assert answer.status_code == 400
    assert day in answer.text
    assert not Watch.objects.exists()


def test_a_plan_that_is_over_may_stand_while_the_direction_changes(client, crossing):
    user, day = make_user(), timezone.localdate() - timedelta(days=2)
    watch(user, crossing, travel_on=day)
    client.force_login(user)

    client.post("/crossings/torugart/watch/", {"travel_on": day.isoformat(), "direction": "a-b"})

    assert Watch.objects.get().direction == "a-b"


def test_watches_end_twice_without_harm_and_only_ones_own(client, crossing, watcher):
    client.force_login(make_user())
    client.post("/crossings/torugart/unwatch/")
    still_there = Watch.objects.count()
    client.force_login(watcher)

    client.post("/crossings/torugart/unwatch/"), client.post("/crossings/torugart/unwatch/")

    assert (still_there, Watch.objects.count()) == (1, 0)


def test_nobody_sees_what_others_watch(client, crossing, watcher):
    client.force_login(make_user())

    pages = client.get("/watches/").text + client.get("/crossings/torugart/").text

    assert "You watch this crossing" not in pages
    assert "Stop watching" not in pages


def test_the_list_costs_the_same_for_one_and_for_many(client, crossing, watcher):
    client.force_login(watcher)
    client.get("/watches/")
    with CaptureQueriesContext(connection) as one:
        client.get("/watches/")
    for _ in range(5):
        watch(watcher, make_crossing())

    with CaptureQueriesContext(connection) as many:
        page = client.get("/watches/").text

    assert len(many) == len(one)
    assert page.count("Stop watching") == 6


def test_watching_costs_the_page_of_a_crossing_one_question_and_visitors_none(client, crossing, monkeypatch):
    member = Client()
    member.force_login(make_user())
    both = {}
    for name, one in {"visitor": client, "member": member}.items():
        one.get("/crossings/torugart/?fresh=1")
        with CaptureQueriesContext(connection) as asked:
            one.get("/crossings/torugart/?fresh=1")
        both[name] = [query["sql"] for query in asked if "notifications_watch" in query["sql"]]

    assert [len(both["visitor"]), len(both["member"])] == [0, 1]


def subjects(user):
    return list(Notification.objects.readable_by(user).order_by("pk").values_list("subject", flat=True))


def work(monkeypatch):
    """A real worker, until nothing waits."""
    monkeypatch.setattr(task_worker.Worker, "configure_signals", lambda self: None)
    call_command("worker", "--once")


def test_the_worker_tells_watchers_of_reports_notices_and_a_new_status(
    transactional_db, monkeypatch, crossing, watcher
):
    update.judge(crossing.pk)
    staff, stranger = make_user(is_staff=True), make_user()
    make_report(crossing, outcome="refused-exit", reason="shut", trust=2)
    values = {"kind": "danger", "text": "Mud.", "source": "https://example.org", "begins_on": update.today()}
    notices.enter_notice(staff, crossing, values=values | {"ends_on": None})

    work(monkeypatch)

    assert sorted(subjects(watcher)) == [
        "Torugart Pass: Not known became closed",
        "Torugart Pass: a new report, refused at exit",
        "Torugart Pass: danger, by an official notice",
    ]
    assert subjects(stranger) == []
    assert mail.outbox == []


def test_every_task_may_run_twice(crossing, watcher):
    report, notice = make_report(crossing), make_notice(crossing)
    change = crossing.status_changes.latest("pk")

    for _ in range(2):
        news_tasks.tell_of_status.call(change.pk)
        news_tasks.tell_of_notice.call(notice.pk)
        news_tasks.tell_of_report.call(report.pk)
        news_tasks.write_letters.call()

    assert Notification.objects.count() == 3
    assert Letter.objects.count() == 1


def test_what_is_gone_meanwhile_is_not_told(crossing, watcher):
    notice, report = make_notice(crossing), make_report(crossing)
    notices.withdraw_notice(make_user(is_staff=True), notice)
    Post.objects.filter(pk=report.post_id).update(hidden_at=timezone.now(), hidden_by=report.post.author)

    crossing_news.tell_of_notice(notice.pk)
    post_news.tell_of_report(report.pk)
    crossing_news.tell_of_status(0), crossing_news.tell_of_notice(0), post_news.tell_of_report(0)

    assert not Notification.objects.exists()


def test_ones_own_report_and_hearsay_and_business_are_no_news(monkeypatch, transactional_db, crossing, watcher):
    make_report(crossing, author=watcher)
    make_report(crossing, is_hearsay=True)
    make_report(crossing, author=make_user(trade_at=timezone.now()))

    work(monkeypatch)

    assert not Notification.objects.filter(kind="report").exists()


def test_a_post_that_becomes_a_report_is_news(monkeypatch, transactional_db, crossing, watcher):
    post = make_post()
    facts = {"crossed_on": update.today(), "direction": "a-b", "mode": "bus", "outcome": "crossed"}
    actions.attach_report(post.author, post, crossing, CrossingReport(**facts))

    work(monkeypatch)

    assert "Torugart Pass: a new report, crossed freely" in subjects(watcher)


@pytest.mark.database
def test_watched_at_once_by_many_hands_it_is_one_watch(transactional_db, crossing):
    user = make_user()

    failures = at_once(*[lambda: watch(user, crossing, travel_on=SOON) for _ in range(8)])

    assert failures == []
    assert Watch.objects.count() == 1


@pytest.mark.parametrize(("target", "may"), [(User(pk=5), False), (User(pk=6), True), (Topic(pk=5), True)])
def test_members_watch_anything_but_themselves(target, may):
    assert can_watch(User(pk=5), target) is may
