"""Which letter brings which news: at once, once a day, once a week or never."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crossings.status.update import today
from notifications.letters import bounces, causes, delivery, digests, emails, letter_entries, policy, preferences
from notifications.letters.policy import letter_for
from notifications.models import Bounce, Category, Frequency, Letter, Notification
from notifications.news import crossing_news, post_news
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.forum.test_at_once import at_once
from tests.notifications.letters.factories import Kind, make_news, news_with_letter, send_all

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "letter"),
    [
        (Kind.REPLY, "news"), (Kind.QUOTE, "news"), (Kind.MENTION, "news"), (Kind.ACCEPTED, "news"),
        (Kind.ANSWER, "news"), (Kind.CHANGED, "news"), (Kind.MODERATION, "news"), (Kind.TOPIC, "day"),
        (Kind.QUESTION, "day"), (Kind.REMINDER, "day"), (Kind.STATUS, "day"), (Kind.NOTICE, "day"),
        (Kind.REPORT, "day"), (Kind.REACTION, None),
    ],
)  # fmt: skip
def test_without_a_choice_answers_come_at_once_and_the_rest_once_a_day(kind, letter):
    news = news_with_letter(kind=kind)

    assert (news.letter.kind if news.letter else None) == letter


@pytest.mark.parametrize(
    ("frequency", "letter"),
    [(Frequency.AT_ONCE, "news"), (Frequency.DAILY, "day"), (Frequency.WEEKLY, "week"), (Frequency.NEVER, None)],
)
def test_what_a_member_chose_counts_for_that_category_alone(frequency, letter):
    user = make_user()
    preferences.choose(user, {Category.REACTIONS: frequency})

    chosen, another = news_with_letter(user, Kind.REACTION), news_with_letter(make_user(), Kind.REACTION)

    assert (chosen.letter.kind if chosen.letter else None) == letter
    assert another.letter is None
    assert news_with_letter(user, Kind.TOPIC).letter.kind == "day"


def test_told_twice_it_is_in_one_letter():
    news = make_news()

    letter_for([news.pk, news.pk]), letter_for([news.pk])

    assert Letter.objects.get().news.get() == news


def test_what_was_read_before_is_in_no_letter():
    news = make_news()
    Notification.objects.update(read_at=timezone.now())

    letter_for([news.pk])

    assert not Letter.objects.exists()


def test_what_a_digest_has_told_is_in_no_other():
    news = news_with_letter(kind=Kind.TOPIC)
    Letter.objects.update(sent_at=timezone.now())

    letter_for([news.pk])

    assert Letter.objects.get().news.get() == news


def test_what_comes_in_one_topic_before_the_letter_went_is_one_letter_and_later_another():
    user, topic = make_user(), make_topic()
    first, second = (news_with_letter(user, post=make_post(topic=topic)) for _ in range(2))
    elsewhere = news_with_letter(user)
    delivery.send(first.letter_id)

    third = news_with_letter(user, post=make_post(topic=topic))

    assert first.letter_id == second.letter_id
    assert len({first.letter_id, elsewhere.letter_id, third.letter_id}) == 3
    assert mail.outbox[0].body.count("It was open on Monday.") == 2


def test_the_two_never_share_a_letter_with_another_member():
    topic = make_topic()

    one, other = (news_with_letter(make_user(), post=make_post(topic=topic)) for _ in range(2))

    assert one.letter.user == one.user
    assert other.letter.user == other.user


@pytest.mark.parametrize(
    ("days", "choice", "letter"),
    [
        (0, None, "news"), (30, None, "news"), (30, Frequency.WEEKLY, "news"), (30, Frequency.NEVER, None),
        (None, None, "day"), (None, Frequency.AT_ONCE, "news"), (-1, None, "news"),
        (-2, None, "day"),
    ],
)  # fmt: skip
def test_a_crossing_with_a_planned_day_comes_at_once_unless_never(days, choice, letter):
    crossing, user = make_crossing(), make_user()
    watch(user, crossing, travel_on=today() + timedelta(days=days) if days is not None else None)
    if choice:
        preferences.choose(user, {Category.CROSSINGS: choice})

    post_news.tell_of_report(make_report(crossing).pk)

    news = Notification.objects.get(user=user)
    assert (news.letter.kind if news.letter else None) == letter


def test_many_readers_cost_the_same_number_of_queries_as_few():
    topic = make_topic()
    few, many = ([make_news(post=make_post(topic=topic)).pk for _ in range(count)] for count in (2, 12))

    with CaptureQueriesContext(connection) as of_few:
        letter_for(few)
    with CaptureQueriesContext(connection) as of_many:
        letter_for(many)

    assert len(of_many) == len(of_few)
    assert Letter.objects.count() == 14


def test_the_crossing_of_news_is_told_by_its_key_or_group():
    here, notice = make_crossing(), make_notice(make_crossing())
    make_report(here, outcome="crossed"), make_report(here, outcome="found-closed", trust=2)
    change = here.status_changes.latest("pk")
    facts = [
        (Kind.REPORT, "report-9", f"reports-{here.pk}", here.pk), (Kind.REPORT, "report-8", "", None),
        (Kind.NOTICE, f"notice-{notice.pk}", "", notice.crossing_id), (Kind.NOTICE, "notice-0", "", None),
        (Kind.NOTICE, f"closed-sure-2026-12-05-{here.pk}", "", here.pk),
        (Kind.STATUS, f"status-{change.pk}", "", here.pk), (Kind.STATUS, "status-of-old", "", None),
        (Kind.REPLY, f"reply-{here.pk}", f"reports-{here.pk}", None),
    ]  # fmt: skip
    listed = [make_news(kind=kind, key=key, group=group) for kind, key, group, _ in facts]

    found = causes.crossings_of(listed)

    assert [found.get(news.pk) for news in listed] == [crossing_id for *_, crossing_id in facts]
    assert [causes.thread_of(news, found.get(news.pk)) for news in listed[:2]] == [
        f"crossing-{here.pk}", f"topic-{listed[1].topic_id}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("category", "title", "subject"),
    [
        (Category.REPLIES, "The arch", "Re: The arch"), (Category.MENTIONS, "The arch", "Re: The arch"),
        (Category.ANSWERS, "The arch", "Re: The arch"), (Category.TOPICS, "The arch", "The arch"),
        (Category.CROSSINGS, "The arch", "It is open"), (Category.REPLIES, "", "It is open"),
        (Category.TOPICS, "", "It is open"),
    ],
)  # fmt: skip
def test_the_subject_of_a_letter_is_the_title_of_its_topic_or_else_what_happened(category, title, subject):
    older, newest = (
        letter_entries.Entry(category, heading, "", "", "/", [], title) for heading in ("Old", "It is open")
    )

    assert letter_entries.subject([older, newest]) == subject


# --- Digests ---


@pytest.mark.parametrize(
    ("frequency", "zone", "now", "key", "due_at"),
    [
        (Frequency.DAILY, "UTC", "2026-11-29 06:59", "day-2026-11-29", "2026-11-29 07:00"),
        (Frequency.DAILY, "UTC", "2026-11-29 07:00", "day-2026-11-30", "2026-11-30 07:00"),
        (Frequency.DAILY, "Asia/Bishkek", "2026-11-29 00:30", "day-2026-11-29", "2026-11-29 01:00"),
        (Frequency.DAILY, "Asia/Bishkek", "2026-11-29 02:00", "day-2026-11-30", "2026-11-30 01:00"),
        (Frequency.DAILY, "Europe/Vienna", "2026-03-28 12:00", "day-2026-03-29", "2026-03-29 05:00"),
        (Frequency.DAILY, "Nowhere/At all", "2026-11-29 12:00", "day-2026-11-30", "2026-11-30 07:00"),
        (Frequency.WEEKLY, "UTC", "2026-11-29 12:00", "week-2026-11-30", "2026-11-30 07:00"),
        (Frequency.WEEKLY, "UTC", "2026-11-30 06:00", "week-2026-11-30", "2026-11-30 07:00"),
        (Frequency.WEEKLY, "UTC", "2026-11-30 08:00", "week-2026-12-07", "2026-12-07 07:00"),
    ],
)
def test_a_digest_comes_at_seven_in_the_morning_of_its_reader(frequency, zone, now, key, due_at):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    issue = digests.next_issue(frequency, zone, moment)

    assert (issue.key, issue.due_at) == (key, datetime.fromisoformat(due_at).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("frequency", "later", "key"),
    [
        (Frequency.DAILY, 1, "day-2026-11-30"), (Frequency.DAILY, 2, "day-2026-12-01"),
        (Frequency.WEEKLY, 1, "week-2026-12-07"), (Frequency.WEEKLY, 2, "week-2026-12-14"),
    ],
)  # fmt: skip
def test_a_digest_may_be_the_next_but_one(frequency, later, key):
    issue = digests.next_issue(frequency, "UTC", datetime(2026, 11, 29, 6, tzinfo=UTC), later=later)

    assert issue.key == key


def test_the_news_of_a_day_is_one_letter_by_category_and_what_comes_after_is_the_next():
    user = make_user()
    for kind in (Kind.TOPIC, Kind.QUESTION, Kind.TOPIC):
        news_with_letter(user, kind, subject=f"News of the kind {kind}")
    today_s = send_all()

    news_with_letter(user, Kind.TOPIC)

    body = today_s[0].body
    assert [message.subject for message in today_s] == ["3 things since the last letter"]
    assert body.index("NEW TOPICS IN WHAT I WATCH") < body.index("QUESTIONS IN THE COUNTRY OF MY BADGE")
    assert Letter.objects.count() == 2
    assert Letter.objects.waiting().get().due_at > timezone.now() + timedelta(days=1) - timedelta(minutes=1)


def test_several_things_of_one_group_are_one_entry_of_a_digest():
    user = make_user()
    preferences.choose(user, {Category.REPLIES: Frequency.DAILY})
    for _ in range(3):
        news_with_letter(user, group="replies-5")

    body = send_all()[0].body

    assert body.count("3 new replies in “Torugart with a bicycle in June”") == 1


def test_a_digest_leaves_out_what_was_read_and_what_is_no_longer_wanted():
    user = make_user()
    read, *_ = (
        news_with_letter(user, kind, topic=make_topic(title=f"Number {number} of the topics"))
        for number, kind in enumerate([Kind.TOPIC, Kind.QUESTION, Kind.TOPIC])
    )
    Notification.objects.filter(pk=read.pk).update(read_at=timezone.now())
    preferences.choose(user, {Category.QUESTIONS: Frequency.NEVER})

    (message,) = send_all()

    words = message.subject + message.body + message.alternatives[0].content
    assert ["Number 0" in words, "Number 1" in words, "Number 2" in words] == [False, False, True]


def test_a_digest_of_which_nothing_is_left_is_not_sent():
    news_with_letter(kind=Kind.TOPIC)
    Notification.objects.update(read_at=timezone.now())

    assert send_all() == []


def test_a_digest_of_very_much_says_how_much_more_there_is():
    user = make_user()
    for _ in range(33):
        news_with_letter(user, Kind.TOPIC)

    (message,) = send_all()

    assert "And 3 more:" in message.body
    assert "33 things" in message.subject


@pytest.mark.parametrize(("count", "earlier"), [(1, ""), (2, ""), (3, "1 earlier: ")])
def test_a_letter_at_once_tells_the_newest_and_how_many_came_before_them(monkeypatch, count, earlier):
    monkeypatch.setattr(emails, "MOST_IN_A_LETTER", 2)
    user, topic = make_user(), make_topic()
    posts = [make_post(topic=topic, source=f"Word {number}.") for number in range(count)]
    letter = [news_with_letter(user, post=post).letter for post in posts][-1]

    body = emails.compose(letter).body

    assert ("earlier: " in body, earlier in body) == (bool(earlier), True)
    assert [f"Word {number}." in body for number in range(count)] == [False, True, True][-count:]


def test_status_stands_in_words_before_the_name(client):
    crossing, user = make_crossing(name="Torugart Pass"), make_user()
    watch(user, crossing)
    for outcome in ("crossed", "found-closed"):
        make_report(crossing, outcome=outcome, trust=2)
    change = crossing.status_changes.latest("pk")
    crossing_news.tell_of_status(change.pk)

    (message,) = send_all()

    mark = change.get_after_display().upper()
    assert f"{mark}: Torugart Pass (before: " in message.subject
    assert f"{mark}: Torugart Pass (before: " in message.alternatives[0].content


@pytest.mark.database
def test_news_put_into_a_letter_by_many_at_once_is_in_one_letter(transactional_db):
    user = make_user()
    ids = [make_news(user, Kind.TOPIC).pk for _ in range(6)]

    failures = at_once(*[lambda pk=pk: letter_for([pk]) for pk in ids], *[lambda: letter_for(ids)] * 2)

    assert failures == []
    assert Letter.objects.get().news.count() == 6


@pytest.mark.database
def test_a_digest_that_is_being_sent_takes_nothing_more(transactional_db):
    user = make_user()
    first = news_with_letter(user, Kind.TOPIC)
    Letter.objects.update(begun_at=timezone.now())

    later = news_with_letter(user, Kind.TOPIC)

    assert later.letter.due_at - first.letter.due_at == timedelta(days=1)


@pytest.mark.database
def test_sent_and_filled_at_once_nothing_is_left_in_a_letter_that_went(transactional_db):
    """Whatever the order, each piece of news is in a letter that told it, or in one that still waits."""
    for _ in range(5):
        user = make_user()
        first, second = news_with_letter(user, Kind.TOPIC, subject="One"), make_news(user, Kind.TOPIC, subject="Two")
        mail.outbox.clear()

        failures = at_once(lambda pk=first.letter_id: delivery.send(pk), lambda pk=second.pk: letter_for([pk]))

        second.refresh_from_db()
        told = f"/posts/{second.post_id}/" in mail.outbox[0].body
        assert failures == []
        assert told == (second.letter_id == first.letter_id)
        assert told or Letter.objects.waiting().filter(pk=second.letter_id).exists()


# --- Addresses from which letters came back ---


def test_letters_that_came_back_make_letters_rarer_and_then_stop_them():
    user = make_user()
    letters = []
    for number in range(3):
        letters.append(news_with_letter(user).letter)
        bounces.record(user, Bounce.Kind.HARD, f"one-{number}")

    assert [letter.kind if letter else None for letter in letters] == ["news", "day", None]
    assert policy.letter_for([]) is None


@pytest.mark.parametrize(("length", "is_cut"), [(700, False), (701, True)])
def test_of_a_post_seven_hundred_characters_are_told(length, is_cut):
    post = make_post(source="a" * length)

    [words] = letter_entries._texts([Notification(kind=Kind.REPLY, post=post)]).values()

    assert (len(words), words.endswith("…")) == (700, is_cut)


@pytest.mark.parametrize(("kind", "is_told"), [(Kind.REPLY, True), (Kind.REACTION, False), (Kind.ACCEPTED, False)])
def test_of_what_others_wrote_alone_the_words_are_told(kind, is_told):
    post = make_post()

    assert bool(letter_entries._texts([Notification(kind=kind, post=post)])) is is_told


def test_the_text_of_a_post_keeps_its_lines_and_leaves_out_what_it_quotes():
    source = "> Is it open?\n\nYes, **today**.\nBring:\n\n- cash\n- a permit & a <car>\n\n1. wait\n\n---\nDone."
    news_with_letter(post=make_post(source=source))

    (message,) = send_all()

    text = "Yes, today.\nBring:\n- cash\n- a permit & a <car>\n- wait\nDone."
    assert f"\n\n{text}\n" in message.body
    assert "Yes, today.\nBring:\n- cash\n- a permit &amp; a &lt;car&gt;" in message.alternatives[0].content
