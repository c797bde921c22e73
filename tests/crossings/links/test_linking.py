"""Topics say which crossings they are about; a link that was removed stays removed."""

import pytest
from django.utils import timezone

from accounts.models import ExpertBadge
from crossings.links import actions
from crossings.models import CrossingTopic, Status
from crossings.status import update
from forum.actions.rules import set_rules
from forum.models import Topic
from tests.crossings.factories import make_crossing, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import plain

pytestmark = pytest.mark.django_db
Source = CrossingTopic.Source


@pytest.fixture
def torugart():
    return make_crossing(name="Torugart Pass", slug="torugart", names=("Торугарт", "Torougart"))


def names_of(topic):
    return list(topic.crossing_links.standing().order_by("pk").values_list("crossing__name", flat=True))


def compose(client, subforum, crossings):
    typed = {"title": "Is the arch open in June?", "source": "With a bicycle.", "crossings": crossings}
    return client.post(f"/forums/{subforum.slug}/new/", typed)


def test_authors_name_crossings_in_any_spelling(client, torugart):
    irkeshtam = make_crossing(name="Irkeshtam Pass")
    client.force_login(make_user())

    compose(client, make_subforum(), "торугарт, irkeshtam pass, Torougart")

    topic = Topic.objects.get()
    assert names_of(topic) == [torugart.name, irkeshtam.name]
    assert topic.crossing_links.first().source == Source.AUTHOR


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Atlantis", "We know no crossing called “Atlantis”."),
        ("Toru", "“Toru” may be several crossings. Write one of: Torugart Pass."),
        ("a, b, c, d, e, f", "Name at most 5 crossings"),
        ("x" * 301, "at most 300 characters"),
    ],
)
def test_a_name_that_means_no_crossing_is_said_and_the_text_is_kept(client, torugart, typed, words):
    client.force_login(make_user())

    answer = compose(client, make_subforum(), typed)

    assert answer.status_code == 400
    assert words in answer.text
    assert "With a bicycle." in answer.text
    assert Topic.objects.count() == 0


def test_a_topic_needs_no_crossing(client, torugart):
    client.force_login(make_user())

    assert compose(client, make_subforum(), "").status_code == 302
    assert names_of(Topic.objects.get()) == []


def test_chips_stand_in_lists_and_a_card_on_the_topic(client, torugart):
    topic = make_topic()
    actions.link_topic(topic, torugart, source=Source.AUTHOR, by=topic.author)
    make_report(torugart, outcome="conditions")

    row = client.get(topic.subforum.get_absolute_url()).text
    page = client.get(topic.get_absolute_url()).text

    assert 'class="tag status-limited"' in row
    assert "restricted" in row
    assert "Linked crossing" in page
    assert "by 1 report." in page


def test_a_report_stands_as_one_line_above_its_story(client, torugart):
    report = make_report(
        torugart, outcome="refused-exit", reason="transport", minutes_at_exit=95, papers=["visa"], between="taxi"
    )

    page = " ".join(plain(client.get(report.post.topic.get_absolute_url()).text).split())

    for told in ("<b>Refused at exit</b>", "by bicycle", "Not with my transport", "exit 1 h 35 min", "Visa"):
        assert told in page


def test_notices_and_changes_of_status_are_said_on_linked_topics(client, torugart):
    topic = make_topic()
    actions.link_topic(topic, torugart, source=Source.AUTHOR, by=topic.author)
    update.judge(torugart.pk)
    before = client.get(topic.get_absolute_url()).text
    make_notice(torugart, text="Landslide below the arch.")

    page = " ".join(client.get(topic.get_absolute_url()).text.split())

    assert "became" not in before
    assert "Landslide below the arch." in page
    assert "became <b>closed</b> by an official notice" in page


def test_a_change_from_before_the_topic_is_no_news(client, torugart):
    update.judge(torugart.pk)
    make_report(torugart, outcome="found-closed")
    torugart.status_changes.update(changed_on="2026-01-01")
    topic = make_topic()
    actions.link_topic(topic, torugart, source=Source.AUTHOR, by=topic.author)

    assert "became" not in client.get(topic.get_absolute_url()).text


def test_the_rules_lead_to_the_countries_at_hand(client, torugart):
    topic = make_topic()
    set_rules(make_user(is_staff=True), topic.subforum, introduction="Look first.", rules=["Look."])
    actions.link_topic(topic, torugart, source=Source.AUTHOR, by=topic.author)

    page = client.get(topic.get_absolute_url()).text

    assert 'href="/countries/cn/"' in page
    assert 'href="/countries/kg/"' in page
    assert 'href="/countries/"' in page


# --- Who may say so, and what stays removed ---


def change(client, user, topic, crossings):
    client.force_login(user)
    return client.post(f"/topics/{topic.pk}/crossings/", {"crossings": crossings})


def test_author_expert_and_moderator_change_links(client, torugart):
    topic = make_topic()
    expert, moderator = make_user(), make_user()
    ExpertBadge.objects.create(user=expert, title="Pass expert", given_by=expert, given_at=timezone.now())
    topic.subforum.moderators.add(moderator)
    irkeshtam = make_crossing(name="Irkeshtam Pass")

    for user, source in ((topic.author, Source.AUTHOR), (expert, Source.EXPERT), (moderator, Source.MODERATOR)):
        CrossingTopic.objects.all().delete()
        assert change(client, user, topic, "Torugart Pass").status_code == 302
        assert topic.crossing_links.get().source == source
    change(client, moderator, topic, "Irkeshtam Pass")
    assert names_of(topic) == [irkeshtam.name]


def test_other_members_do_not(client, torugart):
    topic = make_topic(title="The arch in June")

    assert change(client, make_user(), topic, "Torugart Pass").status_code == 403
    assert names_of(topic) == []


def test_in_a_locked_topic_only_moderators_do(client, torugart):
    topic = make_topic(locked_at=timezone.now())

    assert change(client, topic.author, topic, "Torugart Pass").status_code == 403


def test_a_removed_link_is_made_again_by_people_alone(client, torugart):
    topic = make_topic()
    actions.link_topic(topic, torugart, source=Source.GAZETTEER)
    change(client, topic.author, topic, "")

    by_machine = actions.link_topic(topic, torugart, source=Source.GAZETTEER)
    assert not by_machine
    assert names_of(topic) == []
    assert topic.crossing_links.get().removed_by == topic.author

    change(client, topic.author, topic, "Torugart Pass")
    assert names_of(topic) == ["Torugart Pass"]


def test_the_same_links_again_change_nothing(client, torugart):
    topic = make_topic()
    change(client, topic.author, topic, "Torugart Pass")
    before = list(CrossingTopic.objects.values())

    change(client, topic.author, topic, "Torugart Pass")

    assert list(CrossingTopic.objects.values()) == before


def test_changed_links_show_at_once_on_kept_pages(client, torugart):
    topic = make_topic()
    pages = [topic.get_absolute_url(), topic.subforum.get_absolute_url(), torugart.get_absolute_url()]
    for url in pages:
        client.get(url)

    actions.set_links(topic.author, topic, [torugart])

    for url, told in zip(pages, ("Torugart Pass", "Torugart Pass", topic.title), strict=True):
        assert told in client.get(url).text


def test_a_status_of_a_linked_crossing_shows_at_once_in_lists(client, torugart):
    topic = make_topic()
    actions.set_links(topic.author, topic, [torugart])
    update.judge(torugart.pk)
    assert "status-closed" not in client.get(topic.subforum.get_absolute_url()).text

    make_report(torugart, outcome="found-closed")

    assert torugart.names.exists()
    assert "status-closed" in client.get(topic.subforum.get_absolute_url()).text
    assert Status.CLOSED.label.lower() in client.get(topic.subforum.get_absolute_url()).text


def test_authors_are_offered_to_make_a_report_of_their_post(client, torugart):
    post = make_post()
    client.force_login(post.author)

    page = client.get(post.topic.get_absolute_url()).text

    assert f"/posts/{post.pk}/report/" in page
    assert f"/posts/{post.topic.opening_post_id}/report/" not in page
