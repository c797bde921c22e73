"""A tsquery without what cannot matter finds what it found before, and how much that is."""

import pytest
from django.db import connection

from forum.search.query.lean_query import NOTHING, lean, lexemes, read, share

A, B = "('a' | 'e~a')", "('b' | 'e~b')"


@pytest.mark.parametrize(
    "query",
    [
        "'a'",
        "'a':*",
        "('a' | 'b' | 'c')",
        "(('a' | 'b') & !'c')",
        "(('a' <1> 'b') | 'c')",
        "(('a' <1> 'b') <22> ('c' | 'd'))",
        "('a' & !('b' & 'c'))",
    ],
)
def test_what_is_read_is_written_again(query):
    assert str(read(query)) == query


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("'a' | 'b' & 'c'", "('a' | ('b' & 'c'))"),
        ("'a' & 'b' <-> 'c'", "('a' & ('b' <-> 'c'))"),
        ("(('a'))", "'a'"),
        ("('a' | ('b' | 'a'))", "('a' | 'b')"),
        ("!'a' & 'b'", "(!'a' & 'b')"),
    ],
)
def test_operators_bind_as_in_postgresql(query, tree):
    assert str(read(query)) == tree


@pytest.mark.parametrize(
    ("query", "absent", "left"),
    [
        (f"({A} & {B})", ["'e~a'"], "('a' & ('b' | 'e~b'))"),
        (f"({A} & {B})", ["'a'", "'e~a'"], ""),
        (f"(({A} & {B}) | 'c')", ["'b'", "'e~b'"], "'c'"),
        ("('a' & !'b')", ["'b'"], "('a' & !'b')"),
        ("('a' <1> 'b') | 'c'", ["'b'"], "'c'"),
        ("('a' & 'b') | ('c' & 'b')", [], "(('a' | 'c') & 'b')"),
        ("('a' & 'b') | 'b'", [], "(('a' & 'b') | 'b')"),
        ("'a' | 'b' | ('a' <1> 'c')", [], "('a' | 'b')"),
        ("'a' | ('c' <1> ('a' | 'b'))", [], "('a' | ('c' <1> ('a' | 'b')))"),
        ("'a' | 'b' | ('c' <1> ('a' | 'b'))", [], "('a' | 'b')"),
        ("'c' | ('a' <1> 'b' <1> 'c')", [], "'c'"),
        (f"({A} & {B}) | ((('a' <1> 'p') | 'x') & {B})", ["'x'"], "(('a' | 'e~a') & ('b' | 'e~b'))"),
    ],
)
def test_what_cannot_matter_is_left_out(query, absent, left):
    assert str(lean(read(query), absent)) == left


def test_of_nothing_there_is_nothing():
    assert lean(read("'a'"), ["'a'"]) == NOTHING


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        f"(({A} & {B}) | ((('a' <1> 'p') | 'x' | ('y' <1> 'z')) & {B}))",
        "(('a' & 'b') | ('c' & 'b') | ('d' & 'e' & 'b')) & !('p' | 'q')",
        "(('a' <1> ('b' | 'c')) | 'b') & ('p':* | 'q')",
        "('a' & !('b' <1> 'q')) | ('p' & 'c')",
    ],
)
def test_it_finds_the_same_in_every_text_without_the_absent(query):
    """All texts of up to four of the lexemes, in this order; y and q are in none."""
    letters = ["a", "b", "c", "d", "e", "e~a", "e~b", "p", "x", "z"]
    texts = [" ".join(f"'{one}':{place + 1}" for place, one in enumerate(row)) for row in _rows(letters)]
    left = str(lean(read(query), ["'y'", "'q'"]))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text FROM unnest(%s::text[]) AS text"
            " WHERE (text::tsvector @@ %s::tsquery) IS DISTINCT FROM (text::tsvector @@ %s::tsquery)",
            [texts, query, left],
        )
        assert cursor.fetchall() == []


def _rows(letters):
    rows = [[]]
    for _ in range(3):
        rows += [[*row, letter] for row in rows for letter in letters if letter not in row and len(row) < 3]
    return [list(row) for row in dict.fromkeys(map(tuple, rows))]


def test_all_lexemes_are_told_as_they_are_asked():
    assert list(lexemes(read("('a':* <1> 'b') & !'c'"))) == ["'a':*", "'b'", "'c'"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("'border'", 0.5),
        ("('border' | 'e~border' | 'd~bord')", 0.5),
        ("('border' | 'visa')", 0.6),
        ("('border' & 'visa')", 0.1),
        ("!'border'", 0.5),
        ("'nobody'", 0.001),
    ],
)
def test_how_many_posts_it_finds_is_told_by_the_shares_of_words(query, expected):
    shares = {"border": 0.5, "e~border": 0.5, "visa": 0.2}

    assert share(read(query), shares, 0.001) == pytest.approx(expected)
