"""The data that similar topics are measured on, and how they are kept."""

import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bench.similar import similarity_data, similarity_topics
from crossings.editorial import importer
from crossings.models import CrossingTopic, TopicTerms
from crossings.similar import ranking, terms
from forum.models import Post, Topic
from tests.crossings.shortened import shortened
from tests.forum.factories import make_topic

pytestmark = pytest.mark.django_db


def test_topics_are_copied_whole_and_are_found(tmp_path):
    importer.load(shortened(tmp_path, ",(CN|KG|KZ|RU),"))
    there = make_topic(title="One that was there")

    similarity_topics._copy_topics(connection.connection, random.Random(1), 60)
    terms.rebuild()

    assert Topic.objects.count() == Post.objects.count() == TopicTerms.objects.count() == 60
    linked = CrossingTopic.objects.select_related("topic", "crossing").latest("pk")
    assert 30 < CrossingTopic.objects.count() < 60
    assert linked.topic.countries == sorted({linked.crossing.country_a_id, linked.crossing.country_b_id})
    found = ranking.suggest(linked.topic.title, about=linked.crossing_id)
    assert linked.topic in [suggestion.topic for suggestion in found]
    assert linked.topic.pk > there.pk


def test_new_rows_come_after_those_that_were_copied(tmp_path):
    importer.load(shortened(tmp_path, ",KG,"))
    make_topic()
    similarity_topics._copy_topics(connection.connection, random.Random(1), 20)

    assert make_topic().pk == Topic.objects.latest("pk").pk


def test_data_made_by_other_code_are_other_data(tmp_path):
    module = tmp_path / "bench" / "similar" / "similarity_topics.py"
    module.parent.mkdir(parents=True)
    module.write_text("TOPICS = 1")
    before = similarity_data._digest(tmp_path)

    module.write_text("TOPICS = 2")

    assert similarity_data._digest(tmp_path) != before
    assert similarity_data._digest(tmp_path) == similarity_data._digest(tmp_path)


def test_no_forum_is_filled_by_mistake(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="own database"):
        call_command("plant_topics")
