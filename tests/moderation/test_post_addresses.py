"""From where posts were written: kept for ninety days, seen by their moderators alone, and each look is logged."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.models import Post, Topic
from moderation import post_addresses
from moderation.actions import post_acts
from moderation.log.entries import Why
from moderation.models import ModerationEntry, PostAddress, Verb
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.77"


@pytest.fixture
def topic():
    return make_topic()


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum)


def write(client, topic, author=None, address=ADDRESS, **fields):
    """A reply sent from an address."""
    client.force_login(author or make_user())
    fields = {"source": "It was open on Monday."} | fields
    answer = client.post(f"/topics/{topic.pk}/reply/", fields, REMOTE_ADDR=address)
    assert answer.status_code == 302
    return Post.objects.latest("pk")


def look(client, moderator, post):
    client.force_login(moderator)
    return client.post(f"/moderation/posts/{post.pk}/address/")


class TestKeeping:
    def test_a_reply_and_a_new_topic_are_noted_with_their_address(self, client, topic):
        post = write(client, topic)
        client.post(
            f"/forums/{topic.subforum.slug}/new/", {"title": "A title long enough", "source": "Words."},
            REMOTE_ADDR="2001:db8::7",
        )  # fmt: skip

        opening = Topic.objects.latest("pk").opening_post
        assert dict(PostAddress.objects.values_list("post", "address")) == {post.pk: ADDRESS, opening.pk: "2001:db8::7"}

    def test_what_no_request_wrote_has_none(self, topic):
        make_post(topic=topic)

        assert not PostAddress.objects.exists()

    def test_it_is_the_address_that_our_own_proxy_saw(self, client, topic, settings):
        settings.TRUSTED_PROXIES = 1
        client.force_login(make_user())

        client.post(
            f"/topics/{topic.pk}/reply/", {"source": "Words."}, headers={"x-forwarded-for": f"198.51.100.1, {ADDRESS}"}
        )

        assert PostAddress.objects.get().address == ADDRESS

    @pytest.mark.parametrize(
        ("said", "kept"),
        [("fe80::1%eth0", "fe80::1"), ("::ffff:203.0.113.77", ADDRESS), ("unknown", None), ("nonsense", None)],
    )
    def test_an_address_is_kept_as_the_database_can_hold_it(self, client, topic, said, kept):
        write(client, topic, address=said)

        assert PostAddress.objects.values_list("address", flat=True).first() == kept

    def test_a_held_post_keeps_its_authors_and_never_the_moderators(self, client, topic, moderator):
        held = write(client, topic, source="Call +996 555 123 456 for cheap permits.")
        assert held.held_at is not None
        PostAddress.objects.all().delete()
        client.force_login(moderator)

        client.post(
            f"/moderation/topics/{topic.pk}/", {"act": "approve-posts", "posts": held.pk}, REMOTE_ADDR="192.0.2.1"
        )

        held.refresh_from_db()
        assert held.held_at is None
        assert not PostAddress.objects.exists()

    def test_one_reply_costs_one_statement_more(self, client, topic, django_assert_max_num_queries):
        author = make_user()
        write(client, topic, author)

        with django_assert_max_num_queries(1):
            post_addresses.note(Post.objects.latest("pk"))


class TestLooking:
    def test_a_link_asks_and_shows_nothing(self, client, topic, moderator):
        post = write(client, topic)
        client.force_login(moderator)

        page = client.get(f"/moderation/posts/{post.pk}/address/")

        assert page.status_code == 200
        assert ADDRESS not in page.text
        assert not ModerationEntry.objects.exists()

    def test_the_button_shows_it_and_the_look_is_logged_once_an_hour(self, client, topic, moderator):
        post = write(client, topic)

        pages = [look(client, moderator, post) for _ in range(2)]

        assert all(f"Written from {ADDRESS}" in page.text for page in pages)
        entry = ModerationEntry.objects.get()
        assert (entry.verb, entry.by, entry.post, entry.member) == (Verb.LOOK, moderator, post, post.author)

    def test_after_an_hour_it_is_another_look(self, topic, moderator, monkeypatch):
        post = make_post(topic=topic)
        post_addresses.look(moderator, post)
        later = timezone.now() + timedelta(hours=1, seconds=1)

        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: later)
            post_addresses.look(moderator, post)

        assert ModerationEntry.objects.filter(verb=Verb.LOOK).count() == 2

    def test_nobody_looks_at_equals_and_superiors(self, client, topic, moderator):
        of_equal = write(client, topic, make_moderator(topic.subforum))
        of_admin = write(client, topic, make_admin())

        assert [look(client, moderator, post).status_code for post in (of_equal, of_admin)] == [403, 403]
        assert not ModerationEntry.objects.exists()

    def test_members_authors_and_moderators_of_elsewhere_are_refused(self, client, topic):
        post = write(client, topic)

        codes = [look(client, user, post).status_code for user in (make_user(), post.author, make_moderator())]

        assert codes == [403, 403, 403]

    def test_other_posts_from_there_are_shown_as_far_as_one_may_judge_them(self, client, topic, moderator):
        post = write(client, topic)
        write(client, topic, source="A second voice.")
        write(client, topic, address="203.0.113.78", source="A neighbour.")
        write(client, make_topic(), source="In another subforum.")
        write(client, topic, make_moderator(topic.subforum), source="By an equal.")
        write(client, topic, make_admin(), source="By an administrator.")

        of_moderator, of_admin = (look(client, user, post).text for user in (moderator, make_admin()))

        assert "Other posts from this address<" in of_moderator
        assert "A second voice." in of_moderator
        assert "In another subforum." in of_admin
        for words in ("A neighbour.", "In another subforum.", "By an equal.", "By an administrator."):
            assert words not in of_moderator
        assert "By an administrator." not in of_admin

    def test_a_household_is_one_block_in_the_newer_protocol(self, client, topic, moderator):
        post = write(client, topic, address="2001:db8:1:2::7")
        write(client, topic, address="2001:db8:1:2:ffff::1", source="From the same house.")
        write(client, topic, address="2001:db8:1:3::7", source="From next door.")

        page = look(client, moderator, post).text

        assert "Other posts from 2001:db8:1:2::/64<" in page
        assert "From the same house." in page
        assert "From next door." not in page

    def test_a_post_without_an_address_says_so(self, client, topic, moderator):
        assert "No address is known." in look(client, moderator, make_post(topic=topic)).text

    def test_the_page_asks_the_same_however_much_came_from_there(self, client, topic, moderator):
        post = write(client, topic)
        write(client, topic)
        address = f"/moderation/posts/{post.pk}/address/"
        look(client, moderator, post)

        with CaptureQueriesContext(connection) as few:
            client.post(address)
        for _ in range(6):
            write(client, make_topic(subforum=topic.subforum))
        look(client, moderator, post)
        with CaptureQueriesContext(connection) as many:
            client.post(address)

        assert len(few) == len(many) <= 14


class TestForgetting:
    def test_after_ninety_days_it_is_shown_no_more_and_removed(self, client, topic, moderator):
        old, young = write(client, topic), write(client, topic, source="A younger one.")
        now = timezone.now()
        PostAddress.objects.filter(post=old).update(at=now - timedelta(days=90, minutes=1))
        PostAddress.objects.filter(post=young).update(at=now - timedelta(days=89))
        page = look(client, moderator, old).text
        other = look(client, moderator, young).text

        assert "No address is known." in page
        assert "It was open on Monday." not in other
        assert (post_addresses.forget_old(), post_addresses.forget_old()) == (1, 0)
        assert list(PostAddress.objects.values_list("post", flat=True)) == [young.pk]

    def test_the_operator_says_for_how_long(self, client, topic, settings):
        settings.ADDRESSES_KEPT_DAYS = 1
        write(client, topic)
        PostAddress.objects.update(at=timezone.now() - timedelta(days=2))

        assert post_addresses.forget_old() == 1

    def test_it_goes_in_batches(self, client, topic, monkeypatch):
        monkeypatch.setattr(post_addresses, "AT_ONCE", 2)
        for _ in range(5):
            write(client, topic)
        PostAddress.objects.update(at=timezone.now() - timedelta(days=91))

        assert post_addresses.forget_old() == 5

    def test_the_nightly_clock_does_it(self):
        from config.worker import nightly

        assert post_addresses.forget_old in nightly.CHORES


def test_it_stands_nowhere_else(client, topic, moderator, caplog):
    post = write(client, topic)
    look(client, moderator, post)
    post_acts.hide(moderator, write(client, topic, source="Another."), WHY)
    pages = [
        "/", topic.get_absolute_url(), f"/topics/{topic.pk}/feed/", "/feed/", topic.subforum.get_absolute_url(),
        post.author.get_absolute_url(), "/log/", "/moderation/", "/moderation/log/", f"/moderation/topics/{topic.pk}/",
        f"/moderation/members/{post.author.username}/", f"/posts/{post.pk}/history/", "/moderation/mine/",
        "/crossings.geojson", f"/search/?q={ADDRESS}",
    ]  # fmt: skip

    found = []
    for user in (None, post.author, moderator, make_admin()):
        client.logout() if user is None else client.force_login(user)
        texts = {path: client.get(path, follow=True).text.replace(f"q={ADDRESS}", "") for path in pages}
        found += [path for path, text in texts.items() if ADDRESS in text and "search" not in path]

    assert found == []
    assert ADDRESS not in caplog.text
    assert ADDRESS not in "".join(letter.body for letter in mail.outbox)
    assert ADDRESS not in str([vars(entry.words) for entry in ModerationEntry.objects.select_related("words")])
    assert ADDRESS not in str(PostAddress.objects.first())


class TestErasingWords:
    def entry(self, moderator, topic):
        return post_acts.hide(moderator, make_post(topic=topic), Why(reason="He lives at the blue gate."))

    def test_the_page_asks_and_the_button_erases_once(self, client, topic, moderator):
        entry = self.entry(moderator, topic)
        client.force_login(make_admin())
        path = f"/moderation/entries/{entry.pk}/erase/"
        assert path in client.get("/moderation/log/").text

        asked = client.get(path)
        entry.words.refresh_from_db()
        assert "He lives at the blue gate." in asked.text
        assert entry.words.erased_at is None
        answers = [client.post(path).status_code for _ in range(2)]
        log = client.get("/moderation/log/").text

        assert answers == [302, 302]
        assert "He lives at the blue gate." not in log
        assert "Its words were erased." in log
        assert path not in log

    def test_erasing_twice_keeps_the_first_time(self, client, topic, moderator):
        entry = self.entry(moderator, topic)
        client.force_login(make_admin())
        path = f"/moderation/entries/{entry.pk}/erase/"
        client.post(path)
        entry.words.refresh_from_db()
        first = entry.words.erased_at

        client.post(path)

        entry.words.refresh_from_db()
        assert entry.words.erased_at == first

    def test_moderators_may_not(self, client, topic, moderator):
        entry = self.entry(moderator, topic)
        client.force_login(moderator)

        answer = client.post(f"/moderation/entries/{entry.pk}/erase/")

        entry.words.refresh_from_db()
        assert answer.status_code == 403
        assert entry.words.reason == "He lives at the blue gate."
        assert "erase/" not in client.get("/moderation/log/").text

    def test_what_never_was_is_not_there(self, client):
        client.force_login(make_admin())

        assert client.post("/moderation/entries/9/erase/").status_code == 404
