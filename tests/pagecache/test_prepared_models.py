"""Model instances by prepared statements are those that the queryset itself gives."""

import pytest
from django.db import connection
from django.db.models import FETCH_RAISE, Count, F
from django.test.utils import CaptureQueriesContext

from crossings.models import Crossing, CrossingReport
from forum.models import Post, Topic
from pagecache.prepared import MARK, float_mark, text_mark
from pagecache.prepared_models import answer, fingerprint, instances
from tests.crossings.factories import make_crossing, make_report
from tests.forum.factories import make_post, make_topic

pytestmark = pytest.mark.django_db


def test_what_is_joined_and_annotated_comes_along_without_another_query():
    topic = make_topic()
    make_post(topic=topic)

    def build():
        return Topic.objects.filter(pk=MARK).select_related("subforum__section", "author").annotate(all=Count("posts"))

    [found] = instances("a topic of this test", build, topic.pk)
    with CaptureQueriesContext(connection) as queries:
        shown = (found.pk, found.subforum.section, found.author.username, found.all)

    assert shown == (topic.pk, topic.subforum.section, topic.author.username, topic.posts.count())
    assert len(queries) == 0
    assert found._state.adding is False


def test_a_foreign_key_to_nothing_is_none():
    topic = make_topic()

    [found] = instances("a merged topic", lambda: Topic.objects.filter(pk=MARK).select_related("merged_into"), topic.pk)

    assert found.merged_into is None


def test_each_call_has_its_own_values_and_instances():
    one, other = make_topic(), make_topic()

    def find(topic):
        return instances("one of two", lambda: Topic.objects.filter(pk=MARK), topic.pk)

    assert [find(one), find(other), find(one)] == [[one], [other], [one]]
    assert find(one)[0] is not find(one)[0]


def test_numbers_and_words_may_be_values():
    make_crossing(slug="low", latitude=1.5)
    high = make_crossing(slug="high", latitude=2.5)

    def build():
        return Crossing.objects.filter(latitude__gt=float_mark(1)).exclude(slug=text_mark(0)).order_by("pk")

    assert instances("above", build, "low", 2.25) == [high]
    assert instances("above", build, "low", 2.75) == []
    assert instances("above", build, "high", 1.0) == list(Crossing.objects.filter(slug="low"))


def test_columns_of_json_and_lists_are_python_values():
    crossing = make_crossing(towns=["Naryn", "Kashgar"], cells=[{"mode": "bicycle"}])

    [found] = instances("with lists", lambda: Crossing.objects.filter(pk=MARK), crossing.pk)

    assert (found.towns, found.cells) == (["Naryn", "Kashgar"], [{"mode": "bicycle"}])


def test_a_deferred_column_is_not_fetched_and_the_fetch_mode_holds():
    post = make_post()

    def build():
        return Post.objects.filter(pk=MARK).select_related("topic").only("number", "topic__title")

    [free] = instances("without its text", build, post.pk)
    [bound] = instances("without its text, bound", lambda: build().fetch_mode(FETCH_RAISE), post.pk)

    assert "html" not in free.__dict__
    assert free.html == post.html
    with pytest.raises(Exception, match="html"):
        _ = bound.html
    with pytest.raises(Exception, match="slug"):
        _ = bound.topic.slug


def test_reverse_foreign_keys_are_prefetched_in_one_more_query():
    crossing = make_crossing()
    reports = [make_report(crossing) for _ in range(3)]
    for place, report in enumerate(reports[:2]):
        for amount in range(place + 1):
            report.fees.create(amount=amount, currency="USD", purpose="permit")

    def build():
        return CrossingReport.objects.filter(crossing=MARK).prefetch_related("fees").order_by("pk")

    instances("with fees", build, crossing.pk)
    with CaptureQueriesContext(connection) as queries:
        found = instances("with fees", build, crossing.pk)
        fees = [[fee.amount for fee in report.fees.all()] for report in found]
        assert [fee.report for report in found for fee in report.fees.all()] == [found[0], found[1], found[1]]

    assert fees == [[0], [0, 1], []]
    assert len(queries) == 2
    assert list(found[1].fees.filter(amount=1)) == [found[1].fees.all()[1]]  # a filter is a query of its own


def test_nothing_is_prefetched_for_nothing():
    with CaptureQueriesContext(connection) as queries:
        assert instances("of none", lambda: CrossingReport.objects.filter(pk=MARK).prefetch_related("fees"), 7) == []

    assert len(queries) == 1


def test_other_prefetches_are_fetched_as_ever():
    topic = make_topic()

    [found] = instances(
        "with posts of its author",
        lambda: Topic.objects.filter(pk=MARK).prefetch_related("author__topics"),
        topic.pk,
    )

    with CaptureQueriesContext(connection) as queries:
        assert list(found.author.topics.all()) == [topic]
    assert len(queries) == 0


def test_it_is_compiled_and_planned_once():
    topic, built = make_topic(), []

    def build():
        built.append(1)
        return Topic.objects.filter(pk=MARK).annotate(planned_once=F("posts_count"))

    for _ in range(3):
        instances("compiled once", build, topic.pk)

    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%planned_once%'")
        assert cursor.fetchall() == [(3,)]
    assert built == [1]


def test_an_answer_has_the_same_rows_until_one_of_them_or_of_those_that_are_prefetched_changes():
    crossing = make_crossing(towns=["Naryn"])
    name = crossing.names.create(text="Torugart")

    def build():
        return Crossing.objects.filter(pk=MARK).prefetch_related("names")

    def ask():
        return answer("rows with names", build, crossing.pk)

    first, again = ask(), ask()
    name.text = "Torugart Pass"
    name.save()
    renamed = ask()
    Crossing.objects.filter(pk=crossing.pk).update(towns=["Kashgar"])
    moved = ask()

    assert fingerprint(first.rows) == fingerprint(again.rows)
    assert len({fingerprint(one.rows) for one in (first, renamed, moved)}) == 3
    assert "Torugart Pass" in [name.text for name in moved.instances[0].names.all()]


def test_instances_are_made_of_an_answer_once_and_without_another_query():
    crossing = make_crossing(name="Torugart")

    found = answer("asked once", lambda: Crossing.objects.filter(pk=MARK).prefetch_related("names"), crossing.pk)
    with CaptureQueriesContext(connection) as queries:
        shown = [name.crossing for name in found.instances[0].names.all()]

    assert shown == [crossing]
    assert found.instances is found.instances
    assert len(queries) == 0


def test_a_fingerprint_tells_a_number_from_its_digits_and_takes_any_text():
    assert len({fingerprint(1), fingerprint("1"), fingerprint(None), fingerprint("None"), fingerprint("\ud800")}) == 5
