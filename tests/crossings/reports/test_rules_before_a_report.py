"""The form of a report asks once whether the rules were read, as the composer does."""

import pytest

from crossings.models import CrossingReport
from crossings.reports import actions
from forum.actions.rules import set_rules
from forum.models import RulesRead
from tests.crossings.factories import make_crossing, make_report
from tests.crossings.reports.test_reporting import URL, typed, with_fees
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
ASKED = 'name="rules_read"'


@pytest.fixture
def crossing():
    return make_crossing(name="Torugart Pass", slug="torugart")


@pytest.fixture
def place():
    subforum = actions.reports_subforum()
    set_rules(make_user(is_staff=True), subforum, introduction="Look first.", rules=["Write what you saw."])
    return subforum


@pytest.fixture
def member(client, crossing, place):
    member = make_user()
    client.force_login(member)
    return member


class TestItIsAsked:
    def test_with_the_rules_unfolded_and_only_once(self, client, member, place):
        page = client.get(URL).text
        refused = client.post(URL, typed())
        sent = client.post(URL, typed(rules_read="on"))

        assert "I have read the rules of this place" in page
        assert "Write what you saw." in page.split('<details class="rules" open>')[1]
        assert refused.status_code == 400
        assert "Nothing is lost. Read the rules above, tick this box, and send it again." in refused.text
        assert sent.status_code == 302
        assert RulesRead.objects.get().subforum == place
        assert ASKED not in client.get(URL).text
        assert client.post(URL, typed(direction="b-a")).status_code == 302

    def test_and_without_the_tick_everything_typed_stays(self, client, member):
        fee = {"amount": "350", "currency": "CNY", "purpose": "Taxi"}
        answer = client.post(URL, with_fees(fee, minutes_at_exit="95", mode="bus", source="A long story."))

        page = answer.text
        assert answer.status_code == 400
        assert not CrossingReport.objects.exists()
        for told in ('value="95"', 'value="350"', 'value="Taxi"', "A long story."):
            assert told in page
        assert "checked" in page.split('value="bus"')[1].split(">")[0]
        assert '<details class="more">' in page  # nothing is wrong in there

    def test_where_the_topic_of_the_crossing_stands_today(self, client, member, crossing):
        elsewhere = make_subforum()
        set_rules(make_user(is_staff=True), elsewhere, introduction="Look.", rules=["Another rule."])
        topic = make_report(crossing).post.topic
        topic.subforum = elsewhere
        topic.save()

        page = client.get(URL).text

        assert "Another rule." in page
        client.post(URL, typed(rules_read="on"))
        assert RulesRead.objects.get().subforum == elsewhere

    def test_of_the_whole_forum_where_there_are_no_others(self, client, crossing):
        actions.reports_subforum()
        set_rules(make_user(is_staff=True), None, introduction="Look.", rules=["Nothing illegal."])
        client.force_login(make_user())

        answer = client.post(URL, typed())

        assert (answer.status_code, "Nothing illegal." in answer.text) == (400, True)

    def test_and_the_tick_stays_when_something_else_is_wrong(self, client, member):
        answer = client.post(URL, typed(rules_read="on", mode=""))

        assert "checked" in answer.text.split(ASKED)[1].split(">")[0]
        assert not RulesRead.objects.exists()


class TestItIsNotAsked:
    def test_of_whoever_posted_there_before(self, client, member, place):
        make_post(topic=make_topic(subforum=place), author=member)

        assert ASKED not in client.get(URL).text
        assert client.post(URL, typed()).status_code == 302

    def test_where_there_are_no_rules(self, client, crossing):
        client.force_login(make_user())

        assert ASKED not in client.get(URL).text
        assert client.post(URL, typed()).status_code == 302

    def test_of_its_moderators(self, client, member, place):
        place.moderators.add(member)

        assert client.post(URL, typed()).status_code == 302

    def test_again_of_a_form_that_is_sent_twice(self, client, member):
        form = typed(rules_read="on")

        answers = [client.post(URL, form).status_code for _ in range(2)]

        assert (answers, CrossingReport.objects.count()) == ([302, 302], 1)
