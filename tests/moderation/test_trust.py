"""Trust is earned by reading and writing without incident; docs/trust.md tells the same as the table."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.trust_levels import EARNED, FIRST_POSTS, TABLE, Trust, allowed
from config.worker import nightly
from forum.models import Post, Reaction, Reading
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import member_acts, post_acts, undo
from moderation.filters.trust import promote_all
from moderation.models import ModerationEntry, Verb
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "trust.md").read_text()


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def make_deserving(of, **fields):
    """Somebody who has just earned this trust."""
    wanted = EARNED[of]
    right = {
        "trust": of - 1,
        "joined_at": days_ago(wanted.days),
        "posts_count": wanted.posts,
        "reactions_received": wanted.thanks,
    }
    topics_read = fields.pop("topics_read", wanted.topics_read)
    thanked_by = fields.pop("thanked_by", wanted.thanked_by)
    member = make_user(**(right | fields))
    post = make_post()
    Post.objects.filter(pk=post.pk).update(author=member)
    thank(post, *(make_of_age() for _ in range(thanked_by)))
    Reading.objects.bulk_create(Reading(user=member, topic=make_topic(), number=1) for _ in range(topics_read))
    return member


def make_of_age(**fields):
    return make_user(**({"trust": Trust.MEMBER, "joined_at": days_ago(31)} | fields))


def thank(post, *members):
    Reaction.objects.bulk_create(
        Reaction(post=post, user=member, kind="helpful", given_at=timezone.now()) for member in members
    )


def trust_of(member):
    return User.objects.get(pk=member.pk).trust


@pytest.fixture
def easy(monkeypatch):
    """The same steps with fewer topics, so that the tests are quick."""
    for trust in EARNED:
        monkeypatch.setitem(EARNED, trust, EARNED[trust]._replace(topics_read=2))


@pytest.mark.django_db
@pytest.mark.parametrize("trust", EARNED)
def test_what_is_earned_is_given_in_the_night(easy, trust):
    member = make_deserving(trust)

    assert promote_all() == 1

    assert trust_of(member) == trust
    assert promote_all() == 0
    assert promote_all in nightly.CHORES


@pytest.mark.django_db
@pytest.mark.parametrize("trust", EARNED)
@pytest.mark.parametrize(
    "lacking",
    [
        {"joined_at": days_ago(2)},
        {"posts_count": 4},
        {"topics_read": 1},
        {"is_active": False},
        {"email_confirmed_at": None},
        {"suspended_until": days_ago(1)},
        {"thanked_by": 1},
    ],
    ids=lambda lacking: next(iter(lacking)),
)
def test_whoever_lacks_anything_waits(easy, trust, lacking):
    member = make_deserving(trust, **lacking)

    promote_all()

    assert trust_of(member) == trust - 1


@pytest.mark.django_db
def test_thanks_are_needed_to_be_trusted(easy):
    member = make_deserving(Trust.TRUSTED, reactions_received=EARNED[Trust.TRUSTED].thanks - 1)

    promote_all()

    assert trust_of(member) == Trust.MEMBER


@pytest.mark.django_db
def test_nobody_climbs_two_steps_in_one_night(easy):
    member = make_deserving(Trust.TRUSTED, trust=Trust.NEW)

    promote_all()
    assert trust_of(member) == Trust.MEMBER

    promote_all()
    assert trust_of(member) == Trust.TRUSTED


@pytest.mark.django_db
def test_nobody_rises_while_a_warning_counts(easy):
    member = make_deserving(Trust.MEMBER)
    member_acts.warn(make_admin(), member, WHY)
    promote_all()
    assert trust_of(member) == Trust.NEW

    member.warnings.update(at=days_ago(200), expires_at=days_ago(1))
    promote_all()

    assert trust_of(member) == Trust.MEMBER


@pytest.mark.django_db
def test_an_upheld_flag_is_an_incident_for_a_while(easy):
    member = make_deserving(Trust.MEMBER)
    post = make_post(author=member)
    flag = make_flag(post)
    post_acts.hide(make_moderator(post.topic.subforum), post, WHY)
    User.objects.filter(pk=member.pk).update(posts_count=EARNED[Trust.MEMBER].posts)
    promote_all()
    assert trust_of(member) == Trust.NEW

    type(flag).objects.update(closed_at=days_ago(31))
    promote_all()

    assert trust_of(member) == Trust.MEMBER


@pytest.mark.django_db
@pytest.mark.parametrize(
    "by",
    [
        {"trust": Trust.NEW},
        {"joined_at": days_ago(29)},
        {"banned_at": days_ago(1)},
        {"suspended_until": timezone.now() + timedelta(days=5)},
        {"is_active": False},
    ],
    ids=lambda by: next(iter(by)),
)
def test_thanks_of_whom_nobody_knows_make_no_member(easy, by):
    member = make_deserving(Trust.MEMBER, thanked_by=1)
    thank(member.posts.get(), *(make_of_age(**by) for _ in range(10)))

    promote_all()

    assert trust_of(member) == Trust.NEW


@pytest.mark.django_db
def test_one_member_who_thanks_often_is_one(easy):
    member, friend = make_deserving(Trust.MEMBER, thanked_by=0), make_of_age()
    for _ in range(3):
        thank(make_post(author=member), friend)

    promote_all()

    assert trust_of(member) == Trust.NEW


@pytest.mark.django_db
def test_thanks_for_what_is_hidden_count_nothing(easy):
    member = make_deserving(Trust.MEMBER)
    member.posts.update(hidden_at=timezone.now())

    promote_all()

    assert trust_of(member) == Trust.NEW


# --- A report that the next one confirmed ---


def make_reporter(**fields):
    right = {"thanked_by": 0, "joined_at": days_ago(31)}
    return make_deserving(Trust.MEMBER, **(right | fields))


@pytest.mark.django_db
def test_a_report_that_the_next_confirms_makes_a_member(easy):
    crossing, traveller = make_crossing(), make_reporter()
    make_report(crossing, author=traveller, outcome="found-closed", days_ago=2)
    assert promote_all() == 0

    make_report(crossing, author=make_of_age(), outcome="turned-back")
    promote_all()

    assert trust_of(traveller) == Trust.MEMBER


@pytest.mark.django_db
@pytest.mark.parametrize("next_one", ["other side", "newcomer", "young", "hearsay", "hidden", "earlier day"])
def test_what_confirms_no_report(easy, next_one):
    crossing, traveller = make_crossing(), make_reporter()
    make_report(crossing, author=traveller, outcome="found-closed", days_ago=2)
    by = {"newcomer": {"trust": Trust.NEW}, "young": {"joined_at": days_ago(3)}}.get(next_one, {})
    fields = {"other side": {"outcome": "crossed"}, "hearsay": {"is_hearsay": True}, "earlier day": {"days_ago": 9}}
    said = make_report(crossing, author=make_of_age(**by), **({"outcome": "found-closed"} | fields.get(next_one, {})))
    if next_one == "hidden":
        type(said.post).objects.filter(pk=said.post_id).update(hidden_at=timezone.now())

    promote_all()

    assert trust_of(traveller) == Trust.NEW


@pytest.mark.django_db
def test_one_report_confirms_one_newcomer_at_most(easy):
    crossing, travellers = make_crossing(), [make_reporter() for _ in range(3)]
    for traveller in travellers:
        make_report(crossing, author=traveller, outcome="found-closed", days_ago=2)

    make_report(crossing, author=make_of_age(), outcome="found-closed")
    promote_all()

    assert [trust_of(traveller) for traveller in travellers] == [Trust.NEW, Trust.NEW, Trust.MEMBER]


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "ago", "becomes"), [
    ("found-closed", 29, Trust.NEW), ("found-closed", 31, Trust.MEMBER), ("crossed", 29, Trust.MEMBER),
])  # fmt: skip
def test_repeating_what_others_told_is_no_news(easy, outcome, ago, becomes):
    crossing, traveller = make_crossing(), make_reporter()
    known = make_report(crossing, author=make_of_age(), outcome=outcome, days_ago=5)
    Post.objects.filter(pk=known.post_id).update(written_at=days_ago(ago))
    make_report(crossing, author=traveller, outcome="found-closed", days_ago=2)
    make_report(crossing, author=make_of_age(), outcome="found-closed")

    promote_all()

    assert trust_of(traveller) == becomes


@pytest.mark.django_db
def test_a_confirmed_report_of_a_young_account_waits(easy):
    crossing, traveller = make_crossing(), make_reporter(joined_at=days_ago(29))
    make_report(crossing, author=traveller, days_ago=2)
    make_report(crossing, author=make_of_age())

    promote_all()

    assert trust_of(traveller) == Trust.NEW


# --- A moderator's word ---


@pytest.mark.django_db
def test_a_moderators_word_makes_a_member_at_once(client):
    moderator, newcomer = make_moderator(make_topic().subforum), make_user(trust=Trust.NEW)
    client.force_login(moderator)
    assert b"Vouch for them" in client.get(f"/moderation/members/{newcomer.username}/").content

    for _ in range(2):
        client.post(f"/moderation/members/{newcomer.username}/act/", {"act": "vouch", "reason": "Met in Osh."})

    assert trust_of(newcomer) == Trust.MEMBER
    entry = ModerationEntry.objects.get()
    assert (entry.verb, entry.by, entry.words.reason) == (Verb.VOUCH, moderator, "Met in Osh.")


@pytest.mark.django_db
def test_the_word_is_taken_back_and_counts_no_more():
    admin, newcomer = make_admin(), make_user(trust=Trust.NEW)
    entry = member_acts.vouch(admin, newcomer, WHY)

    undo.undo(admin, entry)
    promote_all()

    assert trust_of(newcomer) == Trust.NEW


@pytest.mark.django_db
def test_the_word_still_counts_when_a_warning_has_expired(settings):
    settings.WARNINGS_SUSPEND = []
    admin, newcomer = make_admin(), make_user(trust=Trust.NEW)
    member_acts.vouch(admin, newcomer, WHY)
    member_acts.warn(admin, newcomer, WHY, points=3)
    assert trust_of(newcomer) == Trust.NEW
    with pytest.raises(CannotBeDone, match="still count"):
        member_acts.vouch(admin, newcomer, WHY)

    newcomer.warnings.update(at=days_ago(200), expires_at=days_ago(1))
    promote_all()

    assert trust_of(newcomer) == Trust.MEMBER


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["a member", "a suspended moderator", "themselves"])
def test_others_have_no_word(who):
    newcomer = make_user(trust=Trust.NEW)
    moderator = make_moderator(make_topic().subforum, suspended_until=timezone.now() + timedelta(days=1))
    by = {"a member": make_of_age(), "a suspended moderator": moderator, "themselves": newcomer}[who]

    with pytest.raises(NotAllowed):
        member_acts.vouch(by, newcomer, WHY)


def test_administrators_may_what_the_trusted_may():
    assert allowed(User(is_staff=True)) == TABLE[Trust.TRUSTED]


def test_the_document_tells_what_the_table_says(settings):
    rows = {
        cells[1].strip(): cells[2:5] for cells in (line.split("|") for line in DOCUMENT.splitlines()) if len(cells) > 5
    }
    cells = {name: [cell.strip() for cell in found] for name, found in rows.items()}
    new, member, trusted = (TABLE[trust] for trust in Trust)

    links = cells["Links and pictures in one post, before it waits for a moderator"]
    assert links == [f"{new.links}, and none in the first {FIRST_POSTS} posts", str(member.links), "any"]
    assert trusted.links is None
    assert cells["Changing a post"] == ["for 1 day", f"for {member.edit_window.days} days", "always"]
    assert (new.edit_window.days, trusted.edit_window) == (1, None)
    assert cells["Flags let a post wait, with others' together"] == ["no", "yes", "yes"]
    assert [new.flags_hold, member.flags_hold, trusted.flags_hold] == [False, True, True]
    weights = cells["Weight of a flag"]
    assert [float(weight) for weight in weights] == [new.flag_weight, member.flag_weight, trusted.flag_weight]
    limits = [settings.RATE_LIMITS[each.flag_limit] for each in (new, member, trusted)]
    written = cells["Flags in a day (`RATE_LIMIT_FLAG_…`, [settings.md](settings.md))"]
    assert [f"{times}/1d" for times in written] == limits
    assert cells["Links on the profile and under posts"] == ["no", "yes", "yes"]
    assert [new.can_show_links, member.can_show_links, trusted.can_show_links] == [False, True, True]


@pytest.mark.parametrize("trust", EARNED)
def test_the_document_tells_what_it_takes(trust):
    found = re.search(rf"^\| {trust.label} \|(.*)\|$", DOCUMENT, re.MULTILINE)[1]
    numbers = [int(re.search("[0-9]+", cell)[0]) if re.search("[0-9]", cell) else 0 for cell in found.split("|")]
    wanted = EARNED[trust]

    assert numbers == [
        wanted.days, wanted.posts, wanted.topics_read, wanted.thanks, wanted.thanked_by, wanted.without_incident.days,
    ]  # fmt: skip
