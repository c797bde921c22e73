"""The words that search will find, the same on every version and machine."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sari tas", "Sarı Taş"),
        ("crossed", "crossing"),
        ("Kashgar", "Kashgar–Torugart"),
        ("Торугарт", "на Торугарт"),
    ],
)
def test_words_are_found_without_accents_in_any_form_and_at_a_dash(typed, written):
    assert ask("SELECT to_tsvector('bp', %s) @@ plainto_tsquery('bp', %s)", written, typed)


@pytest.mark.parametrize("word", ["Торугарт", "吐尔尕特"])
def test_trigrams_know_the_letters_of_every_script(word):
    # Letters beyond ASCII come as hashes. A locale that does not know them as letters gives none at all.
    assert len(ask("SELECT show_trgm(%s)", word)) > len(word)
