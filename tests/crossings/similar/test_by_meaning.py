"""The option SIMILAR_BY_MEANING: titles as vectors put similar topics in order; without it nothing of it is there."""

import subprocess
import sys

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from bench.similar import similarity_evaluation
from config.health.doctor import content
from config.health.doctor.results import Level
from config.worker import nightly
from crossings.models import TopicVector
from crossings.similar import ranking, tasks, topic_vectors
from crossings.similar.meaning import package, title_vectors
from forum.actions import edits
from tests.crossings.factories import make_crossing
from tests.forum.factories import make_topic


class ByTable:
    """A model that knows a few words: what stands for pets, and what for snow."""

    name = package.NAME
    words = {"dog": 0, "cat": 0, "pets": 0, "snow": 1, "chains": 1, "winter": 1}

    def vector(self, text):
        found = np.full(4, 0.01, np.float32)
        for word in text.lower().split():
            found[self.words.get(word, 3)] += 1
        return found / np.linalg.norm(found)


@pytest.fixture
def is_on(settings, monkeypatch):
    settings.SIMILAR_BY_MEANING = True
    monkeypatch.setattr(package, "_loaded", ByTable())
    title_vectors._vector_of_question.cache_clear()
    yield
    title_vectors._vector_of_question.cache_clear()


@pytest.fixture
def unusable(settings, monkeypatch, tmp_path):
    settings.SIMILAR_BY_MEANING = True
    monkeypatch.setattr(package, "_loaded", None)
    monkeypatch.setattr(package, "archive", lambda: tmp_path / "model.zip")
    title_vectors._vector_of_question.cache_clear()


@pytest.fixture
def crossing():
    return make_crossing(name="Arkadash Pass", names=("Arkadash",))


def make_topics(*titles):
    return [make_topic(title=title) for title in titles]


def ask(title):
    return [suggestion.topic.title for suggestion in ranking.similar_topics(title)]


def enqueued(task):
    return DBTaskResult.objects.filter(task_path=task.module_path)


# --- Stored by the worker ---


@pytest.mark.django_db
def test_the_worker_reads_a_new_title_and_a_changed_one_once_each(is_on):
    (topic,) = make_topics("Arkadash with a dog")
    assert [row.args_kwargs["args"] for row in enqueued(tasks.write_vector)] == [[topic.pk]]
    tasks.write_vector.call(topic.pk)
    before = bytes(TopicVector.objects.get().vector)

    edits.edit_post(topic.author, topic.opening_post, source="Words.", title="Arkadash in snow", based_on=0)
    assert enqueued(tasks.write_vector).count() == 2
    tasks.write_vector.call(topic.pk)

    stored = TopicVector.objects.get()
    assert bytes(stored.vector) != before
    assert np.frombuffer(stored.vector, "<f2") == pytest.approx(ByTable().vector("Arkadash in snow"), abs=1e-3)
    assert title_vectors.write([topic.pk]) == 0


@pytest.mark.django_db
def test_titles_of_an_import_are_read_part_by_part_the_newest_first(is_on, monkeypatch):
    monkeypatch.setattr(topic_vectors, "AT_ONCE", 2)
    topics = make_topics("One", "Two", "Three")
    nightly.write_missing_vectors()
    assert enqueued(tasks.write_missing_vectors).count() == 1

    tasks.write_missing_vectors.call()
    first = set(TopicVector.objects.values_list("topic", flat=True))
    tasks.write_missing_vectors.call()

    assert first == {topic.pk for topic in topics[1:]}
    assert TopicVector.objects.count() == 3
    assert enqueued(tasks.write_missing_vectors).count() == 2


@pytest.mark.django_db
def test_the_rebuild_reads_all_titles_and_those_of_another_model_again(is_on):
    make_topics("One", "Two")
    title_vectors.write_missing(9)
    TopicVector.objects.update(model="another")

    call_command("rebuild_similarity")

    assert set(TopicVector.objects.values_list("model", flat=True)) == {package.NAME}


@pytest.mark.django_db
def test_a_topic_that_is_gone_gets_no_vector(is_on):
    assert title_vectors.write([987_654]) == 0


@pytest.mark.django_db
def test_with_a_model_that_cannot_be_used_the_worker_goes_on_and_looks_for_it_once(unusable, monkeypatch, caplog):
    looked = []
    monkeypatch.setattr(package, "load", lambda path: looked.append(path) or _refuse(path))
    (topic,) = make_topics("One")

    tasks.write_vector.call(topic.pk)
    tasks.write_missing_vectors.call()

    assert len(looked) == 1
    assert caplog.text.count("Titles are not read by meaning") == 2
    assert not enqueued(tasks.write_missing_vectors).exists()


def _refuse(path):
    raise package.Unusable(f"{path} cannot be read")


def test_a_process_of_the_web_server_loads_the_model_as_it_begins(unusable, settings, monkeypatch):
    monkeypatch.setattr(package, "load", lambda path: ByTable())

    topic_vectors.load_model_soon().join(60)

    assert isinstance(package._loaded, ByTable)
    settings.SIMILAR_BY_MEANING = False
    assert topic_vectors.load_model_soon() is None


# --- In order ---


@pytest.mark.django_db
def test_what_means_the_same_comes_first(is_on, crossing):
    make_topics("Arkadash with a cat", "Arkadash chains")

    before = ask("Arkadash pets")
    title_vectors.write_missing(9)

    assert len(before) == 2
    assert ask("Arkadash pets") == ["Arkadash with a cat", "Arkadash chains"]
    assert ask("Arkadash winter") == ["Arkadash chains", "Arkadash with a cat"]


@pytest.mark.django_db
def test_nothing_below_the_threshold_is_found_by_meaning_alone(is_on):
    make_topics("Arkadash with a cat")
    title_vectors.write_missing(9)

    assert ask("Dog dog dog") == []


@pytest.mark.django_db
def test_a_topic_without_a_vector_keeps_its_place_among_the_others(is_on):
    one, three = make_topics("snow", "dog")
    title_vectors.write_missing(9)
    rows = [ranking.Ranked(pk, score, "words") for pk, score in ((one.pk, 1.0), (0, 0.9), (three.pk, 0.8))]

    found = ranking.in_order_of_meaning(rows, "cat")

    assert [row.topic_id for row in found] == [three.pk, 0, one.pk]
    assert all(row.why == "words" for row in found)


@pytest.mark.django_db
def test_vectors_of_another_model_are_not_compared(is_on):
    one, two = make_topics("snow", "dog")
    title_vectors.write_missing(9)
    TopicVector.objects.update(model="another")
    rows = [ranking.Ranked(one.pk, 1.0, "words"), ranking.Ranked(two.pk, 0.9, "words")]

    assert ranking.in_order_of_meaning(rows, "dog") == rows


@pytest.mark.django_db
def test_with_a_model_that_cannot_be_used_topics_are_found_by_words(unusable, crossing, caplog):
    make_topics("Arkadash with a cat", "Arkadash chains")

    assert len(ask("Arkadash pets")) == 2
    assert "cannot be read" in caplog.text


# --- Off ---


@pytest.mark.django_db
def test_where_it_is_off_nothing_is_asked_or_enqueued(crossing):
    make_topics("Arkadash with a cat", "Arkadash chains")
    with CaptureQueriesContext(connection) as queries:
        ask("Arkadash pets")
        tasks.write_missing_vectors.call()
        nightly.write_missing_vectors()

    assert not [query for query in queries if "topicvector" in query["sql"]]
    assert not enqueued(tasks.write_vector).exists()
    assert not enqueued(tasks.write_missing_vectors).exists()


def test_where_it_is_off_nothing_of_it_is_imported():
    code = (
        "import sys, django; django.setup(); from crossings.similar import ranking, receivers; from config import wsgi;"
        "sys.exit([name for name in sys.modules if name.startswith('crossings.similar.meaning')] != [])"
    )

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# --- Told ---


@pytest.mark.django_db
def test_the_doctor_says_that_it_is_off():
    finding = content.similar_by_meaning()

    assert (finding.level, "is off" in finding.words) == (Level.RIGHT, True)


@pytest.mark.django_db
def test_the_doctor_says_how_many_titles_are_not_read_yet(is_on):
    make_topics("One", "Two")

    finding = content.similar_by_meaning()
    title_vectors.write_missing(9)

    assert (finding.level, "yet: 2" in finding.words) == (Level.WARNING, True)
    assert content.similar_by_meaning().level is Level.RIGHT


@pytest.mark.django_db
def test_the_doctor_says_why_the_model_cannot_be_used(unusable):
    finding = content.similar_by_meaning()

    assert (finding.level, "cannot be read" in finding.words) == (Level.WRONG, True)


@pytest.mark.django_db
def test_the_evaluation_says_both_side_by_side(is_on):
    figures = similarity_evaluation.evaluate(part="steer", has_model=True)

    lines = list(figures.lines())
    heading = next(place for place, line in enumerate(lines) if line.startswith("By meaning"))
    assert [line.split()[0] for line in lines[heading + 1 :]] == ["MRR@5", "Recall@5", "Right", "Quiet", "similar"]
