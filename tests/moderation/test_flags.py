"""Members call for moderators: what a flag does, how much it weighs, and what waits because of it."""

from copy import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ExpertBadge, User
from config.worker import nightly
from forum.actions import posts
from forum.models import Post, Topic
from forum.permissions import NotAllowed
from moderation.actions import flags, post_acts
from moderation.models import Flag, Hold, QueueItem
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_flagger, make_moderator

pytestmark = pytest.mark.django_db


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def flag_by_many(post, times, trust=User.Trust.MEMBER, **fields):
    return [make_flag(post, by=make_flagger(trust), **fields) for _ in range(times)]


def test_a_flag_waits_for_the_moderators_of_its_subforum():
    post = make_post()

    flag = make_flag(post, reason=Flag.Reason.RULES, rule=3, words="An advertisement.")

    item = QueueItem.objects.open().get()
    assert (item.post, item.member, item.subforum) == (post, post.author, post.topic.subforum)
    assert (item.kinds, item.flags.get()) == (["flag"], flag)
    assert (flag.rule, flag.words, flag.weight) == (3, "An advertisement.", 1.0)
    assert fresh(post).is_readable


def test_flagging_twice_changes_nothing():
    post, member = make_post(), make_user()

    first = make_flag(post, by=member)

    assert make_flag(post, by=member, reason=Flag.Reason.DANGEROUS) == first
    assert Flag.objects.get().reason == Flag.Reason.ADVERTISING


def test_everything_about_one_post_is_one_item():
    post = make_post()

    make_flag(post)
    alone = QueueItem.objects.get().risk
    make_flag(post, reason=Flag.Reason.DUPLICATE, other_topic=make_topic())
    make_flag(post, reason=Flag.Reason.OUTDATED)

    item = QueueItem.objects.get()
    assert item.kinds == ["duplicate", "flag", "outdated"]
    assert item.risk > alone


def test_a_new_flag_after_a_decision_opens_a_new_item():
    post = make_post()
    moderator = make_moderator(post.topic.subforum)
    make_flag(post)
    post_acts.dismiss(moderator, post, WHY)

    make_flag(post)

    assert QueueItem.objects.count() == 2
    assert QueueItem.objects.open().count() == 1


def test_a_suspended_member_takes_no_flag_back(client):
    flag = make_flag(make_post())
    User.objects.filter(pk=flag.by_id).update(suspended_until=timezone.now() + timedelta(days=1))
    client.force_login(flag.by)

    assert client.post(f"/posts/{flag.post_id}/withdraw-flag/").status_code == 403
    flag.refresh_from_db()
    assert flag.closed_at is None


def test_a_flag_can_be_taken_back():
    post, member = make_post(), make_user()
    make_flag(post, by=member)

    flags.withdraw_flag(member, post)
    flags.withdraw_flag(member, post)

    assert Flag.objects.get().outcome == Flag.Outcome.WITHDRAWN
    assert not QueueItem.objects.open().exists()
    assert make_flag(post, by=member).closed_at is None


@pytest.mark.parametrize("who", ["the author", "a suspended member", "an unconfirmed member"])
def test_who_may_not_write_may_not_flag(who):
    post = make_post()
    by = {
        "the author": post.author,
        "a suspended member": make_user(suspended_until="2990-01-01T00:00Z"),
        "an unconfirmed member": make_user(email_confirmed_at=None),
    }[who]

    with pytest.raises(NotAllowed):
        make_flag(post, by=fresh(by))


@pytest.mark.parametrize("fields", [{"hidden_at": timezone.now()}, {"held_at": timezone.now()}])
def test_what_cannot_be_read_cannot_be_flagged(fields):
    post, in_hidden = make_post(), make_post()
    Post.objects.filter(pk=post.pk).update(**fields)
    Topic.objects.filter(pk=in_hidden.topic_id).update(**fields)

    for one in (post, in_hidden):
        with pytest.raises(NotAllowed):
            make_flag(one)


# --- The threshold ---


def test_enough_flags_let_a_post_wait():
    post = make_post()

    flag_by_many(post, 2)
    assert fresh(post).is_readable

    make_flag(post)

    assert fresh(post).held_at is not None
    assert Hold.objects.get().reason == Hold.Reason.FLAGS
    assert QueueItem.objects.get().kinds == ["flag", "hold"]


def test_the_threshold_is_a_setting(settings):
    settings.FLAGS_HIDE_AT = 1.0
    post = make_post()

    make_flag(post)

    assert fresh(post).held_at is not None


@pytest.mark.parametrize(("trust", "needed"), [(User.Trust.MEMBER, 3), (User.Trust.TRUSTED, 2)])
def test_flags_weigh_by_trust(trust, needed):
    post = make_post()

    flag_by_many(post, needed - 1, trust)
    assert fresh(post).is_readable

    make_flag(post, by=make_flagger(trust))
    assert fresh(post).held_at is not None


@pytest.mark.parametrize("reason", [Flag.Reason.DUPLICATE, Flag.Reason.OUTDATED])
def test_what_harms_nobody_stays_whatever_many_say(reason):
    post = make_post()

    flag_by_many(post, 5, reason=reason)

    assert fresh(post).is_readable


def test_an_opening_post_takes_its_topic_along():
    topic = make_topic()

    flag_by_many(topic.opening_post, 3)

    assert fresh(topic).held_at is not None


def test_a_flag_taken_back_counts_no_more():
    post = make_post()
    first = make_flag(post)
    flags.withdraw_flag(first.by, post)

    flag_by_many(post, 2)

    assert fresh(post).is_readable


# --- What cheap accounts cannot do ---


def test_newcomers_queue_a_post_and_never_hide_it():
    post = make_post()

    flag_by_many(post, 12, User.Trust.NEW)

    assert fresh(post).is_readable
    assert QueueItem.objects.open().get().risk >= 120


def test_accounts_of_one_age_count_as_one():
    post, joined_at = make_post(), timezone.now() - timedelta(days=100)

    for days in range(6):
        make_flag(post, by=make_user(trust=User.Trust.MEMBER, joined_at=joined_at + timedelta(days=days)))
    assert fresh(post).is_readable

    flag_by_many(post, 2)
    assert fresh(post).held_at is not None


@pytest.mark.parametrize(("apart", "is_alike"), [(timedelta(days=7, seconds=-1), True), (timedelta(days=7), False)])
def test_accounts_that_joined_a_week_apart_are_of_two_people(apart, is_alike):
    joined_at = timezone.now()
    one, other = (Flag(by=User(joined_at=at), address_digest=str(at)) for at in (joined_at, joined_at + apart))

    assert flags._is_alike(one, other) is flags._is_alike(other, one) is is_alike


@pytest.mark.parametrize("address", ["203.0.113.7", ""])
def test_flags_from_one_address_or_from_nowhere_count_as_one(address):
    post = make_post()

    flag_by_many(post, 6, address=address)

    assert fresh(post).is_readable


def test_whoever_lost_their_trust_since_hides_nothing():
    post = make_post()
    standing = flag_by_many(post, 2)
    User.objects.filter(pk=standing[0].by_id).update(trust=User.Trust.NEW)
    User.objects.filter(pk=standing[1].by_id).update(banned_at=timezone.now())

    make_flag(post)

    assert fresh(post).is_readable


def give_badge(user):
    ExpertBadge.objects.create(
        user=user, title="China expert", countries=["CN"], given_by=make_admin(), given_at=timezone.now()
    )


@pytest.mark.parametrize("who", ["trusted", "expert", "administrator", "moderator"])
def test_flags_alone_never_hide_what_the_trusted_wrote(who):
    author = make_user(
        trust=User.Trust.TRUSTED if who == "trusted" else User.Trust.MEMBER, is_staff=who == "administrator"
    )
    if who == "expert":
        give_badge(author)
    post = make_post(topic=make_topic(), author=author)
    if who == "moderator":
        post.topic.subforum.moderators.add(author)

    flag_by_many(post, 4, User.Trust.TRUSTED)

    assert fresh(post).is_readable
    assert QueueItem.objects.open().get().kinds == ["flag"]


def test_an_opening_post_with_replies_takes_nobody_along():
    topic = make_topic()
    make_post(topic=topic)

    flag_by_many(topic.opening_post, 5, User.Trust.TRUSTED)

    assert fresh(topic).held_at is None


def test_the_address_of_a_flag_is_kept_as_a_digest_and_forgotten():
    flag, decided_flag, old = (make_flag(address="203.0.113.7") for _ in range(3))
    post_acts.dismiss(make_moderator(decided_flag.post.topic.subforum), decided_flag.post, WHY)
    Flag.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=91))

    assert flags.forget_addresses() == 2

    assert flags.forget_addresses in nightly.CHORES
    assert [len(fresh(one).address_digest) for one in (flag, decided_flag, old)] == [32, 0, 0]
    assert "203.0.113" not in fresh(flag).address_digest


def test_the_page_says_from_where_a_flag_came(client):
    post = make_post()
    client.force_login(make_user(trust=User.Trust.MEMBER))

    client.post(f"/posts/{post.pk}/flag/", {"reason": "advertising"}, REMOTE_ADDR="203.0.113.7")

    assert Flag.objects.get().address_digest == make_flag(address="203.0.113.7").address_digest


def test_moderators_read_what_the_status_lost():
    crossing = make_crossing(editors_status="unknown")
    make_report(crossing, author=make_user(), outcome="found-closed", days_ago=2)
    told = make_report(crossing, outcome="found-closed")

    flag_by_many(told.post, 3)

    hold = Hold.objects.get()
    assert hold.words == f"A report on {crossing.name}. With it the status was: Closed. While it waits: Not known."


# --- Abuse ---


def decided(member, outcome, times):
    """So many flags of a member, as a moderator's decision leaves them."""
    post = make_post()
    flag = make_flag(post, by=member)
    act = post_acts.dismiss if outcome == "dismissed" else post_acts.hide
    act(make_moderator(post.topic.subforum), post, WHY)
    flag.refresh_from_db()
    flag.pk = None
    Flag.objects.bulk_create([copy(flag) for _ in range(times - 1)])


def test_flags_of_whom_nobody_agrees_with_weigh_nothing():
    member = make_user(trust=User.Trust.TRUSTED)

    decided(member, "dismissed", 4)
    assert flags.weight_of(member) == 2.0

    decided(member, "dismissed", 1)
    assert flags.weight_of(member) == 0.0


def test_good_flags_bring_the_weight_back():
    member = make_user(trust=User.Trust.MEMBER)
    decided(member, "dismissed", 5)

    decided(member, "upheld", 5)
    assert flags.weight_of(member) == 0.0

    decided(member, "upheld", 1)
    assert flags.weight_of(member) == 1.0


def test_a_flag_without_weight_is_still_seen():
    member = make_user(trust=User.Trust.TRUSTED)
    decided(member, "dismissed", 5)

    make_flag(make_post(), by=member)

    assert QueueItem.objects.open().get().risk > 0


# --- The filter's flags ---


def test_a_word_to_flag_publishes_and_flags():
    topic = make_topic()
    watch("cheap permits", "flag", by=make_moderator(topic.subforum), subforum=topic.subforum)

    post = make_post(topic=topic, source="I sell cheap permits.")

    flag = Flag.objects.get()
    assert (flag.post, flag.by, flag.words) == (post, None, "Watched: cheap permits")
    assert fresh(post).is_readable


def test_a_word_that_comes_with_an_edit_is_flagged_too():
    post = make_post()
    watch("cheap permits", "flag", by=make_moderator(post.topic.subforum), subforum=post.topic.subforum)

    edit(post, "Now I sell cheap permits.")
    edit(fresh(post), "Now I sell very cheap permits, cheap permits.")

    assert Flag.objects.get().by is None


def test_what_moderators_write_is_not_flagged_by_the_filter():
    topic = make_topic()
    moderator = make_moderator(topic.subforum)
    watch("cheap permits", "flag", by=moderator, subforum=topic.subforum)

    post = make_post(topic=topic, author=moderator, source="Do not buy cheap permits.")
    edit(post, "Never buy cheap permits.")

    assert not Flag.objects.exists()


def test_a_reply_asks_for_the_watched_words_once():
    topic = make_topic()
    watch("cheap permits", "flag", by=make_moderator(topic.subforum), subforum=topic.subforum)

    with CaptureQueriesContext(connection) as asked:
        make_post(topic=topic, source="I sell cheap permits.")

    assert sum("moderation_watchedword" in query["sql"] for query in asked) == 1
    assert Flag.objects.exists()


def test_what_a_moderator_let_pass_is_not_flagged_again():
    topic = make_topic()
    moderator = make_moderator(topic.subforum)
    watch("cheap permits", "flag", by=moderator, subforum=topic.subforum)
    post = make_post(topic=topic, source="No cheap permits here.")
    post_acts.dismiss(moderator, post, WHY)

    edit(post, "No cheap permits there.")
    assert Flag.objects.open().count() == 1
    post_acts.dismiss(moderator, fresh(post), WHY)
    posts.reply(post.author, topic, source="No cheap permits here.")

    assert not Flag.objects.open().exists()


def watch(pattern, act, *, by, subforum):
    from moderation.filters import banned_words

    return banned_words.watch(by, pattern, act=act, subforum=subforum)


def edit(post, source):
    from forum.actions import edits

    edits.edit_post(post.author, post, source=source, based_on=post.edits_count)
