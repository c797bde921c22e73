"""The forum shows the answer before the question is posted, to whoever may read it."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crossings.editorial import importer
from crossings.links import actions
from crossings.models import CrossingTopic, Matter, SimilarTopic, TermWeight, TopicTerms
from crossings.similar import ranking, stored, terms
from forum.actions import answers, edits, posts
from forum.models import Post, Subforum, Topic
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matters")]


@pytest.fixture
def crossing():
    return make_crossing(name="Arkadash Pass", names=("Arkadash", "Аркадаш"))


def ask(title, body="", **more):
    return [suggestion.topic.title for suggestion in ranking.similar_topics(title, body, **more)]


def make_topics(*titles, **fields):
    return [make_topic(title=title, **fields) for title in titles]


FILLERS = [
    "Lentils in one pot, a recipe", "Where to mend a tent", "Which lens for mountains", "A quiet evening by the lake",
    "My chain skips on the small cog", "Podcasts for long afternoons", "A dentist for a broken tooth", "Stoves and gas",
]  # fmt: skip


def test_the_same_question_by_another_spelling_comes_first(crossing):
    make_topics("Arkadash: hours at the weekend", "Arkadash Pass with a bicycle", *FILLERS)

    found = ranking.similar_topics("Аркадаш by bike, possible?")

    assert [row.topic.title for row in found] == ["Arkadash Pass with a bicycle", "Arkadash: hours at the weekend"]
    assert found[0].score > found[1].score >= 1.3
    assert found[1].reason == "Same crossing"


def test_each_of_the_crossings_between_two_countries_brings_its_newest_topics(crossing, monkeypatch):
    other = make_crossing(name="Zorkul Bridge", names=("Zorkul",))
    make_topics("Arkadash with a dog", "Zorkul in winter", *FILLERS)
    monkeypatch.setattr(ranking, "_near", lambda known, title: [crossing.pk, other.pk])
    monkeypatch.setattr(ranking, "FROM_TITLE", 0.1)

    assert sorted(ask("Over there by car")) == ["Arkadash with a dog", "Zorkul in winter"]


def test_no_more_crossings_between_countries_are_asked_than_cost_is_bounded_for():
    class Known:
        def countries_in(self, title):
            return {"KG", "CN"}

        def between_any(self, codes):
            return list(range(500))

    assert len(ranking._near(Known(), "Kyrgyzstan to China")) == ranking.MOST_NEAR


def test_a_question_with_the_same_words_may_be_answered_there(crossing):
    make_topics("Arkadash with a dog: which papers", *FILLERS)

    (found,) = ranking.similar_topics("Papers for a dog at Arkadash")
    assert found.is_same_question
    assert not found.may_answer
    answers.accept_answer(found.topic.author, make_post(topic=found.topic))
    (found,) = ranking.similar_topics("Papers for a dog at Arkadash")

    assert found.may_answer
    assert found.reason == "Same crossing, same question"


def test_topics_without_a_crossing_are_found_by_their_words():
    make_topics("Carnet deposit for an old Volvo", *FILLERS)

    (found,) = ranking.similar_topics("Deposit for a carnet, old Volvo")

    assert found.reason == "Similar words"


@pytest.mark.parametrize(
    "title", ["", "?", "the", "Enamel mugs, who collects them", "'); --", "\x00", "a\\b 'c' & | !", "吃"]
)
def test_nothing_is_shown_for_what_nobody_wrote_about(crossing, title):
    make_topics("Arkadash with a bicycle", *FILLERS)

    assert ask(title) == []


def test_an_empty_forum_suggests_nothing():
    assert ask("Torugart with a bicycle") == []


def test_as_many_are_suggested_as_one_asks_for(crossing):
    make_topics(*(f"Arkadash, question {number}" for number in range(8)))

    assert len(ask("Arkadash")) == 5
    assert len(ask("Arkadash", limit=2)) == 2
    assert ask("Arkadash", limit=0) == []


# --- Access ---


def test_suggestions_obey_the_readers_access(crossing):
    members = make_subforum(access=Subforum.Access.MEMBERS)
    staff = make_subforum(access=Subforum.Access.STAFF)
    make_topic(title="Arkadash for all")
    make_topic(title="Arkadash for members", subforum=members)
    make_topic(title="Arkadash for staff", subforum=staff, author=make_user(is_staff=True))

    assert set(ask("Arkadash")) == {"Arkadash for all"}
    assert set(ask("Arkadash", user=make_user())) == {"Arkadash for all", "Arkadash for members"}
    assert len(ask("Arkadash", user=make_user(is_staff=True))) == 3


@pytest.mark.parametrize("column", ["hidden_at", "held_at"])
def test_what_is_hidden_or_held_is_never_suggested(crossing, column):
    topic = make_topic(title="Arkadash with a bicycle")
    assert ask("Arkadash") == [topic.title]

    Topic.objects.filter(pk=topic.pk).update(**{column: timezone.now()})

    assert ask("Arkadash") == []
    assert ask("Arkadash", user=make_user(is_staff=True)) == []


def test_a_moved_topic_is_suggested_to_those_who_may_read_it_now(crossing):
    topic = make_topic(title="Arkadash with a bicycle")

    Topic.objects.filter(pk=topic.pk).update(subforum=make_subforum(access=Subforum.Access.MEMBERS))

    assert ask("Arkadash") == []
    assert ask("Arkadash", user=make_user()) == [topic.title]


# --- Rows come with their topics, or are made up for ---


def test_a_new_topic_is_linked_and_known_in_its_own_transaction(crossing):
    topic = make_topic(title="Arkadash with a bicycle")

    link = CrossingTopic.objects.get()
    assert (link.topic, link.crossing, link.source) == (topic, crossing, CrossingTopic.Source.GAZETTEER)
    assert TopicTerms.objects.filter(topic=topic).exists()


def test_the_machine_adds_nothing_to_what_the_author_chose(crossing):
    other = make_crossing(name="Zumradkul")
    author = make_user()

    def choose(post):
        actions.link_topic(post.topic, other, source=CrossingTopic.Source.AUTHOR, by=author)

    posts.open_topic(author, make_subforum(), title="Arkadash or so", source="Well?", also=[choose])

    assert CrossingTopic.objects.get().crossing == other


def test_a_removed_link_is_never_made_again_by_the_machine(crossing):
    topic = make_topic(title="Arkadash with a bicycle")
    actions.set_links(topic.author, topic, [])

    call_command("link_topics")

    assert not CrossingTopic.objects.standing().exists()


def test_a_changed_title_is_found_by_its_new_words():
    topic = make_topic(title="Something about mugs", source="Words.")
    make_topics(*FILLERS)
    edits.edit_post(
        topic.author, topic.opening_post, title="Carnet deposit for an old Volvo", source="Words.", based_on=0
    )

    assert ask("Carnet deposit, old Volvo") == ["Carnet deposit for an old Volvo"]


def bulk(*titles):
    """Topics as an import writes them: past every signal."""
    subforum, author, now = make_subforum(), make_user(), timezone.now()
    topics = Topic.objects.bulk_create(
        Topic(subforum=subforum, title=title, slug="t", author=author, opened_at=now, last_post_at=now)
        for title in titles
    )
    Post.objects.bulk_create(
        Post(topic=topic, author=author, number=1, source="Words.", html="", markup_version=1, written_at=now)
        for topic in topics
    )
    return topics


def test_topics_that_came_past_the_signals_are_noticed(crossing):
    bulk("Arkadash with a bicycle", *FILLERS)
    make_topic(title="Something later")

    assert ask("Arkadash by bike") == ["Arkadash with a bicycle"]
    assert CrossingTopic.objects.get().crossing == crossing


def test_noticing_costs_one_small_query_when_nothing_came(crossing):
    make_topics("Arkadash with a bicycle")
    ask("Arkadash")

    with CaptureQueriesContext(connection) as queries:
        ask("Arkadash")

    assert len(queries) <= 6


def test_the_rebuild_reads_every_topic(crossing):
    bulk("Arkadash with a bicycle", *FILLERS)
    TopicTerms.objects.all().delete()

    call_command("rebuild_similarity")

    assert TopicTerms.objects.count() == 9


def test_linking_old_topics_twice_changes_nothing(crossing, capsys):
    bulk("Arkadash with a bicycle", "Arkadash at night", *FILLERS)

    call_command("link_topics")
    call_command("link_topics")

    assert "2 new links" in capsys.readouterr().out
    assert CrossingTopic.objects.count() == 2
    assert SimilarTopic.objects.count() == 2


def test_words_are_counted_anew_at_night_and_the_old_count_goes(crossing):
    make_topics("Arkadash with a bicycle", "Arkadash by bus")
    terms.look_after()
    make_topic(title="Arkadash by train")

    terms.look_after()

    counted = TermWeight.objects.get(lexeme="arkadash")
    assert counted.topics_count == 3
    assert TermWeight.objects.values("generation").distinct().count() == 1


def test_a_moderator_may_add_words_to_a_matter(crossing):
    make_topics("Arkadash with a bicycle", "Arkadash at night")
    matter = Matter.objects.get(name="bicycle")
    Matter.objects.filter(pk=matter.pk).update(words=matter.words + " boneshaker")

    assert ask("Arkadash on a boneshaker")[0] == "Arkadash with a bicycle"


def test_loading_crossings_brings_the_matters_back_where_there_are_none(tmp_path):
    Matter.objects.all().delete()
    lines = importer.CROSSINGS.read_text(encoding="utf-8").splitlines(keepends=True)[:3]
    (tmp_path / "two.csv").write_text("".join(lines), encoding="utf-8")

    call_command("load_crossings", str(tmp_path / "two.csv"))

    assert Matter.objects.filter(name="bicycle").exists()


# --- The table under a topic ---


def test_the_table_is_shown_under_a_topic(client, crossing):
    topic, other = make_topics("Arkadash with a bicycle", "Arkadash by bike: allowed?")
    stored.refresh_around(topic.pk)

    page = client.get(topic.get_absolute_url()).content.decode()

    assert "Similar topics" in page
    assert f'<a href="{other.get_absolute_url()}">Arkadash by bike: allowed?</a>' in plain(page)
    assert "Same crossing" in page


def test_both_of_two_similar_topics_list_each_other(crossing):
    first, second = make_topics("Arkadash with a bicycle", "Arkadash by bike: allowed?")

    stored.refresh_around(second.pk)

    assert set(SimilarTopic.objects.values_list("topic", "other")) == {(first.pk, second.pk), (second.pk, first.pk)}


def test_a_topic_like_no_other_has_no_table(client):
    topic = make_topic()

    assert "Similar topics" not in client.get(topic.get_absolute_url()).content.decode()


def test_the_table_is_read_through_the_readers_access(client, crossing):
    topic = make_topic(title="Arkadash with a bicycle")
    make_topic(title="Arkadash for members only", subforum=make_subforum(access=Subforum.Access.MEMBERS))
    stored.refresh_around(topic.pk)

    assert "members only" not in client.get(topic.get_absolute_url()).content.decode()
    client.force_login(make_user())
    assert "members only" in client.get(topic.get_absolute_url()).content.decode()


def test_a_hidden_topic_leaves_all_tables_and_their_kept_pages(client, crossing, django_capture_on_commit_callbacks):
    topic, other = make_topics("Arkadash with a bicycle", "Arkadash by bike: allowed?")
    stored.refresh_around(topic.pk)
    assert "allowed?" in client.get(topic.get_absolute_url()).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        posts.withdraw_topic(other.author, other)

    assert "allowed?" not in client.get(topic.get_absolute_url()).content.decode()
    assert not SimilarTopic.objects.filter(other=other).exists()


def test_a_visitors_page_asks_five_questions_at_most(client, crossing):
    topic, *_ = make_topics(*(f"Arkadash, question {number}" for number in range(7)))
    stored.refresh_around(topic.pk)
    client.get(topic.get_absolute_url())

    with CaptureQueriesContext(connection) as queries:
        client.get(f"{topic.get_absolute_url()}?fresh=1")

    assert len(queries) <= 5


def test_the_topics_of_suggestions_are_loaded_by_one_statement_with_what_lists_show(crossing):
    topic, _ = make_topics("Arkadash with a bicycle", "Arkadash by bicycle in June")
    names = (topic.author.username, make_post(topic=topic).author.username)

    with CaptureQueriesContext(connection) as queries:
        found = {row.topic.pk: row.topic for row in ranking.suggest("Arkadash bicycle", about=crossing.pk)}
    loaded = [
        query for query in queries if "forum_topic" in query["sql"] and "crossings_topicterms" not in query["sql"]
    ]

    assert len(found) == 2
    assert len(loaded) == 1
    with CaptureQueriesContext(connection) as more:
        shown = found[topic.pk]
        assert (shown.title, shown.posts_count, shown.subforum.slug) == (topic.title, 2, topic.subforum.slug)
        assert (shown.author.username, shown.last_post.author.username) == names
        assert shown.has_expert_answer is False
    assert len(more) == 0


def test_words_that_very_many_have_are_looked_for_only_as_far_as_that_is_cheap(crossing, monkeypatch):
    far, _ = make_topics("Lentils and bicycle elsewhere", "Arkadash with lentils")
    terms.count_terms()
    TermWeight.objects.update(topics_count=3_000)  # of a larger forum: no word is rare

    beside = ranking.rank("Arkadash bicycle lentils", about=crossing.pk, subforum_ids=[far.subforum_id])
    alone = ranking.rank("Bicycle lentils", about=None, subforum_ids=[far.subforum_id])

    assert far.pk not in [row.topic_id for row in beside]
    assert far.pk in [row.topic_id for row in alone]
