"""What the gazetteer and the statement reach on the evaluation set, whose sentences were written before either ran."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from bench.similar import similarity_evaluation
from crossings.editorial import importer
from crossings.models import Crossing
from forum.models import Topic

HALVES = (similarity_evaluation.STEER, similarity_evaluation.KEPT)
SECOND_HALVES = (similarity_evaluation.SECOND_STEER, similarity_evaluation.SECOND_KEPT)

pytestmark = pytest.mark.django_db


def test_duplicates_and_crossings_are_found_and_other_questions_left_alone():
    figures = similarity_evaluation.evaluate()

    assert figures.mean("MRR@5") >= 0.85
    assert figures.mean("Recall@5") >= 0.95
    assert figures.mean("Right crossing") >= 0.9
    assert figures.mean("Quiet") >= 0.9
    assert figures.mean("Matcher") >= 0.96


def test_the_interval_of_a_mean_is_the_same_in_each_run_and_holds_it():
    values = [1.0, 0.0, 1.0, 1.0, 0.5] * 20

    low, high = similarity_evaluation.interval(values)

    assert similarity_evaluation.interval(values) == (low, high)
    assert 0.5 < low < 0.7 < high < 0.9


@pytest.mark.parametrize("halves", [HALVES, SECOND_HALVES], ids=["first set", "second set"])
def test_the_halves_share_no_sentence(halves):
    for name in ("names", "questions", "off_topic", "no_border"):
        steer, kept = (similarity_evaluation.read(similarity_evaluation.FOLDER, name, part) for part in halves)

        assert steer
        assert kept
        assert not {_text(row) for row in steer} & {_text(row) for row in kept}


def test_the_second_set_repeats_no_sentence_of_the_first():
    for name in ("names", "questions", "off_topic", "no_border"):
        rows = similarity_evaluation.read(similarity_evaluation.FOLDER, name)
        second = {_text(row) for row in rows if row.get("half") in SECOND_HALVES}

        assert not second & {_text(row) for row in rows if row.get("half") not in SECOND_HALVES}


def test_the_right_answers_are_crossings_and_topics_that_exist():
    with importer.CROSSINGS.open(encoding="utf-8", newline="") as file:
        slugs = {row["slug"] for row in csv.DictReader(file)}
    topics = {row["id"] for row in similarity_evaluation.read(similarity_evaluation.FOLDER, "topics")}
    rows = [
        row
        for name in ("names", "questions")
        for part in SECOND_HALVES
        for row in similarity_evaluation.read(similarity_evaluation.FOLDER, name, part)
    ]

    assert {slug for row in rows for slug in row["crossings"]} <= slugs
    assert {number for row in rows for number in row.get("finds", ())} <= topics


def _text(row):
    return row["title"] if "title" in row else row["text"]


def test_the_command_prints_the_figures_and_leaves_nothing_behind():
    out = StringIO()

    call_command("evaluate_similarity", "--missed", stdout=out)

    assert "MRR@5" in out.getvalue()
    assert "Quiet" in out.getvalue()
    assert not Topic.objects.exists()
    assert not Crossing.objects.exists()
