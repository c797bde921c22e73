"""What waits, for whom, in which order; claims and notes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.permissions import NotAllowed
from moderation.actions import claims, post_acts
from moderation.models import Flag, QueueItem
from moderation.queue import listing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db


def fresh(item):
    return QueueItem.objects.get(pk=item.pk)


@pytest.fixture
def item():
    return make_flag().item


@pytest.fixture
def moderator(item):
    return make_moderator(item.subforum)


def test_moderators_see_what_waits_in_their_subforums_administrators_all():
    here, there = make_flag().item, make_flag().item

    seen = lambda user: set(QueueItem.objects.open().for_moderator(user))  # noqa: E731

    assert seen(make_moderator(here.subforum)) == {here}
    assert seen(make_moderator(here.subforum, there.subforum)) == {here, there}
    assert seen(make_admin()) == {here, there}
    assert seen(make_moderator(make_subforum())) == set()
    assert seen(make_user()) == set()
    assert seen(make_moderator(here.subforum, banned_at=timezone.now())) == set()
    assert claims.waiting(make_moderator(here.subforum)) == 1


def test_the_oldest_or_the_riskiest_comes_first():
    topic = make_topic()
    calm, urgent = (make_post(topic=topic) for _ in range(2))
    make_flag(calm, reason=Flag.Reason.OUTDATED)
    make_flag(urgent, reason=Flag.Reason.DANGEROUS)

    def shown(items):
        return [item.post for item in items]

    assert shown(QueueItem.objects.open().oldest_first()) == [calm, urgent]
    assert shown(QueueItem.objects.open().riskiest_first()) == [urgent, calm]
    assert shown(QueueItem.objects.open().of_kind("outdated")) == [calm]


def test_what_is_decided_waits_no_longer(item, moderator):
    post_acts.hide(moderator, item.post, WHY)

    assert (fresh(item).closed_by, fresh(item).kinds) == (moderator, ["flag"])
    assert claims.waiting(moderator) == 0


def test_a_claim_is_seen_by_others_and_given_back(item, moderator):
    colleague = make_moderator(item.subforum)

    assert claims.claim(moderator, item)
    assert claims.claim(moderator, item)
    assert not claims.claim(colleague, item)
    claims.release(colleague, item)
    assert fresh(item).claimed_by == moderator
    claims.release(moderator, item)

    assert fresh(item).claimed_by is None
    assert claims.claim(colleague, item)


@pytest.mark.parametrize(("minutes", "has_ended"), [(59, False), (60, True)])
def test_a_claim_of_whoever_fell_asleep_ends(monkeypatch, item, moderator, minutes, has_ended):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    claims.claim(moderator, item)
    QueueItem.objects.update(claimed_at=now - timedelta(minutes=minutes))

    assert claims.claim(make_moderator(item.subforum), item) is has_ended


def test_what_is_closed_cannot_be_claimed(item, moderator):
    post_acts.hide(moderator, item.post, WHY)

    assert not claims.claim(moderator, item)


@pytest.mark.parametrize("act", [claims.claim, claims.release, lambda user, item: claims.note(user, item, "Mine.")])
def test_only_its_moderators_handle_it_and_never_their_own(act, item):
    for by in (make_user(), make_moderator(make_subforum())):
        with pytest.raises(NotAllowed):
            act(by, item)
    item.subforum.moderators.add(item.post.author)
    with pytest.raises(NotAllowed):
        act(item.post.author, item)


def test_notes_are_kept_in_order_and_once(item, moderator):
    for text in ("Seen.", "Seen.", "Asked the author."):
        claims.note(moderator, item, text)

    assert [note.text for note in item.notes.all()] == ["Seen.", "Asked the author."]


def test_the_database_keeps_one_open_item_and_one_open_flag(item):
    flag = item.flags.get()
    copies = [
        QueueItem(post=item.post, member=item.member, opened_at=timezone.now()),
        Flag(item=item, post=item.post, by=flag.by, reason="other", weight=1, at=timezone.now()),
    ]

    for copy in copies:
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


def test_the_queue_costs_the_same_however_much_waits():
    subforum = make_subforum()
    moderator = make_moderator(subforum)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            items = QueueItem.objects.open().for_moderator(moderator).riskiest_first()
            [item.post.topic.title for item in items.select_related("post__topic")[:20]]
        return len(captured)

    make_flag(make_post(topic=make_topic(subforum=subforum)))
    with_one = queries()
    for _ in range(3):
        make_flag(make_post(topic=make_topic(subforum=subforum)))

    assert queries() <= with_one


def decided(subforum, minutes, **more):
    now, member = timezone.now(), make_user()
    opened = {"opened_at": now - timedelta(minutes=minutes), "kinds": [QueueItem.Kind.APPEAL]}
    done = {"closed_at": now, "closed_by": make_admin()} | more
    return QueueItem.objects.create(member=member, subforum=subforum, **opened | done)


def test_the_median_wait_is_of_what_was_decided_today_where_one_moderates():
    here = make_subforum()
    for minutes in (1, 2, 30, 40):
        decided(here, minutes)
    decided(make_subforum(), 500)
    decided(here, 600, closed_by=None)
    decided(here, 60 * 50, closed_at=timezone.now() - timedelta(days=2))

    assert listing.median_wait(make_moderator(here)) == 16


def test_where_nothing_was_decided_there_is_no_median_wait():
    assert listing.median_wait(make_moderator()) is None
