"""What a question is about besides the place: in six languages, by verbs and colloquial words."""

import csv
import hashlib
from importlib import import_module

import pytest
from django.apps import apps

from crossings.editorial import importer
from crossings.gazetteer import matcher, name_index
from crossings.models import Matter
from crossings.similar import ranking, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def names_of(matters):
    names = dict(Matter.objects.values_list("pk", "name"))
    words = name_index.read_matters()
    return lambda text: {names[pk] for pk in terms.matters_of(text, words)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Do they go through your mobile?", "inspection"),
        ("Are there con men about", "bribes and scams"),
        ("Mit dem Fahrrad", "bicycle"),
        ("avec mon chien", "animals"),
        ("cuánto cuesta", "costs"),
        ("стоять в очереди", "waiting"),
        ("霍尔果斯可以骑车过吗", "bicycle"),
        ("带狗过境", "animals"),
        ("visa run-out", "overstay"),
    ],
)
def test_a_matter_is_known_by_any_word_for_it(names_of, text, name):
    assert name in names_of(text)


@pytest.mark.parametrize("text", ["The title of a book", "A tip for you", "A chip off the block", "Waiting room"])
def test_a_word_of_two_senses_says_nothing_alone(names_of, text):
    assert not names_of(text) & {"vehicle papers", "animals", "sleeping"}


def test_staff_may_write_words_that_mean_it_only_together():
    Matter.objects.create(name="Yaks", words="yak hairy-cow 牦牛")

    matters = name_index.read_matters()

    assert terms.matters_of("a hairy cow", matters)
    assert terms.matters_of("有牦牛吗", matters)
    assert not terms.matters_of("a brown cow is hairy", matters)


@pytest.mark.usefixtures("matters")
def test_the_migration_leaves_what_staff_have_changed():
    migration = import_module("crossings.migrations.0020_words_in_six_languages")
    given = "sim esim internet data wifi roaming"
    Matter.objects.filter(name="telephone and internet").update(words=given)
    Matter.objects.filter(name="drone").update(words="drone of ours")

    migration.widen(apps, None)

    with importer.MATTERS.open(encoding="utf-8", newline="") as file:
        words = {row["name"]: row["words"] for row in csv.DictReader(file)}
    assert hashlib.sha256(given.encode()).hexdigest()[:16] == migration.GIVEN["telephone and internet"]
    assert Matter.objects.get(name="telephone and internet").words == words["telephone and internet"]
    assert Matter.objects.get(name="drone").words == "drone of ours"


def test_numbers_and_weekdays_are_chance_and_years_are_not():
    assert ranking._chance_words(matcher.current(), "On Sunday 3 or am Montag 12 in 2026", None) == "sunday 3 montag 12"
