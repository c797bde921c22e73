"""The pages of flags, watched words and members, through the door that people take."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import RateCount, User
from crossings.models import SimilarTopic
from forum.actions.rules import set_rules
from forum.models import Post
from moderation.actions import member_acts, topic_acts
from moderation.filters import banned_words
from moderation.log.entries import Why
from moderation.log.member_history import notes_about
from moderation.models import Flag, StaffNote, WatchedWord
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db


# --- Flagging ---


@pytest.fixture
def post():
    post = make_post()
    author = post.topic.author
    set_rules(author, post.topic.subforum, introduction="Look.", rules=["Be kind.", "No advertising."])
    set_rules(author, None, introduction="For all.", rules=["Nothing illegal."])
    return post


def flag(client, post, **fields):
    return client.post(reverse("moderation:flag-post", args=[post.pk]), fields)


def test_a_flag_names_a_numbered_rule_of_the_subforum_or_the_forum(client, post):
    for value, number, is_forum_rule in (("2", 2, False), ("f1", 1, True)):
        client.force_login(make_user())
        page = client.get(reverse("moderation:flag-post", args=[post.pk])).text
        assert "2. No advertising." in page
        assert "1. Nothing illegal." in page

        answer = flag(client, post, reason="rules", rule=value)

        assert answer.url == post.get_absolute_url()
        made = Flag.objects.latest("pk")
        assert (made.reason, made.rule, made.is_forum_rule) == ("rules", number, is_forum_rule)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "required"),
        ({"reason": "rules"}, "Choose the rule"),
        ({"reason": "rules", "rule": "3"}, "Select a valid choice"),
        ({"reason": "other"}, "Say in a few words"),
        ({"reason": "duplicate"}, "Choose the other topic"),
        ({"reason": "duplicate", "other_address": "/topics/999999999999999999/"}, "Choose the other topic"),
        ({"reason": "advertising", "words": "x" * 501}, "at most 500"),
    ],
)
def test_what_is_missing_is_said(client, post, fields, words):
    client.force_login(make_user())

    answer = flag(client, post, **fields)

    assert answer.status_code == 400
    assert words in answer.text
    assert not Flag.objects.exists()


def test_a_rule_that_changed_while_one_wrote_is_chosen_again(client, post):
    client.force_login(make_user())
    shown = client.get(reverse("moderation:flag-post", args=[post.pk])).context["form"]["rules_seen"].value()
    set_rules(post.author, post.topic.subforum, introduction="Look.", rules=["No advertising.", "Be kind."])
    typed = {"reason": "rules", "rule": "2", "rules_seen": shown, "words": "He sells things."}

    refused = flag(client, post, **typed)

    assert refused.status_code == 400
    assert "The rules have changed meanwhile" in refused.text
    assert "He sells things." in refused.text
    assert (
        flag(client, post, **typed | {"rules_seen": refused.context["form"]["rules_seen"].value()}).status_code == 302
    )
    assert Flag.objects.get().rule_text == "Be kind."


def test_a_duplicate_names_the_other_topic_by_its_address(client, post):
    other = make_topic()
    client.force_login(make_user())

    flag(client, post, reason="duplicate", other_address=f"https://borderpost.example{other.get_absolute_url()}")

    assert Flag.objects.get().other_topic == other


def test_a_topic_that_the_member_may_not_read_is_none(client, post):
    secret = make_topic(subforum=make_subforum(access="staff"), author=make_admin())
    client.force_login(make_user())

    answer = flag(client, post, reason="duplicate", other_address=secret.get_absolute_url())

    assert answer.status_code == 400


def test_similar_topics_are_offered_for_a_duplicate(client):
    asked = make_topic(title="Torugart pass with a bicycle in June")
    again = make_topic(title="Torugart pass with a bicycle in June?")
    SimilarTopic.objects.create(topic=again, other=asked, rank=0, score=2, reason="question")
    client.force_login(make_user())

    page = client.get(reverse("moderation:flag-post", args=[again.opening_post_id])).text
    assert f'name="other" value="{asked.pk}"' in page
    flag(client, again.opening_post, reason="duplicate", other=asked.pk)

    assert Flag.objects.get().other_topic == asked


def test_whoever_flagged_may_take_it_back_there(client, post):
    client.force_login(make_user())
    flag(client, post, reason="dangerous")
    assert "Take my flag back" in client.get(reverse("moderation:flag-post", args=[post.pk])).text

    client.get(reverse("moderation:withdraw-flag", args=[post.pk]))
    assert Flag.objects.open().exists()
    client.post(reverse("moderation:withdraw-flag", args=[post.pk]))

    assert not Flag.objects.open().exists()


def test_flagging_again_from_an_old_page_changes_nothing(client, post):
    client.force_login(make_user())

    for reason in ("dangerous", "advertising"):
        assert flag(client, post, reason=reason).status_code == 302

    assert Flag.objects.get().reason == "dangerous"


def test_after_the_last_flag_one_comes_to_what_can_still_be_read(client, post):
    for _ in range(2):
        make_flag(post)
        make_flag(post.topic.opening_post)
    client.force_login(make_user(trust=User.Trust.MEMBER))

    assert flag(client, post, reason="dangerous").url == post.topic.get_absolute_url()
    assert Post.objects.get(pk=post.pk).held_at is not None
    assert flag(client, post.topic.opening_post, reason="dangerous").url == post.topic.subforum.get_absolute_url()


@pytest.mark.django_db(transaction=True)
def test_flags_are_limited_by_trust(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"flag_new": "1/1d", "flag_member": "2/1d"}
    posts = [make_post() for _ in range(3)]
    for trust, allowed in ((User.Trust.NEW, 1), (User.Trust.MEMBER, 2)):
        client.force_login(make_user(trust=trust))

        codes = [flag(client, one, reason="dangerous").status_code for one in posts]

        assert codes == [302] * allowed + [429] * (3 - allowed)
    assert RateCount.objects.exists()


def test_a_flag_stands_under_every_post_but_ones_own(client, post):
    own = make_post(topic=post.topic)
    address = reverse("moderation:flag-post", args=[post.pk])
    assert address not in client.get(post.topic.get_absolute_url()).text

    client.force_login(own.author)

    page = client.get(post.topic.get_absolute_url()).text
    assert address in page
    assert reverse("moderation:flag-post", args=[own.pk]) not in page


def test_flags_cost_the_page_no_query(client, post, django_assert_max_num_queries):
    client.force_login(make_user())
    client.get(post.topic.get_absolute_url())

    with django_assert_max_num_queries(8):
        client.get(post.topic.get_absolute_url())


# --- Watched words ---


def test_a_word_is_watched_tried_and_forgotten(client):
    client.force_login(make_admin())

    client.post("/moderation/words/", {"pattern": "Cheap permits*", "act": "hold", "note": "Sellers."})
    word = WatchedWord.objects.get()
    assert "Cheap permits*" in client.get("/moderation/words/").text

    tried = client.post("/moderation/words/", {"try": "1", "text": "CHEAP pérmitsss today"})
    assert "Found: <b" in tried.text
    assert "None of the words" in client.post("/moderation/words/", {"try": "1", "text": "All is well."}).text
    assert WatchedWord.objects.count() == 1

    client.post(f"/moderation/words/{word.pk}/forget/")
    assert not WatchedWord.objects.exists()


def test_a_word_without_a_word_is_refused(client):
    client.force_login(make_admin())

    answer = client.post("/moderation/words/", {"pattern": "!!", "act": "hold"})

    assert answer.status_code == 400
    assert "at least two letters" in answer.text


def test_moderators_watch_words_in_their_own_subforums(client):
    here, there = make_subforum(), make_subforum()
    admin = make_admin()
    for_all = banned_words.watch(admin, "casino", act="block")
    elsewhere = banned_words.watch(admin, "taxi", act="hold", subforum=there)
    client.force_login(make_moderator(here))

    assert client.post("/moderation/words/", {"pattern": "guaranteed visa", "act": "flag"}).status_code == 400
    assert (
        client.post(
            "/moderation/words/", {"pattern": "guaranteed visa", "act": "flag", "subforum": there.pk}
        ).status_code
        == 400
    )
    client.post("/moderation/words/", {"pattern": "guaranteed visa", "act": "flag", "subforum": here.pk})

    assert WatchedWord.objects.filter(subforum=here).count() == 1
    page = client.get("/moderation/words/").text
    assert "casino" in page
    assert "taxi" not in page
    assert client.post(f"/moderation/words/{for_all.pk}/forget/").status_code == 403
    assert client.post(f"/moderation/words/{elsewhere.pk}/forget/").status_code == 404


# --- A member, for moderators ---


def test_the_history_of_a_member_at_a_glance(client, post):
    moderator = make_moderator(post.topic.subforum)
    make_flag(post, words="Look at this.")
    waiting = make_post(topic=post.topic, author=post.author)
    Post.objects.filter(pk=waiting.pk).update(held_at=waiting.written_at)
    client.force_login(moderator)
    client.post(f"/moderation/members/{post.author.username}/", {"text": "Writes in good faith."})
    member_acts.warn(moderator, post.author, WHY, points=2, post=post)

    page = client.get(f"/moderation/members/{post.author.username}/").text

    for words in (
        "Writes in good faith.",
        "Look at this.",
        WHY.reason,
        "2 points",
        f"post {waiting.number}",
        "1 upheld",
    ):
        assert words in page
    assert page.count("Writes in good faith.") == 1
    assert "/moderation/members/" in client.get(post.author.get_absolute_url()).text


def test_a_member_sees_no_way_to_their_own_history(client, post):
    client.force_login(post.author)

    assert "/moderation/members/" not in client.get(post.author.get_absolute_url()).text
    assert client.get(f"/moderation/members/{post.author.username}/").status_code == 403


def test_what_is_in_a_closed_subforum_stays_there(client):
    closed = make_subforum(access="staff")
    writer = make_moderator(closed)
    secret = make_topic(subforum=closed, author=writer, title="A secret of the staff")
    admin = make_admin()
    make_flag(secret.opening_post, by=admin, words="Too much said.")
    member_acts.warn(admin, writer, Why(reason="You told the plan."), post=secret.opening_post)
    writer.moderated_subforums.clear()
    client.force_login(make_moderator(make_subforum()))

    page = client.get(f"/moderation/members/{writer.username}/").text

    assert "A secret of the staff" not in page
    assert "Too much said." not in page
    assert "You told the plan." not in page


def test_a_topic_that_moved_to_where_a_moderator_may_not_read_keeps_its_title(client):
    member, admin = make_user(), make_admin()
    topic = make_topic(author=member, title="A plan")
    moderator = make_moderator(topic.subforum)
    topic_acts.lock(admin, topic, WHY)
    topic_acts.move(admin, topic, make_subforum(access="staff"), WHY)
    topic_acts.retitle(admin, topic, "A secret plan", WHY)
    client.force_login(moderator)

    page = client.get(f"/moderation/members/{member.username}/").text

    assert WHY.reason in page
    assert "A secret plan" not in page


def test_of_elsewhere_a_moderator_reads_how_many_and_no_reasons(client, post):
    there = make_moderator(post.topic.subforum)
    make_flag(post, words="A flag of there.")
    member_acts.warn(there, post.author, Why(reason="A reason of there.", private_note="Our secret."), post=post)
    member_acts.add_note(there, post.author, "A note of there.")
    member_acts.suspend(
        make_admin(), post.author, timezone.now() + timedelta(days=3), Why(reason="For the whole forum.")
    )
    elsewhere = make_moderator(make_subforum())
    client.force_login(elsewhere)

    page = client.get(f"/moderation/members/{post.author.username}/").text

    assert "Suspend: 1, Warn: 1. Reasons are read by the moderators there" in page
    assert "Acts on members are for the moderators of where it happened" in page
    for words in ("A flag of there.", "A reason of there.", "Our secret.", "A note of there.", "For the whole forum."):
        assert words not in page
    client.force_login(there)
    assert "A note of there." in client.get(f"/moderation/members/{post.author.username}/").text
    client.force_login(make_admin())
    assert "For the whole forum." in client.get(f"/moderation/members/{post.author.username}/").text


def test_a_note_is_for_the_moderators_of_its_place_and_an_administrators_for_all(client, post):
    member_acts.add_note(make_moderator(post.topic.subforum), post.author, "For us alone.")
    member_acts.add_note(make_admin(), post.author, "For all of us.")
    fellow, stranger = make_moderator(post.topic.subforum), make_moderator(make_subforum())

    assert [note.text for note in notes_about(fellow, post.author)] == ["For all of us.", "For us alone."]
    assert [note.text for note in notes_about(stranger, post.author)] == ["For all of us."]
    assert notes_about(make_admin(), post.author).count() == 2


def test_nobody_keeps_a_note_about_whom_they_have_never_read_where_they_moderate(client, post):
    client.force_login(make_moderator(make_subforum()))

    assert client.post(f"/moderation/members/{post.author.username}/", {"text": "A rival."}).status_code == 403
    assert not StaffNote.objects.exists()


def test_a_note_that_says_nothing_is_refused(client):
    member = make_user()
    client.force_login(make_admin())

    answer = client.post(f"/moderation/members/{member.username}/", {"text": " \u200e "})

    assert answer.status_code == 400
    assert not StaffNote.objects.exists()


def test_a_members_page_costs_the_same_however_much_there_is(client, django_assert_max_num_queries):
    topic = make_topic()
    member, moderator = make_user(), make_moderator(topic.subforum)
    for number in range(4):
        post = make_post(topic=topic, author=member, source=f"Words {number}.")
        make_flag(post)
        member_acts.warn(moderator, member, WHY, post=post, points=0)
    client.force_login(moderator)

    with django_assert_max_num_queries(27):
        client.get(f"/moderation/members/{member.username}/")


def test_a_members_page_shows_their_topics_and_posts(client):
    topic, secret = make_topic(title="Torugart by bicycle"), make_subforum(access="staff")
    member, moderator = topic.author, make_moderator(topic.subforum)
    make_post(topic=topic)
    make_post(topic=make_topic(title="A flat tyre in Osh"), author=member, source="Glue it, and wait an hour.")
    make_topic(subforum=secret, author=make_admin(), title="A secret plan")
    client.force_login(moderator)

    page = client.get(f"/moderation/members/{member.username}/").text

    for words in ("Torugart by bicycle", "1 reply", "A flat tyre in Osh", "Glue it, and wait an hour.", "Opening post"):
        assert words in page
    assert "A secret plan" not in page


def test_where_a_topic_stands_is_no_place_to_move_it(client):
    topic, other = make_topic(subforum=make_subforum(name="Kyrgyzstan")), make_subforum(name="China")
    client.force_login(make_admin())

    for path in (f"/moderation/topics/{topic.pk}/", f"/moderation/forums/{topic.subforum.slug}/"):
        page = client.get(path).text
        assert f'<option value="{other.pk}">China' in page
        assert f'<option value="{topic.subforum_id}"' not in page
