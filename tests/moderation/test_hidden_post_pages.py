"""At the address of a hidden post its author reads what happened and why, with the own text; others get a 404."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from accounts.models import User
from crossings.similar import terms
from forum.actions import posts, visibility
from forum.actions.rules import set_rules
from forum.models import Post, Subforum, Topic
from moderation.actions import member_acts, post_acts, spam, topic_acts
from moderation.actions.undo import undo
from moderation.log.entries import Why
from moderation.models import ModerationEntry
from notifications.models import Notification
from notifications.news import moderation_news
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now
from tests.moderation.factories import make_admin, make_moderator
from tests.pages import plain

pytestmark = pytest.mark.django_db
TYPED = '\nTake *my* taxi:\n\n- </textarea> & "more"'
WHY = Why(rule=1, reason="Tell us what you paid instead.")


@pytest.fixture
def topic():
    subforum = make_subforum()
    set_rules(make_admin(), subforum, introduction="Look first.", rules=["The forum is no market."])
    return make_topic(subforum=subforum, title="Border taxi, who is cheapest?")


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum)


@pytest.fixture
def post(topic):
    return make_post(topic=topic, author=make_user(trust=User.Trust.MEMBER), source=TYPED)


def hidden(moderator, post):
    return post_acts.hide(moderator, post, WHY)


def rejected(moderator, post):
    visibility.hold_post(moderator, post)
    return post_acts.reject(moderator, post, WHY)


def cleaned(moderator, post):
    entry = spam.clean_spam(make_admin(), post.author, Why(reason=WHY.reason))
    post.author.refresh_from_db()
    return entry


BY_ITSELF = pytest.mark.parametrize(
    ("act", "words"),
    [
        (hidden, "A moderator hid this post."),
        (rejected, "A moderator did not publish this post."),
        (cleaned, "Your account was closed for advertising, and this post was hidden with it."),
    ],
)


def read(client, reader, post):
    client.force_login(reader)
    return client.get(f"/posts/{post.pk}/")


class TestItsAuthor:
    @BY_ITSELF
    def test_reads_what_happened_and_why_and_the_own_text(self, client, topic, moderator, post, act, words):
        entry = act(moderator, post)

        answer = read(client, post.author, post)

        field = answer.text.split("<textarea", 1)[1].split(">", 1)[1].removeprefix("\n").split("</textarea>")[0]
        assert answer.status_code == 200
        for told in (words, topic.title, WHY.reason, f"/moderation/entries/{entry.pk}/appeal/"):
            assert told in unescape(answer.text)
        assert unescape(field) == TYPED
        assert moderator.username not in answer.text
        assert answer["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text

    def test_writes_it_again_with_one_press(self, client, topic, moderator, post):
        hidden(moderator, post)
        page = read(client, post.author, post).text
        form = page.split(f'action="/topics/{topic.pk}/reply/"', 1)[1].split("</form>")[0]
        fields = {
            tag.split('name="', 1)[1].split('"')[0]: unescape(tag.split('value="', 1)[1].split('"')[0])
            for tag in form.split("<input ")[1:]
        }

        answer = client.post(f"/topics/{topic.pk}/reply/", fields | {"preview": ""})

        assert fields["source"] == TYPED
        assert (answer.status_code, Post.objects.count()) == (200, 2)
        assert "- &lt;/textarea&gt; &amp; &quot;more&quot;" in answer.text

    def test_is_not_asked_to_where_the_topic_is_locked(self, client, topic, moderator, post):
        hidden(moderator, post)
        topic_acts.lock(moderator, topic, WHY)

        page = read(client, post.author, post).text

        assert "Write it again" not in page
        assert topic.get_absolute_url() in page

    def test_reads_kindly_that_no_reason_was_given(self, client, moderator, post):
        post_acts.hide(moderator, post, Why())

        page = read(client, post.author, post).text

        assert "The moderator wrote down no reason. Ask, and another moderator looks at it and answers you." in page

    def test_is_led_from_the_opening_post_to_the_topic(self, client, topic, moderator):
        topic_acts.hide(moderator, topic, WHY)

        assert read(client, topic.author, topic.opening_post)["Location"] == topic.get_absolute_url()

    def test_reads_it_in_their_own_hidden_topic(self, client, topic, moderator):
        own = make_post(topic=topic, author=topic.author, source="One more thing.")
        topic_acts.hide(moderator, topic, WHY)

        page = read(client, topic.author, own).text

        for told in ("A moderator hid your topic, and this post with it.", "One more thing.", WHY.reason):
            assert told in page

    def test_of_a_topic_is_led_to_where_it_may_fit(self, client, topic, moderator):
        fitting = make_topic(title="Border taxi, who is cheapest in winter?")
        make_topic(title="Lentils in one pot, a recipe")
        closed = make_topic(title="Border taxi, who is cheapest at night?")
        Subforum.objects.filter(pk=closed.subforum_id).update(access="staff")
        terms.catch_up()
        topic_acts.hide(moderator, topic, WHY)
        client.force_login(topic.author)

        page = plain(client.get(topic.get_absolute_url()).text)

        assert "Where it may fit" in page
        assert fitting.title in page
        assert "Lentils" not in page
        assert closed.title not in page

    def test_of_another_topic_reads_no_word_that_is_for_its_author(self, client, topic, moderator, post):
        topic_acts.hide(moderator, topic, WHY)

        page = unescape(read(client, post.author, post).text)

        assert "A moderator hid the topic in which you wrote this, and your post with it." in page
        assert "Take *my* taxi" in page
        for secret in (WHY.reason, topic.title, "The forum is no market.", "/appeal/", "wrote down no reason"):
            assert secret not in page

    def test_keeps_it_where_they_may_not_read_the_place_any_more(self, client, topic, moderator, post):
        hidden(moderator, post)
        Subforum.objects.filter(pk=topic.subforum_id).update(access="staff")

        answer = read(client, post.author, post)

        assert answer.status_code == 200
        assert "Take *my* taxi" in answer.text
        for secret in (topic.title, topic.subforum.slug, topic.subforum.name, "Write it again"):
            assert secret not in unescape(answer.text)

    def test_is_led_to_the_post_once_it_can_be_read_again(self, client, moderator, post):
        undo(moderator, hidden(moderator, post), WHY)

        assert read(client, post.author, post)["Location"].endswith(f"#p{post.pk}")

    def test_finds_the_way_there_in_the_topic(self, client, topic, moderator, post):
        hidden(moderator, post)

        for reader, is_told in ((post.author, True), (make_user(), False), (moderator, False)):
            client.force_login(reader)
            page = client.get(topic.get_absolute_url()).text
            assert (f'<a href="/posts/{post.pk}/">Why, and what you wrote</a>' in page) == is_told


class TestTheSame404AsEver:
    @BY_ITSELF
    def test_for_everybody_else(self, client, topic, moderator, post, act, words):
        act(moderator, post)
        never = client.get("/posts/999999999/")

        gone = client.get(f"/posts/{post.pk}/")
        assert (gone.status_code, gone.content) == (404, never.content)
        for reader in (make_user(), topic.author, make_moderator(make_subforum())):
            gone = read(client, reader, post)
            assert gone.status_code == 404
            assert topic.title not in gone.text

    def test_of_what_its_author_withdrew(self, client, topic, moderator, post):
        posts.withdraw_post(post.author, post)
        assert read(client, post.author, post).status_code == 404

        topic_acts.hide(moderator, Topic.objects.get(pk=topic.pk), WHY)
        assert read(client, post.author, post).status_code == 404

    def test_where_no_act_says_why(self, client, post):
        Post.objects.filter(pk=post.pk).update(hidden_at=now())

        assert read(client, post.author, post).status_code == 404

    def test_for_what_is_sent_there(self, client, moderator, post):
        hidden(moderator, post)
        client.force_login(post.author)

        assert client.post(f"/posts/{post.pk}/").status_code == 404


class TestNewsOfIt:
    @pytest.fixture(autouse=True)
    def at_once(self, settings):
        settings.MODERATION_LETTER_DELAY = 0

    def told_at(self, client, entry) -> str:
        moderation_news.tell_of(entry.pk)
        client.force_login(entry.member)
        return client.get(Notification.objects.get(entry=entry).url, follow=True).text

    @pytest.mark.parametrize("act", [hidden, rejected])
    def test_leads_to_why(self, client, moderator, post, act):
        page = self.told_at(client, act(moderator, post))

        assert WHY.reason in page
        assert "What you wrote" in page

    def test_of_a_topic_leads_to_its_page(self, client, topic, moderator):
        page = self.told_at(client, topic_acts.hide(moderator, topic, WHY))

        assert "A moderator hid this topic." in page

    def test_of_other_acts_leads_to_the_decisions(self, client, moderator, post):
        page = self.told_at(client, member_acts.warn(moderator, post.author, WHY, post=post))

        assert "Decisions on your posts" in page

    def test_says_kindly_that_no_reason_was_given(self, client, moderator, post):
        entry = post_acts.hide(moderator, post, Why())
        self.told_at(client, entry)

        for path in ("/notifications/", "/moderation/mine/"):
            assert "The moderator wrote down no reason." in client.get(path).text


class TestWhoIsSuspended:
    @pytest.fixture
    def entry(self, moderator, post):
        return member_acts.suspend(moderator, post.author, timezone.now() + timedelta(days=3), WHY)

    @pytest.fixture
    def member(self, client, post, entry):
        client.force_login(post.author)
        return post.author

    def addresses(self, topic, post):
        other = make_post(topic=topic)
        yield "get", f"/forums/{topic.subforum.slug}/new/", {}
        yield "get", f"/topics/{topic.pk}/reply/", {}
        yield "post", f"/forums/{topic.subforum.slug}/new/", {"title": "A long question", "source": "My typed words."}
        yield "post", f"/topics/{topic.pk}/reply/", {"source": "My typed words."}
        yield "post", f"/posts/{post.pk}/edit/", {"source": "My typed words.", "based_on": "0"}
        yield "post", f"/posts/{other.pk}/flag/", {"reason": "other", "words": "My typed words."}
        yield "post", f"/posts/{other.pk}/react/helpful/", {}

    def test_reads_at_every_refusal_until_when_and_why_and_keeps_the_text(self, client, topic, post, entry, member):
        for method, path, typed in self.addresses(topic, post):
            answer = getattr(client, method)(path, typed)

            assert answer.status_code == 403, path
            told = ["You cannot write until", WHY.reason, f"/moderation/entries/{entry.pk}/appeal/", *typed.values()]
            assert [words for words in told if words not in answer.text] == [], path

    def test_reads_it_once_banned_too(self, client, topic, post):
        entry = member_acts.ban(make_admin(), post.author, Why(reason=WHY.reason))
        client.force_login(post.author)

        for method, path, typed in self.addresses(topic, post):
            page = getattr(client, method)(path, typed).text
            assert "Your account cannot write any more." in page
            assert f"/moderation/entries/{entry.pk}/appeal/" in page

    def test_of_a_clean_up_reads_what_for(self, client, topic, post):
        spam.clean_spam(make_admin(), post.author, Why())
        post.author.refresh_from_db()
        client.force_login(post.author)

        page = client.get(f"/topics/{topic.pk}/reply/").text

        assert "Your account was closed for advertising" in page
        assert "no reason" not in page

    def test_is_led_to_why_from_a_button_of_an_old_page(self, client, topic, member):
        other = make_post(topic=topic)

        answer = client.post(f"/posts/{other.pk}/react/helpful/", headers={"HX-Request": "true"})

        assert (answer.status_code, answer["HX-Redirect"]) == (403, "/moderation/mine/")
        assert "You cannot write until" in client.get("/moderation/mine/").text

    def test_keeps_a_page_on_which_something_was_typed(self, client, topic, member):
        answer = client.post(
            f"/topics/{topic.pk}/reply/", {"source": "Mine.", "preview": ""}, headers={"HX-Request": "true"}
        )

        assert answer.status_code == 403
        assert "HX-Redirect" not in answer

    def test_reads_later_when_it_ended(self, client, moderator, post, entry, member):
        assert "It ends on" in client.get("/moderation/mine/").text
        User.objects.filter(pk=member.pk).update(suspended_until=timezone.now() - timedelta(hours=1))
        type(entry.suspension).objects.update(
            begins_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(hours=1)
        )

        page = client.get("/moderation/mine/").text

        assert "It ended on" in page
        assert "You cannot write until" not in page
        assert client.get(f"/topics/{post.topic_id}/reply/").status_code == 200

    def test_reads_that_it_ended_early(self, client, moderator, post, member):
        member_acts.lift(moderator, User.objects.get(pk=member.pk), Why(reason="Welcome back."))

        page = client.get("/moderation/mine/").text

        assert "It ended early, on" in page
        assert "You cannot write until" not in page

    def test_nobody_else_is_told_so_by_a_refusal(self, client, topic, member):
        client.force_login(make_user())

        answer = client.get("/moderation/")

        assert answer.status_code == 403
        assert "cannot write" not in answer.text
        assert ModerationEntry.objects.count() == 1
