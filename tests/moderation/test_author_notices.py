"""Authors read why their topic is hidden, and suspended members why they cannot reply; nobody else does."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from forum.actions import posts, visibility
from forum.actions.rules import set_rules
from forum.models import Subforum, Topic
from moderation.actions import appeals, member_acts, post_acts, spam, topic_acts
from moderation.actions.undo import undo
from moderation.log import entries
from moderation.log.entries import Why
from moderation.models import Suspension
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now
from tests.moderation.factories import make_admin, make_moderator

pytestmark = pytest.mark.django_db
TYPED = '\nNeed a *taxi*:\n\n- </textarea> & "more"\n- ölçü'
WHY = Why(rule=1, reason="A question about what others paid is welcome.")
NO_MARKET = "The forum is no market."


@pytest.fixture
def topic():
    subforum = make_subforum()
    set_rules(make_admin(), subforum, introduction="Look first.", rules=[NO_MARKET])
    author = make_user(trust=User.Trust.MEMBER)
    return make_topic(subforum=subforum, author=author, title="Border taxi, who is cheapest?", source=TYPED)


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum)


def rejected(moderator, topic):
    visibility.hold_post(moderator, topic.opening_post)
    return post_acts.reject(moderator, topic.opening_post, WHY)


def hidden(moderator, topic):
    return topic_acts.hide(moderator, topic, WHY)


def cleaned(moderator, topic):
    entry = spam.clean_spam(make_admin(), topic.author, Why(reason=WHY.reason))
    topic.author.refresh_from_db()
    return entry


GONE = pytest.mark.parametrize(
    ("act", "words"),
    [
        (rejected, "A moderator did not publish this topic."),
        (hidden, "A moderator hid this topic."),
        (cleaned, "Your account was closed for advertising, and this topic was hidden with it."),
    ],
)


def read(client, reader, topic):
    client.force_login(reader)
    return client.get(topic.get_absolute_url())


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


class TestTheAuthorOfAHiddenTopic:
    @GONE
    def test_reads_at_its_address_what_happened_and_why_and_the_own_text(self, client, topic, moderator, act, words):
        entry = act(moderator, topic)

        answer = read(client, topic.author, topic)

        field = answer.text.split("<textarea", 1)[1].split(">", 1)[1].removeprefix("\n").split("</textarea>")[0]
        assert answer.status_code == 200
        for told in (topic.title, words, WHY.reason, f"/moderation/entries/{entry.pk}/appeal/"):
            assert told in unescape(answer.text)
        assert unescape(field) == TYPED
        assert moderator.username not in answer.text

    @pytest.mark.parametrize("act", [rejected, hidden])
    def test_reads_the_rule(self, client, topic, moderator, act):
        act(moderator, topic)

        page = read(client, topic.author, topic).text

        assert f"/rules/{topic.subforum.slug}/" in page or "Rule 1" in page
        assert f"“{NO_MARKET}”" in page

    def test_is_kept_by_nobody_and_listed_by_no_search_engine(self, client, topic, moderator):
        hidden(moderator, topic)

        answer = read(client, topic.author, topic)

        assert answer["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text

    @pytest.mark.parametrize(
        "address", ["/topics/{}/", "/topics/{}-wrong/", "/topics/{}-border-taxi-who-is-cheapest/1/"]
    )
    def test_is_led_there_from_its_other_addresses(self, client, topic, moderator, address):
        hidden(moderator, topic)
        client.force_login(topic.author)

        answer = client.get(address.format(topic.pk))

        assert (answer.status_code, answer.get("Location")) == (301, topic.get_absolute_url())

    def test_writes_it_anew_with_one_press(self, client, topic, moderator):
        rejected(moderator, topic)
        page = read(client, topic.author, topic).text
        form = page.split(f'action="/forums/{topic.subforum.slug}/new/"', 1)[1].split("</form>")[0]
        fields = {
            tag.split('name="', 1)[1].split('"')[0]: unescape(tag.split('value="', 1)[1].split('"')[0])
            for tag in form.split("<input ")[1:]
        }

        answer = client.post(f"/forums/{topic.subforum.slug}/new/", fields | {"preview": ""})

        assert fields["source"] == TYPED
        assert (answer.status_code, Topic.objects.count()) == (200, 1)
        assert topic.title in answer.text
        assert "- &lt;/textarea&gt; &amp; &quot;more&quot;" in answer.text
        assert fields["idempotency_key"] in answer.text

    def test_is_not_asked_to_write_where_they_may_not(self, client, topic, moderator):
        hidden(moderator, topic)
        member_acts.suspend(moderator, topic.author, timezone.now() + timedelta(days=3), WHY)

        page = read(client, User.objects.get(pk=topic.author_id), topic).text

        assert "A moderator hid this topic." in page
        assert "Write it again" not in page

    def test_is_led_to_all_that_they_wrote_there(self, client, topic, moderator):
        make_post(topic=topic, author=topic.author, source="One more thing.")
        make_post(topic=topic, source="Of somebody else.")
        entry = hidden(moderator, topic)

        page = read(client, topic.author, topic).text

        assert f'href="/moderation/mine/{entry.pk}/"' in page
        assert "Of somebody else." not in page

    def test_who_asked_already_reads_so(self, client, topic, moderator):
        entry = hidden(moderator, topic)
        appeals.appeal(topic.author, entry, "I meant well.")

        page = read(client, topic.author, topic).text

        assert "You asked another moderator to look at it." in page
        assert f"/moderation/entries/{entry.pk}/appeal/" not in page

    def test_reads_it_still_where_its_words_were_erased(self, client, topic, moderator):
        entries.erase_words(make_admin(), hidden(moderator, topic))

        page = read(client, topic.author, topic).text

        assert "A moderator hid this topic." in page
        assert WHY.reason not in page

    def test_reads_the_latest_act(self, client, topic, moderator):
        rejected(moderator, topic)
        topic_acts.restore(moderator, Topic.objects.get(pk=topic.pk), WHY)
        topic_acts.hide(moderator, Topic.objects.get(pk=topic.pk), Why(reason="Now for another reason."))

        page = read(client, topic.author, topic).text

        assert "Now for another reason." in page
        assert WHY.reason not in page

    def test_reads_the_topic_again_once_it_is_shown_again(self, client, topic, moderator):
        undo(moderator, hidden(moderator, topic), WHY)

        assert "Only you and the moderators" not in read(client, topic.author, topic).text

    def test_costs_the_same_however_much_they_wrote_there(self, client, topic, moderator):
        hidden(moderator, topic)
        other = make_topic(subforum=topic.subforum, author=topic.author)
        for number in range(5):
            make_post(topic=other, author=topic.author, source=f"Number {number}.")
        hidden(moderator, other)
        client.force_login(topic.author)

        assert queries_of(client, topic.get_absolute_url()) == queries_of(client, other.get_absolute_url())


class TestTheSame404AsEver:
    @GONE
    def test_for_everybody_else(self, client, topic, moderator, act, words):
        make_post(topic=topic, author=(other := make_user()))
        act(moderator, topic)
        never = client.get("/topics/999999999-never/")

        gone = client.get(topic.get_absolute_url())
        assert (gone.status_code, gone.content) == (404, never.content)
        for reader in (make_user(), other, make_moderator(make_subforum())):
            gone = read(client, reader, topic)
            assert gone.status_code == 404
            assert topic.title not in gone.text

    def test_where_the_author_may_not_read_the_place_any_more(self, client, topic, moderator):
        hidden(moderator, topic)
        Subforum.objects.filter(pk=topic.subforum_id).update(access="staff")

        gone = read(client, topic.author, topic)

        assert gone.status_code == 404
        assert topic.title not in gone.text

    def test_of_a_topic_that_its_author_withdrew(self, client, topic):
        posts.withdraw_topic(topic.author, topic)

        assert read(client, topic.author, topic).status_code == 404

    def test_of_a_withdrawn_one_that_was_hidden_before(self, client, topic, moderator):
        hidden(moderator, topic)
        topic_acts.restore(moderator, Topic.objects.get(pk=topic.pk), WHY)
        posts.withdraw_topic(topic.author, Topic.objects.get(pk=topic.pk))

        assert read(client, topic.author, topic).status_code == 404

    def test_where_no_act_says_why(self, client):
        topic = make_topic(hidden_at=now())

        assert read(client, topic.author, topic).status_code == 404

    def test_for_what_is_sent_there(self, client, topic, moderator):
        hidden(moderator, topic)
        client.force_login(topic.author)

        assert client.post(topic.get_absolute_url()).status_code == 404

    def test_costs_visitors_nothing_more(self, client, topic, moderator):
        before = queries_of(client, "/topics/999999999-never/")
        hidden(moderator, topic)

        assert queries_of(client, topic.get_absolute_url()) == before


class TestWhereReplyWouldStand:
    @pytest.fixture
    def member(self, topic):
        return make_post(topic=make_topic(subforum=topic.subforum), author=make_user()).author

    def page_for(self, client, member, topic) -> str:
        return unescape(read(client, User.objects.get(pk=member.pk), topic).text)

    def test_a_suspended_member_reads_until_when_and_why_and_may_ask(self, client, topic, moderator, member):
        until = timezone.now() + timedelta(days=3)
        entry = member_acts.suspend(moderator, member, until, WHY)

        page = self.page_for(client, member, topic)

        assert "You cannot write until" in page
        time = page.split("You cannot write until ", 1)[1].split("</time>")[0]
        assert time.startswith(f'<time datetime="{until.isoformat()[:19]}')
        assert time.endswith(f">{until:%-d %b %Y, %H:%M}")
        assert "data-when" not in time  # a script would make it "until in 4,319 minutes"
        assert WHY.reason in page
        assert f'href="/moderation/entries/{entry.pk}/appeal/"' in page
        assert client.get(f"/moderation/entries/{entry.pk}/appeal/").status_code == 200
        assert moderator.username not in page

    def test_a_banned_one_reads_why_and_may_ask(self, client, topic, member):
        entry = member_acts.ban(make_admin(), member, Why(reason=WHY.reason))

        page = self.page_for(client, member, topic)

        assert "Your account cannot write any more." in page
        assert WHY.reason in page
        assert f'href="/moderation/entries/{entry.pk}/appeal/"' in page

    def test_one_whom_points_suspended_may_ask_about_that(self, client, topic, moderator, member):
        member_acts.warn(moderator, member, WHY, points=3)
        entry = Suspension.objects.get(member=member).entry

        page = self.page_for(client, member, topic)

        assert "You cannot write until" in page
        assert f'href="/moderation/entries/{entry.pk}/appeal/"' in page

    def test_who_asked_already_reads_so(self, client, topic, moderator, member):
        entry = member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), WHY)
        appeals.appeal(member, entry, "I meant well.")

        page = self.page_for(client, member, topic)

        assert "You asked another moderator to look at it." in page
        assert f"/moderation/entries/{entry.pk}/appeal/" not in page

    @pytest.mark.parametrize("fields", [{"suspended_until": "2990-01-01T00:00Z"}, {"banned_at": "2020-01-01T00:00Z"}])
    def test_whom_an_operator_suspended_reads_it_without_a_reason(self, client, topic, fields):
        page = self.page_for(client, make_user(**fields), topic)

        assert "cannot write" in page
        assert "/appeal/" not in page

    def test_a_rule_of_a_place_they_may_not_read_is_not_linked(self, client, topic, moderator, member):
        member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), WHY)
        Subforum.objects.filter(pk=topic.subforum_id).update(access="staff")
        elsewhere = make_topic()

        page = self.page_for(client, member, elsewhere)

        assert "You cannot write until" in page
        assert topic.subforum.slug not in page

    def test_nobody_reads_it_under_a_locked_topic(self, client, topic, moderator, member):
        member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), WHY)
        topic_acts.lock(moderator, topic, WHY)

        page = self.page_for(client, member, topic)

        assert "You cannot write until" not in page
        assert "This topic is locked." in page

    def test_nobody_else_reads_it(self, client, topic, moderator, member):
        member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), WHY)
        self.page_for(client, member, topic)

        for reader in (make_user(), moderator, make_user(email_confirmed_at=None)):
            assert "You cannot write until" not in self.page_for(client, reader, topic)
        client.logout()
        assert "You cannot write until" not in client.get(topic.get_absolute_url()).text

    def test_who_may_write_again_gets_the_form(self, client, topic, moderator, member):
        undo(moderator, member_acts.suspend(moderator, member, timezone.now() + timedelta(days=3), WHY), WHY)

        page = self.page_for(client, member, topic)

        assert "You cannot write until" not in page
        assert 'id="id_source"' in page

    def test_only_the_suspended_ask_the_database_for_it(self, client, topic, moderator, member):
        unconfirmed = make_user(email_confirmed_at=None)
        for reader in (make_user(), unconfirmed):
            client.force_login(reader)
            client.get(topic.get_absolute_url())
            with CaptureQueriesContext(connection) as queries:
                client.get(topic.get_absolute_url())
            assert not [query for query in queries if "moderation_suspension" in query["sql"]]
