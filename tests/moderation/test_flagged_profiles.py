"""Members flag profiles: who may, what moderators see and do about them, and what is told to whom."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.members.rename import rename
from accounts.models import User
from forum.actions.rules import set_rules
from forum.permissions import NotAllowed
from moderation.actions import appeals, later_acts, member_acts, profile_flags, spam, undo
from moderation.actions.reversals.member_reversals import write_profile_back
from moderation.filters.trust import _without_incident
from moderation.log import wording
from moderation.log.entries import Why
from moderation.models import Flag, ModerationEntry, QueueItem
from moderation.queue import listing
from moderation.queue.items import waiting_for
from notifications.news.moderation_news import is_told
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum
from tests.moderation.factories import WHY, make_admin, make_flag, make_member_of, make_moderator

pytestmark = pytest.mark.django_db
Reason, Outcome = Flag.Reason, Flag.Outcome


@pytest.fixture
def moderator():
    return make_moderator(make_subforum())


@pytest.fixture
def seller():
    return make_user("seller", bio="Buy visas.", bio_html="<p>Buy visas.</p>", signature="Cheap!", location="Osh")


def flag(member, by=None, **fields):
    return profile_flags.flag_profile(by or make_user(), member, **({"reason": Reason.ADVERTISING} | fields))


def press(client, user, act, **data):
    client.force_login(user)
    item = QueueItem.objects.latest("pk")
    return client.post(f"/moderation/queue/{item.pk}/act/", {"act": act, **data})


# --- Flagging ---


def test_a_member_flags_a_profile_from_its_page(client, seller):
    member = make_user()
    client.force_login(member)

    assert "/members/seller/flag/" in client.get("/members/seller/").text
    page = client.get("/members/seller/flag/").text
    answer = client.post("/members/seller/flag/", {"reason": "advertising", "part": "bio", "words": "Visas."})

    assert "The name" in page
    assert "Home page" not in page  # they have none
    assert answer["Location"] == "/members/seller/"
    found = Flag.objects.get()
    assert (found.profile, found.by, found.part, found.words) == (seller, member, "bio", "Visas.")
    assert found.stood == {"bio": "<p>Buy visas.</p>", "signature": "Cheap!", "location": "Osh"} | found.stood
    item = QueueItem.objects.open().get()
    assert (item.member, item.is_profile, item.subforum, item.kinds) == (seller, True, None, ["profile"])


def test_flagging_twice_is_one_flag_and_it_can_be_taken_back(client, seller):
    client.force_login(make_user())
    for _ in range(2):
        client.post("/members/seller/flag/", {"reason": "advertising"})

    assert "Take my flag back" in client.get("/members/seller/flag/").text
    for _ in range(2):
        client.post("/members/seller/withdraw-flag/")

    assert [found.outcome for found in Flag.objects.all()] == [Outcome.WITHDRAWN]
    assert not QueueItem.objects.open().exists()


def test_a_link_takes_no_flag_back(client, seller):
    member = make_user()
    flag(seller, member)
    client.force_login(member)

    client.get("/members/seller/withdraw-flag/")

    assert Flag.objects.open().exists()


@pytest.mark.parametrize("data", [
    {}, {"reason": "outdated"}, {"reason": "duplicate"}, {"reason": "other"}, {"reason": "rules", "rule": "f9"},
    {"reason": "advertising", "part": "email"}, {"reason": "advertising", "words": "x" * 501},
])  # fmt: skip
def test_a_flag_that_says_too_little_or_nonsense_is_asked_again(client, seller, data):
    set_rules(make_admin(), None, introduction="Look first.", rules=["Be kind."])
    client.force_login(make_user())

    assert client.post("/members/seller/flag/", data).status_code == 400
    assert not Flag.objects.exists()


def test_a_broken_rule_is_named_by_its_words(client, seller):
    set_rules(make_admin(), None, introduction="Look first.", rules=["Be kind.", "No trade."])
    client.force_login(make_user())
    assert client.post("/members/seller/flag/", {"reason": "rules"}).status_code == 400

    client.post("/members/seller/flag/", {"reason": "rules", "rule": "f2"})

    found = Flag.objects.get()
    assert (found.rule, found.is_forum_rule, found.rule_text) == (2, True, "No trade.")


def test_who_may_not_flag_it(client, seller):
    admin = make_admin()
    suspended = make_user(banned_at=timezone.now())

    for by, member in ((seller, seller), (make_user(), admin), (suspended, seller)):
        with pytest.raises(NotAllowed):
            flag(member, by)
        client.force_login(by)
        assert client.post(f"/members/{member.username}/flag/", {"reason": "advertising"}).status_code == 403
        assert "/flag/" not in client.get(f"/members/{member.username}/").text
    client.logout()
    assert client.get("/members/seller/flag/")["Location"].startswith("/account/login/")
    assert "/members/seller/flag/" not in client.get("/members/seller/").text


def test_flags_are_limited_as_those_of_posts(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"flag_new": "2/1h"}
    client.force_login(make_user(trust=User.Trust.NEW))

    codes = [client.post(f"/members/{make_user().username}/flag/", {"reason": "personal"}).status_code for _ in "123"]

    assert codes == [302, 302, 429]


def test_the_database_allows_one_open_flag_and_one_item_a_profile(seller):
    found = flag(seller)
    same = {"item": found.item, "reason": "other", "weight": 1, "at": timezone.now()}

    for values in ({"profile": seller, "by": found.by}, {"by": make_user()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Flag.objects.create(**same, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueItem.objects.create(member=seller, is_profile=True, opened_at=timezone.now())


def test_many_profiles_may_be_flagged_by_one_member_and_one_by_many(seller):
    member, other = make_user(), make_user(bio="x")

    flag(seller, member)
    flag(other, member)
    flag(seller)

    assert QueueItem.objects.open().count() == 2
    assert Flag.objects.open().count() == 3


# --- The queue ---


def test_every_moderator_sees_it_and_nobody_else(client, seller, moderator):
    flag(seller, part="bio", words="Sells visas.")
    elsewhere = make_moderator(make_subforum())

    for user in (moderator, elsewhere, make_admin()):
        client.force_login(user)
        page = client.get("/moderation/?kind=profile").text
        assert "Profile, 1 flag: advertising" in page
        assert "Sells visas." in page
        assert 'name="field" value="bio" checked' in page
        assert 'name="field" value="signature">' in page
        assert client.get(f"/moderation/queue/{QueueItem.objects.get().pk}/").status_code == 200
        assert client.get(f"/moderation/queue/{QueueItem.objects.get().pk}/context/").status_code == 200
        assert waiting_for(user).count() == 1
    assert waiting_for(make_user()).count() == 0
    client.force_login(make_user())
    assert client.get("/moderation/").status_code == 403


def test_a_moderator_whose_profile_it_is_does_not_judge_it(client, moderator):
    flag(moderator)
    other = make_moderator(make_subforum())

    assert waiting_for(moderator).count() == 0
    assert press(client, moderator, "dismiss").status_code == 404
    assert press(client, other, "dismiss").status_code == 403
    [row] = listing.page(other)
    assert row.buttons == ()
    assert press(client, make_admin(), "dismiss").status_code == 302


def test_ticked_texts_are_cleared_with_rule_and_reason_and_come_back_by_undo(client, seller, moderator):
    set_rules(make_admin(), None, introduction="Look first.", rules=["No trade."])
    flag(seller)

    press(client, moderator, "clear-profile", field=["bio", "signature"], rule="f1", reason="Please no adverts.")

    seller.refresh_from_db()
    assert (seller.bio, seller.bio_html, seller.signature, seller.location) == ("", "", "", "Osh")
    assert [found.outcome for found in Flag.objects.all()] == [Outcome.UPHELD]
    assert not QueueItem.objects.open().exists()
    entry = ModerationEntry.objects.get(verb="clear-profile")
    client.force_login(seller)
    told = client.get("/moderation/mine/").text
    assert is_told(entry)
    assert "Texts of your profile were cleared" in told
    assert "Please no adverts." in told
    assert "rule 1 of the whole forum" in told

    client.force_login(moderator)
    client.post(f"/moderation/entries/{entry.pk}/undo/")

    seller.refresh_from_db()
    assert (seller.bio, seller.bio_html, seller.signature) == ("Buy visas.", "<p>Buy visas.</p>", "Cheap!")
    assert Flag.objects.open().count() == 1
    assert QueueItem.objects.open().count() == 1


def test_clearing_asks_why_once_and_what(client, seller, moderator):
    flag(seller, part="bio")

    asked = press(client, moderator, "clear-profile", field="signature")
    assert asked.status_code == 400
    assert 'value="signature" checked' in asked.text
    assert 'value="bio" checked' not in asked.text
    assert press(client, moderator, "clear-profile", reason="x").status_code == 409
    assert press(client, moderator, "clear-profile", field=["email", "password"], reason="x").status_code == 302
    seller.refresh_from_db()
    assert seller.bio == "Buy visas."
    assert Flag.objects.open().exists()


def test_a_flag_is_dismissed_without_a_word_to_the_member_and_undone(client, seller, moderator):
    flag(seller)

    for _ in range(2):
        assert press(client, moderator, "dismiss").status_code == 302

    entry = ModerationEntry.objects.get(verb="dismiss-profile")
    assert Flag.objects.get().outcome == Outcome.DISMISSED
    assert not is_told(entry)
    assert "seller" not in client.get("/log/").text
    undo.undo(moderator, entry)
    assert QueueItem.objects.open().count() == 1


def test_a_moderator_warns_who_wrote_where_they_moderate(client, moderator):
    member, stranger = make_member_of(moderator, bio="x"), make_user(bio="x")
    flag(stranger)
    [row] = listing.page(moderator)
    assert "warn" not in {button.act for button in row.buttons}
    assert press(client, moderator, "warn", reason="Be kind.").status_code == 403

    flag(member)
    assert press(client, moderator, "warn", reason="Be kind.").status_code == 302

    warning = ModerationEntry.objects.get(verb="warn")
    assert warning.member == member
    assert Flag.objects.get(profile=member).outcome == Outcome.UPHELD
    undo.undo(moderator, warning)
    assert Flag.objects.get(profile=member).closed_at is None


def test_what_stood_when_it_was_flagged_is_shown_where_it_was_changed_since(client, seller, moderator):
    flag(seller, part="bio")
    User.objects.filter(pk=seller.pk).update(bio="I cycle.", bio_html="<p>I cycle.</p>")
    client.force_login(moderator)

    page = client.get("/moderation/").text

    assert "I cycle." in page
    assert "When it was flagged, bio:" in page
    assert "Buy visas." in page


def test_what_nobody_else_sees_is_neither_kept_nor_shown(client, moderator):
    member = make_user(bio="My diary.", bio_for=User.ShownTo.NOBODY, location="Osh")

    found = flag(member)

    assert set(found.stood) == {"location"}
    client.force_login(moderator)
    assert "My diary." not in client.get("/moderation/").text


def test_a_name_that_an_administrator_changes_settles_its_flags(client, seller):
    flag(seller, part="name")
    flag(seller, part="bio")
    admin = make_admin()
    client.force_login(admin)
    assert "/members/seller/rename/" in client.get("/moderation/").text

    rename(seller, "trader", by=admin)

    assert {found.part: found.outcome for found in Flag.objects.all()} == {"name": Outcome.UPHELD, "bio": ""}


def test_a_clean_up_after_a_spammer_settles_it(seller):
    flag(seller)
    make_post(author=seller)

    entry = spam.clean_spam(make_admin(), seller, WHY)

    assert Flag.objects.get().outcome == Outcome.UPHELD
    undo.undo(entry.by, entry)
    assert Flag.objects.open().exists()


def test_an_appeal_of_the_member_is_an_item_of_its_own(moderator):
    member = make_member_of(moderator, bio="x")
    warning = member_acts.warn(moderator, member, WHY)
    flag(member)

    appeals.appeal(member, warning, "I meant well.")

    assert sorted(item.kinds[0] for item in QueueItem.objects.open()) == ["appeal", "profile"]


def test_flags_of_profiles_and_posts_do_not_mix_when_acts_are_undone(seller, moderator):
    by, other = make_user(), make_user(bio="x")
    flag(seller, by)
    flag(other, by)
    make_flag(make_post(author=seller), by=by)

    entry = member_acts.clear_profile(moderator, seller, ["bio"], Why(reason="x"))
    undo.undo(moderator, entry)

    assert Flag.objects.open().count() == 3
    assert Flag.objects.get(profile=seller).item.member == seller
    assert QueueItem.objects.open().count() == 3


def test_an_upheld_flag_keeps_trust_from_rising(seller, moderator):
    User.objects.filter(pk=seller.pk).update(trust=User.Trust.NEW, email_confirmed_at=timezone.now())
    assert seller in _without_incident(User.Trust.MEMBER, User.objects.all())
    flag(seller)

    member_acts.clear_profile(moderator, seller, ["bio"], Why(reason="x"))

    assert seller not in _without_incident(User.Trust.MEMBER, User.objects.all())


@pytest.mark.parametrize(("fields", "is_again"), [(["bio", "signature"], True), (["location"], False)])
def test_a_profile_is_cleared_again_where_one_of_the_same_texts_is(seller, moderator, fields, is_again):
    entry = member_acts.clear_profile(moderator, seller, ["bio"], Why(reason="x"))
    User.objects.filter(pk=seller.pk).update(bio="Buy more visas.")

    member_acts.clear_profile(moderator, seller, fields, Why(reason="x"))

    assert later_acts.is_done_again(entry) is is_again


def test_older_entries_that_name_one_field_are_still_undone(seller, moderator):
    entry = member_acts.clear_profile(moderator, seller, ["bio"], Why(reason="x"))
    stood = {"field": "bio", "stood": {"bio": "Buy visas.", "bio_html": ""}}
    entry.words.before, entry.words.after = stood, {"field": "bio"}

    write_profile_back(moderator, entry, entry.words)

    seller.refresh_from_db()
    assert seller.bio == "Buy visas."
    assert wording.effect(entry) == "Bio."


def test_the_queue_costs_the_same_for_one_flagged_profile_and_many(client, moderator):
    flag(make_user(bio="x"))
    client.force_login(moderator)
    client.get("/moderation/")
    with CaptureQueriesContext(connection) as one:
        client.get("/moderation/")
    for _ in range(4):
        flag(make_user(bio="x"))

    with CaptureQueriesContext(connection) as many:
        client.get("/moderation/")

    assert len(many) == len(one)
