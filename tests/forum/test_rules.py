"""Rules have versions that all can read, and are confirmed once by whoever writes in a place for the first time."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from forum.actions.rules import RulesChangedMeanwhile, note_read, set_rules
from forum.models import Post, RulesBanner, RulesRead, RulesVersion, Subforum
from forum.pages import queries
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.forum.test_at_once import at_once

pytestmark = pytest.mark.django_db
TITLE = "Kulma on a motorbike in May"


@pytest.fixture
def keeper():
    return make_user(is_staff=True, username="rule_keeper")


@pytest.fixture
def place(keeper):
    subforum = make_subforum()
    write(keeper, subforum, ["Say when.", "Be kind."])
    return subforum


def write(user, subforum, rules, **more):
    return set_rules(user, subforum, introduction="Look first.", rules=rules, **more)


def test_the_kept_page_of_all_rules_ends_with_a_change(client, place, keeper):
    before = client.get("/rules/")
    again = client.get("/rules/")

    assert again.wsgi_request.is_kept_page
    assert "Be kind." in before.text
    write(keeper, place, ["Say when.", "Be very kind."], reason="Kinder")
    assert "Be very kind." in client.get("/rules/").text
    Subforum.objects.filter(pk=place.pk).update(access=Subforum.Access.STAFF, version=F("version") + 1)
    assert "Be very kind." not in client.get("/rules/").text


def changed(subforum, days_ago, user):
    """Rules that were changed some days ago."""
    write(user, subforum, ["Say when.", "Be very kind."], reason="Kinder")
    at = timezone.now() - timedelta(days=days_ago)
    RulesBanner.objects.filter(subforum=subforum).update(set_at=at)


class TestVersions:
    def test_each_change_is_kept_with_who_when_and_why(self, client, place, keeper):
        moderator = make_user()
        place.moderators.add(moderator)
        client.force_login(moderator)
        form = {"introduction": "Look first.", "rules": "Say when.\nBe very kind.", "reason": "Kinder", "based_on": 1}

        answer = client.post(f"/forums/{place.slug}/rules/", form)

        assert answer.status_code == 302
        first, second = RulesVersion.objects.order_by("number")
        assert (first.number, first.rules, first.set_by, first.reason) == (1, ["Say when.", "Be kind."], keeper, "")
        assert (second.number, second.set_by, second.reason) == (2, moderator, "Kinder")

    def test_kept_pages_of_its_own_topics_end_and_no_others(self, place, keeper):
        topics = [make_topic(subforum=place), make_topic()]
        before = [topic.version for topic in topics]

        write(keeper, place, ["Say where."])

        after = [type(topic).objects.get(pk=topic.pk).version for topic in topics]
        assert after == [before[0] + 1, before[1]]

    def test_the_same_rules_again_make_no_version(self, place, keeper):
        write(keeper, place, ["Say when.", "Be kind."], based_on=1)

        assert RulesVersion.objects.count() == 1

    def test_visitors_read_what_changed(self, client, place, keeper):
        changed(place, 0, keeper)

        page = client.get(f"/forums/{place.slug}/rules/history/").text
        first = client.get(f"/forums/{place.slug}/rules/history/1/").text

        assert "<ins>very </ins>" in page
        assert "What changed: Kinder" in page
        assert "<ins>" not in first
        assert "2. Be kind." in first

    def test_a_version_that_never_was_is_not_there(self, client, place):
        assert client.get(f"/forums/{place.slug}/rules/history/2/").status_code == 404

    def test_the_rules_of_the_whole_forum_have_a_history_too(self, client, keeper):
        assert "no rules here yet" in client.get("/rules/history/").text
        write(keeper, None, ["Nothing illegal."])

        assert "1. Nothing illegal." in client.get("/rules/history/").text

    @pytest.mark.parametrize(("access", "codes"), [("members", (404, 200)), ("staff", (404, 404))])
    def test_whoever_may_not_read_a_subforum_does_not_read_its_rules(self, client, keeper, access, codes):
        subforum = make_subforum(access=access)
        write(keeper, subforum, ["A secret rule."])
        address = f"/forums/{subforum.slug}/rules/history/"

        of_visitor = client.get(address).status_code
        client.force_login(make_user())

        assert (of_visitor, client.get(address).status_code) == codes

    def test_the_history_asks_the_same_however_long_it_is(self, client, place, keeper, django_assert_max_num_queries):
        for number in range(6):
            write(make_user(is_staff=True), place, [f"Rule {number}."])

        with django_assert_max_num_queries(4):
            client.get(f"/forums/{place.slug}/rules/history/")

    def test_present_rules_are_the_first_version_when_the_migration_comes(self, place):
        RulesVersion.objects.all().delete()
        migration = import_module("forum.migrations.0013_rules_are_kept_by_version")

        with connection.cursor() as cursor:
            cursor.execute(migration.FILL)

        version = RulesVersion.objects.get()
        assert (version.number, version.rules, version.banner.subforum) == (1, ["Say when.", "Be kind."], place)


class TestTwoEditors:
    def test_the_second_gets_both_texts_and_may_save_over_the_first(self, client, place, keeper):
        client.force_login(keeper)
        write(make_user(is_staff=True), place, ["Say when.", "Be very kind."])
        mine = {"introduction": "Look first.", "rules": "Say when.\nBe brief.", "reason": "Shorter", "based_on": 1}

        answer = client.post(f"/forums/{place.slug}/rules/", mine)
        again = client.post(f"/forums/{place.slug}/rules/", mine | {"based_on": 2})

        assert answer.status_code == 409
        assert "Be very kind." in answer.text
        assert "Say when.\nBe brief.</textarea>" in answer.text
        assert 'name="based_on" value="2"' in answer.text
        assert again.status_code == 302
        assert RulesBanner.objects.get().rules == ["Say when.", "Be brief."]

    def test_whoever_sends_the_same_as_the_first_changes_nothing(self, client, place, keeper):
        client.force_login(keeper)
        write(make_user(is_staff=True), place, ["Say when."])

        answer = client.post(
            f"/forums/{place.slug}/rules/", {"introduction": "Look first.", "rules": "Say when.", "based_on": 1}
        )

        assert answer.status_code == 302
        assert RulesBanner.objects.get().version == 2

    def test_a_form_that_does_not_know_its_version_is_refused(self, client, place, keeper):
        client.force_login(keeper)

        answer = client.post(f"/forums/{place.slug}/rules/", {"introduction": "Look.", "rules": "Mine."})

        assert answer.status_code == 400
        assert RulesBanner.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_first_rules_at_once_one_is_told_of_the_other(keeper):
    subforum = make_subforum()

    failures = at_once(*[
        lambda text=text: write(keeper, subforum, [text], based_on=0) for text in ("One.", "Two.", "Three.")
    ])  # fmt: skip

    assert [type(failure) for failure in failures] == [RulesChangedMeanwhile] * 2
    assert RulesVersion.objects.count() == RulesBanner.objects.get().version == 1


class TestNewsOfAChange:
    def pages(self, place):
        return ["/rules/", place.get_absolute_url(), make_topic(subforum=place).get_absolute_url()]

    def told(self, client, pages):
        return [path for path in pages if "Rules changed on" in client.get(path).text]

    def test_the_first_rules_are_no_change(self, client, place):
        assert self.told(client, self.pages(place)) == []

    @pytest.mark.parametrize("reader", ["visitor", "member"])
    def test_everybody_is_told_for_thirty_days_with_the_way_to_what_changed(self, client, place, keeper, reader):
        pages = self.pages(place)
        if reader == "member":
            client.force_login(make_user())
        changed(place, 30, keeper)

        assert self.told(client, pages) == pages
        assert all(f"/forums/{place.slug}/rules/history/" in client.get(path).text for path in pages)

    def test_after_that_nobody_is(self, client, place, keeper):
        pages = self.pages(place)
        changed(place, 31, keeper)

        assert self.told(client, pages) == []

    def test_a_page_kept_from_yesterday_tells_no_longer(self, client, place, keeper, monkeypatch):
        page = place.get_absolute_url()
        changed(place, 30, keeper)
        assert self.told(client, [page]) == [page]
        tomorrow = timezone.now() + timedelta(days=1)

        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: tomorrow)
            assert self.told(client, [page]) == []

        assert len(queries._banners) == 2  # one for each day


class TestBeforeTheFirstPost:
    def reply(self, client, topic, **fields):
        return client.post(f"/topics/{topic.pk}/reply/", {"source": "Two hours of typing.", "seen": 1} | fields)

    def open(self, client, place, **fields):
        return client.post(f"/forums/{place.slug}/new/", {"title": TITLE, "source": "Is it open?"} | fields)

    def test_a_quick_reply_comes_back_with_the_question_the_rules_and_the_text(self, client, place):
        topic = make_topic(subforum=place)
        client.force_login(make_user())

        answer = self.reply(client, topic)

        assert answer.status_code == 400
        assert "Nothing is lost. Read the rules above" in answer.text
        assert "Two hours of typing." in answer.text
        assert '<details class="rules" open' in answer.text
        assert topic.posts.count() == 1

    def test_it_is_asked_once(self, client, place):
        topic, member = make_topic(subforum=place), make_user()
        client.force_login(member)

        ticked = self.reply(client, topic, rules_read="on")
        second = self.reply(client, topic, source="More of it.", seen=2)

        assert (ticked.status_code, second.status_code) == (302, 302)
        assert list(RulesRead.objects.values_list("user", "subforum")) == [(member.pk, place.pk)]

    def test_a_confirmation_sent_twice_is_one(self, place):
        member = make_user()

        for _ in range(2):
            note_read(member, place)

        assert RulesRead.objects.count() == 1

    def test_a_new_topic_asks_too_and_keeps_everything(self, client, place):
        client.force_login(make_user())

        page = client.get(f"/forums/{place.slug}/new/").text
        refused = self.open(client, place)
        allowed = self.open(client, place, rules_read="on")

        assert 'name="rules_read"' in page
        assert (refused.status_code, allowed.status_code) == (400, 302)
        assert TITLE in refused.text
        assert "Is it open?" in refused.text

    def test_a_confirmation_lasts_even_if_the_post_goes(self, client, place):
        client.force_login(make_user())
        self.open(client, place, rules_read="on")
        with transaction.atomic():
            place.topics.update(opening_post=None, last_post=None)
            Post.objects.all().delete()

        assert 'name="rules_read"' not in client.get(f"/forums/{place.slug}/new/").text

    @pytest.mark.parametrize(("wrote_here_before", "status"), [(True, 302), (False, 400)])
    def test_who_wrote_here_long_ago_and_much_elsewhere_since_is_not_asked(
        self, client, place, wrote_here_before, status
    ):
        topic, elsewhere, member = make_topic(subforum=place), make_topic(), make_user()
        if wrote_here_before:
            make_post(topic=topic, author=member)
        for _ in range(21):
            make_post(topic=elsewhere, author=member)
        client.force_login(member)

        assert self.reply(client, topic, seen=2).status_code == status

    def test_it_is_asked_in_each_subforum(self, client, place, keeper):
        other = make_subforum()
        write(keeper, other, ["Another rule."])
        client.force_login(make_user())
        self.open(client, place, rules_read="on")

        assert self.open(client, other).status_code == 400

    def test_rules_of_the_whole_forum_are_asked_for_and_shown_where_there_are_no_others(self, client, keeper):
        write(keeper, None, ["Nothing illegal."])
        client.force_login(make_user())

        answer = self.open(client, make_subforum())

        assert answer.status_code == 400
        assert "Nothing illegal." in answer.text

    def test_where_there_are_no_rules_nobody_is_asked(self, client):
        client.force_login(make_user())

        assert self.open(client, make_subforum()).status_code == 302

    def test_whoever_wrote_here_before_is_not_asked(self, client, place):
        member, topic = make_user(), make_topic(subforum=place)
        make_post(topic=topic, author=member)
        client.force_login(member)

        assert self.reply(client, topic, seen=2).status_code == 302
        assert not RulesRead.objects.exists()

    @pytest.mark.parametrize("role", ["moderator", "administrator"])
    def test_moderators_and_administrators_are_not_asked(self, client, place, role):
        user = make_user(is_staff=role == "administrator")
        if role == "moderator":
            place.moderators.add(user)
        client.force_login(user)

        assert self.open(client, place).status_code == 302

    def test_a_preview_and_a_draft_need_no_promise(self, client, place):
        topic = make_topic(subforum=place)
        client.force_login(make_user())

        preview = self.reply(client, topic, source="The gate is **open**.", preview="1")
        draft = self.reply(client, topic, save="1")

        assert (preview.status_code, draft.status_code) == (200, 302)
        assert "<strong>open</strong>" in preview.text
        assert 'name="rules_read"' in preview.text

    def test_what_was_ticked_stays_ticked_when_others_replied_meanwhile(self, client, place):
        topic = make_topic(subforum=place)
        make_post(topic=topic)
        client.force_login(make_user())

        answer = self.reply(client, topic, rules_read="on")

        assert answer.status_code == 409
        assert "checked" in answer.text.split('name="rules_read"')[1].split(">")[0]

    def test_nothing_is_noted_when_the_post_is_not_written(self, client, place):
        client.force_login(make_user())

        self.open(client, place, rules_read="on", source="")

        assert not RulesRead.objects.exists()
