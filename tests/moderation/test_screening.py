"""Only what is risky waits, nobody but its author and the moderators sees it, and what was let pass stays so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from forum.actions import edits, posts
from forum.extensions import screeners
from forum.models import Post, Topic
from moderation.actions import post_acts
from moderation.filters import banned_words
from moderation.filters.holds import has_contact, links_at_most, links_in
from moderation.models import Hold, QueueItem
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db
LINK = "See https://shop.example/permits for more."
LONG = "The guard at the first gate looked at the papers for ten minutes and then waved us through to the arch. "


def fresh(post):
    return Post.objects.select_related("topic__subforum", "author").get(pk=post.pk)


def reason_of(post):
    """Why it waits; None if it was published."""
    post = fresh(post)
    hold = Hold.objects.open().filter(post=post).first()
    assert (post.held_at is not None) == (hold is not None)
    return hold and hold.reason


def newcomer(posts_count=0):
    return make_user(posts_count=posts_count)


# --- What waits ---


@pytest.mark.parametrize(
    "source",
    [
        LINK,
        "Write me: guide@example.org",
        "Call +992 93 501 2345 for a car.",
        "My number is 13812345678.",
        "![picture](https://shop.example/p.png)",
    ],
)
def test_first_posts_with_links_or_contacts_wait(source):
    assert reason_of(make_post(author=newcomer(), source=source)) == "first-post"
    assert reason_of(make_post(author=newcomer(posts_count=3), source=source)) is None
    assert reason_of(make_post(author=make_user(trust=User.Trust.MEMBER), source=source)) is None


@pytest.mark.parametrize(
    "source",
    [
        "Is the arch open?",
        "We crossed at 40.5512, 75.3871 on 2026-10-12, it took 1,250 minutes and cost 2 500 som.",
        "See [the list](/crossings/) here, and https://borderpost.example/topics/1/ there.",
    ],
)
def test_harmless_first_posts_do_not_wait(settings, source):
    settings.SITE_URL = "https://borderpost.example"

    assert reason_of(make_post(author=newcomer(), source=source)) is None


@pytest.mark.parametrize(("trust", "most"), [(User.Trust.NEW, 2), (User.Trust.MEMBER, 10)])
def test_more_links_than_trust_allows_wait(trust, most):
    author = make_user(trust=trust, posts_count=9)
    links = [f"https://site{number}.example/" for number in range(most + 1)]

    assert reason_of(make_post(author=author, source=" ".join(links[:most]))) is None
    assert reason_of(make_post(author=author, source=" ".join([*links[:most], links[0]]))) is None
    assert reason_of(make_post(author=author, source=" ".join(links))) == "links"
    assert reason_of(make_post(author=make_user(trust=User.Trust.TRUSTED), source=" ".join(links))) is None


def test_a_newcomer_who_calls_many_by_name_waits():
    called = [make_user(username=f"pamir_rider{number}x") for number in range(4)]
    names = [f"@{member.username}" for member in called]

    assert reason_of(make_post(author=newcomer(9), source=f"Hello {' '.join(names[:3])}")) is None
    assert reason_of(make_post(author=newcomer(9), source=f"Hello {' '.join(names)}")) == "mentions"


def test_a_newcomers_text_that_was_posted_before_waits():
    make_post(source=LONG)

    copied = make_post(author=newcomer(9), source=f"  {LONG.upper()}\n")

    assert reason_of(copied) == "copied"
    assert reason_of(make_post(author=newcomer(9), source="It was open on Monday.")) is None
    assert reason_of(make_post(author=make_user(trust=User.Trust.MEMBER), source=LONG)) is None


def test_a_newcomer_who_writes_very_fast_waits():
    author, topic = newcomer(9), make_topic()

    reasons = [reason_of(make_post(topic=topic, author=author, source=f"Post {number}.")) for number in range(7)]

    assert reasons == [None] * 6 + ["too-fast"]


def test_a_whole_topic_waits_with_its_first_post():
    topic = make_topic(author=newcomer(), source=LINK)

    assert topic.held_at is not None
    assert QueueItem.objects.get().kinds == ["hold"]
    assert Hold.objects.get().words == "https://shop.example/permits"


def test_a_held_reply_is_not_the_last_post_of_its_topic():
    topic = make_topic()
    last = (topic.last_post, topic.last_post_at)

    held = make_post(topic=topic, author=newcomer(), source=LINK)

    topic.refresh_from_db()
    topic.subforum.refresh_from_db()
    assert held.held_at is not None
    assert (topic.last_post, topic.last_post_at) == last
    assert (topic.last_number, topic.posts_count) == (2, 1)
    assert (topic.subforum.last_post, topic.subforum.last_post_at) == last


def test_a_held_opening_post_is_the_last_of_its_topic_and_not_of_its_subforum():
    topic = make_topic(author=newcomer(), source=LINK)

    assert topic.held_at is not None
    assert topic.last_post == topic.opening_post
    assert (topic.subforum.last_post, topic.subforum.topics_count) == (None, 0)


def test_moderators_are_not_screened_where_they_moderate():
    topic = make_topic()
    banned_words.watch(make_admin(), "permits", act="block")
    author = make_moderator(topic.subforum, trust=User.Trust.NEW)

    assert reason_of(make_post(topic=topic, author=author, source=LINK)) is None
    with pytest.raises(screeners.Refused):
        make_post(author=author, source=LINK)


# --- Watched words ---


def test_a_blocked_word_is_refused_in_words():
    banned_words.watch(make_admin(), "cheap permits", act="block")

    with pytest.raises(screeners.Refused, match="“cheap permits”"):
        make_post(author=make_user(trust=User.Trust.TRUSTED), source="I have cheap permits.")


def test_a_refused_text_is_kept(client):
    banned_words.watch(make_admin(), "cheap permits", act="block")
    topic = make_topic()
    client.force_login(make_user())

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "I have cheap permits."})

    assert "Please write it in other words" in answer.text
    assert "I have cheap permits." in answer.text


def test_a_held_word_waits_even_from_trusted_members_and_in_titles():
    banned_words.watch(make_admin(), "cheap permits", act="hold")
    trusted = make_user(trust=User.Trust.TRUSTED)

    assert reason_of(make_post(author=trusted, source="CHEAP permits!")) == "words"
    assert Hold.objects.get().words == "Watched: cheap permits"
    assert make_topic(author=trusted, title="Cheap permits for all").held_at is not None


def test_a_word_of_another_subforum_is_none_here():
    elsewhere = make_topic()
    banned_words.watch(make_admin(), "permits", act="hold", subforum=elsewhere.subforum)

    assert reason_of(make_post(source="About permits.")) is None
    assert reason_of(make_post(topic=elsewhere, source="About permits.")) == "words"


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        ("casino", "The casino is shut.", True),
        ("casino", "THE CASINO!", True),
        ("casino", "Casinos everywhere", False),
        ("casino*", "Casinos everywhere", True),
        ("casino", "The caѕino", True),  # a Cyrillic letter in it
        ("casino", "The cas\u200bino", True),
        ("casino", "The càsíno", True),
        ("casino", "cas1n0", True),
        ("cheap permits", "cheap,  permits", True),
        ("cheap permits", "cheap good permits", False),
        ("казино", "Наше КАЗИНО открыто", True),
        ("казино", "Казахстан", False),
        ("赌场", "去赌场吧", True),
        ("ass", "The pass is open", False),
    ],
)
def test_a_pattern_finds_whole_words_however_disguised(pattern, text, is_found):
    watched = banned_words.Watched(pattern, banned_words.fold_pattern(pattern), "hold")

    assert bool(banned_words.matching(text, [watched])) == is_found


def test_the_same_word_is_watched_once():
    admin = make_admin()

    first = banned_words.watch(admin, "Casino", act="hold")
    again = banned_words.watch(admin, "CASINO", act="block", note="Worse than thought.")

    assert again == first
    assert again.act == "block"


# --- Who sees what waits ---


def test_the_author_and_moderators_see_it_others_nothing(client):
    topic = make_topic()
    post = make_post(topic=topic, author=newcomer(), source=LINK)

    def seen_by(user):
        client.force_login(user) if user else client.logout()
        return client.get(f"/posts/{post.pk}/").status_code

    assert [seen_by(None), seen_by(make_user())] == [404, 404]
    assert seen_by(post.author) == seen_by(make_moderator(topic.subforum)) == 302
    client.force_login(post.author)
    page = client.get(topic.get_absolute_url()).text
    assert "Waiting for a moderator" in page


def test_its_author_may_edit_it_while_it_waits():
    post = make_post(author=newcomer(), source=LINK)

    edits.edit_post(post.author, post, source=f"{LINK} And thanks.", based_on=0)

    assert fresh(post).source == f"{LINK} And thanks."
    assert reason_of(post) == "first-post"


def test_a_published_post_cannot_be_made_risky():
    post = make_post(author=newcomer(), source="Is the arch open?")

    with pytest.raises(screeners.Refused, match="first posts with links"):
        edits.edit_post(post.author, post, source=LINK, based_on=0)


@pytest.mark.parametrize("act", ["block", "hold"])
def test_the_title_of_a_topic_is_no_part_of_a_reply_that_is_edited(act):
    post = make_post(topic=make_topic(title="Is this casino at the border real?"), source="It is.")
    banned_words.watch(make_admin(), "casino", act=act)

    edits.edit_post(post.author, post, source="It is not.", based_on=0)

    assert fresh(post).source == "It is not."


# --- What a moderator let pass ---


def test_approval_overrules_the_filter_for_that_author_and_text():
    author, topic = newcomer(), make_topic()
    post = make_post(topic=topic, author=author, source=LINK)
    post_acts.approve(make_moderator(topic.subforum), post, WHY)

    assert reason_of(make_post(topic=topic, author=author, source=f"{LINK}  ")) is None
    assert reason_of(make_post(topic=topic, author=author, source=f"{LINK} More!")) == "first-post"
    assert reason_of(make_post(topic=topic, author=newcomer(), source=LINK)) == "first-post"


def test_an_approved_text_is_refused_all_the_same_when_a_word_in_it_is_blocked():
    author, topic = newcomer(), make_topic()
    post = make_post(topic=topic, author=author, source=LINK)
    post_acts.approve(make_moderator(topic.subforum), post, WHY)
    banned_words.watch(make_admin(), "permits", act="block")

    with pytest.raises(screeners.Refused):
        make_post(topic=topic, author=author, source=LINK)


def test_an_approved_title_does_not_let_another_pass():
    banned_words.watch(make_admin(), "cheap permits", act="hold")
    author = make_user(trust=User.Trust.MEMBER)
    topic = make_topic(author=author, title="Cheap permits, a warning")
    post_acts.approve(make_admin(), topic.opening_post, WHY)

    same = make_topic(author=author, title="Cheap permits, a warning", subforum=topic.subforum)
    other = make_topic(author=author, title="Cheap permits, buy now", subforum=topic.subforum)

    assert (same.held_at, other.held_at is None) == (None, False)


def test_flags_and_the_hold_of_one_post_are_one_item():
    post = make_post(source="It was open.")
    for _ in range(3):
        make_flag(post)

    assert Topic.objects.get(pk=post.topic_id).is_readable
    assert QueueItem.objects.get().kinds == ["flag", "hold"]


@pytest.mark.parametrize(
    ("text", "is_contact"),
    [
        ("guide@example.org", True),
        ("+7 (701) 123-45-67", True),
        ("0086 138 1234 5678", True),
        ("13812345678", True),
        ("40.551234567, 75.387123456", False),
        ("2026-10-12", False),
        ("12,500 km in 100 days", False),
        ("@pamir_rider", False),
    ],
)
def test_a_way_to_be_reached_is_known(text, is_contact):
    assert has_contact(text) == is_contact


def test_posting_costs_few_queries_more(django_assert_max_num_queries):
    topic, author = make_topic(), make_user(trust=User.Trust.MEMBER)
    banned_words.watch(make_admin(), "casino", act="hold")
    make_post(topic=topic, author=author, source="The first.")

    with django_assert_max_num_queries(22):
        posts.reply(author, topic, source="The second, with a [link](https://site.example/).")


LINKISH = ["https://a.example/b", "www.site.example", "site.example", "me@site.example", "[x](https://b.example)", "](",
           "<http://c.example>", "<mailto:you@d.example>", "[1]: https://e.example", "[1]", "![p](https://f.example/i)",
           "a.b.c.example", "例。例", "HTTP://G.EXAMPLE", "//h.example", " ", "\n", "\n\n", "(", ")", ".", ":", "word",
           "http://i.example:80/?a=b&c=d.", "ftp://j.example", "`k.example`"]  # fmt: skip


@given(st.lists(st.sampled_from(LINKISH), max_size=30).map("".join))
def test_no_text_has_more_links_than_can_be_seen_without_rendering_it(source):
    assert len(links_in(source)) <= links_at_most(source)
