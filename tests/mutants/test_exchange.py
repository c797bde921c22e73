"""A mutant in a process that runs: its function, all that holds it, and what was made of a constant."""

import ast
import importlib
import sys

import pytest

from tests.mutants import exchange
from tests.mutants.exchange import CannotBeExchanged, Exchange, is_constant, lines_of_use
from tests.mutants.mutations import mutants_of

ROOM = """
from functools import lru_cache

MOST = 5
TWICE = MOST * 2


def is_many(number):
    return number >= MOST


def decorate(view):
    def answer(number):
        return view(number) and number < 100

    return answer


@decorate
def is_even(number):
    return number % 2 == 0


@lru_cache
def is_odd(number):
    return not number % 2 == 0


def made(most):
    return [most + 1]


READY = made(5)
LATER = [lambda: made(7)]
FIRST = READY[0]


class Book:
    @property
    def is_long(self):
        return len(self.words) > 2

    def __init__(self, *words):
        self.words = words
"""
READER = """
from mutated_room import MOST, is_many


def has_many(number):
    return is_many(number) and number < MOST * 9
"""


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A module that can be spoiled, and one that has imported from it."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(exchange, "ROOT", tmp_path)
    (tmp_path / "mutated_room.py").write_text(ROOM)
    (tmp_path / "mutated_reader.py").write_text(READER)
    yield importlib.import_module("mutated_reader"), importlib.import_module("mutated_room")
    for name in ("mutated_reader", "mutated_room"):
        del sys.modules[name]


def apply(before, after, *, line=0):
    (mutant,) = [
        mutant
        for mutant in mutants_of("mutated_room.py", ROOM)
        if (mutant.before, mutant.after) == (before, after) and line in {0, mutant.lines[0]}
    ]
    Exchange(["mutated_room.py"]).apply(mutant)


def test_a_function_has_its_new_code_wherever_it_was_imported(room):
    reader, _ = room
    assert reader.has_many(5)

    apply("number >= MOST", "number > MOST")

    assert not reader.has_many(5)


def test_what_a_decorator_returned_has_its_new_code(room):
    apply("number < 100", "number <= 100")

    assert room[1].is_even(100)


def test_a_constant_is_new_where_it_was_imported_and_in_what_was_made_of_it(room):
    apply("5", "6", line=4)

    assert (room[1].MOST, room[1].TWICE, room[0].MOST) == (6, 12, 6)
    assert not room[0].has_many(5)


def test_what_a_function_made_at_the_import_is_made_again(room):
    later = room[1].LATER

    apply("most + 1", "most - 1")

    assert (room[1].READY, room[1].FIRST) == ([4], 4)
    assert room[1].LATER is later


@pytest.mark.parametrize(("before", "is_so"), [("most + 1", True), ("MOST * 2", True), ("number < 100", False)])
def test_a_function_that_makes_a_constant_is_chosen_for_like_the_constant(before, is_so):
    found = [mutant for mutant in mutants_of("mutated_room.py", ROOM) if mutant.before == before]

    assert {is_constant(ast.parse(ROOM), mutant) for mutant in found} == {is_so}


@pytest.mark.parametrize(("before", "lines"), [("5", [9]), ("2", []), ("most + 1", [])])
def test_where_a_constant_is_used_is_told_by_lines(before, lines):
    mutant = next(mutant for mutant in mutants_of("mutated_room.py", ROOM) if mutant.before == before)

    assert lines_of_use(ast.parse(ROOM), mutant) == lines


def test_results_that_were_kept_are_forgotten(room):
    assert room[1].is_odd(3)

    apply("not number % 2 == 0", "number % 2 == 0")

    assert not room[1].is_odd(3)


def test_properties_of_classes_have_their_new_code(room):
    book = room[1].Book("a", "b")
    assert not book.is_long

    apply("len(self.words) > 2", "len(self.words) >= 2")

    assert book.is_long


def test_a_constant_of_a_module_that_nothing_has_imported_cannot_be_exchanged(tmp_path, monkeypatch):
    monkeypatch.setattr(exchange, "ROOT", tmp_path)
    (tmp_path / "mutated_alone.py").write_text("MOST = 5\n")

    with pytest.raises(CannotBeExchanged):
        Exchange(["mutated_alone.py"]).apply(mutants_of("mutated_alone.py", "MOST = 5\n")[0])


def test_what_is_made_once_of_a_constant_cannot_be_exchanged(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(exchange, "ROOT", tmp_path)
    source = "MOST = 5\n\n\ndef f(most=MOST):\n    return most\n"
    (tmp_path / "mutated_default.py").write_text(source)
    importlib.import_module("mutated_default")

    with pytest.raises(CannotBeExchanged):
        Exchange(["mutated_default.py"]).apply(mutants_of("mutated_default.py", source)[0])
