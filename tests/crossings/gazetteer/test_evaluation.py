"""What the gazetteer and the statement reach on the evaluation set, whose sentences were written before either ran."""

from io import StringIO

import pytest
from django.core.management import call_command

from bench import similarity_evaluation
from crossings.models import Crossing
from forum.models import Topic

pytestmark = pytest.mark.django_db


def test_duplicates_and_crossings_are_found_and_other_questions_left_alone():
    figures = similarity_evaluation.evaluate()

    assert figures.mrr >= 0.85
    assert figures.recall >= 0.95
    assert figures.right_crossing >= 0.9
    assert figures.quiet >= 0.9
    assert figures.matched >= 0.96


def test_the_command_prints_the_figures_and_leaves_nothing_behind():
    out = StringIO()

    call_command("evaluate_similarity", "--missed", stdout=out)

    assert "MRR@5" in out.getvalue()
    assert "Quiet" in out.getvalue()
    assert not Topic.objects.exists()
    assert not Crossing.objects.exists()
