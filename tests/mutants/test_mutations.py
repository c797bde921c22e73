"""Which mutants are made of a source, and which are none."""

import ast
from textwrap import dedent

import pytest

from tests.mutants.exchange import can_be_exchanged
from tests.mutants.mutations import mutants_of


def changed(source):
    """The line that differs, or the whole, of each mutant."""
    source = dedent(source).lstrip("\n")
    return {" ".join(mutant.source(source).split()) for mutant in mutants_of("a.py", source)}


@pytest.mark.parametrize(
    ("source", "mutants"),
    [
        ("a < b", {"a <= b"}),
        ("a >= b", {"a > b"}),
        ("a is None", {"a is not None"}),
        ("a not in b", {"a in b"}),
        ("a < b < c", {"a <= b < c", "a < b <= c"}),
        ("a and b", {"a or b", "a", "b"}),
        ("a or b or c", {"a and b and c", "b or c", "a or c", "a or b"}),
        ("not a", {"a"}),
        ("x = True", {"x = False"}),
        ("x = 8", {"x = 9", "x = 7"}),
        ("x = 0", {"x = 1"}),
        ("x = a + b", {"x = a - b"}),
        ("x = a | b", {"x = a & b"}),
        ("x = max(a, b)", {"x = min(a, b)"}),
        ("x = a if b else c", {"x = a if not b else c"}),
        ("x = [a for a in b if c]", {"x = [a for a in b]"}),
        ("x = a.filter(b=c, d=e)", {"x = a.filter(d=e)", "x = a.filter(b=c)"}),
        ("x = a.exclude(b=c)", {"x = a.exclude()"}),
        ("x = a.update(b=c)", set()),
        ("a.send(b)", {"pass"}),
        ("x = Token('a', 'b', -1)", {"x = Token('a', 'b', -2)", "x = Token('a', 'b', -0)"}),
        ("a.b = c", {"pass"}),
        ("a += b", {"pass"}),
        ("if a: raise b", {"pass", "if a: pass"}),
        ("if a: b = c", {"if True: b = c", "if False: b = c"}),
    ],
)
def test_each_operator_changes_one_thing(source, mutants):
    assert changed(source) == mutants


def test_statements_of_the_database_are_changed_as_well():
    source = 'RUN = """\n    UPDATE t SET n = n + 1 WHERE a >= %s AND b IS NULL\n"""\n'

    found = changed(source)

    assert {text.split("WHERE ")[1] for text in found if "n + 1 " in text} == {
        'a > %s AND b IS NULL """', 'a >= %s OR b IS NULL """', 'a >= %s AND b IS NOT NULL """',
    }  # fmt: skip
    assert any("n = n + 2 WHERE a >= %s AND b IS NULL" in text for text in found)


@pytest.mark.parametrize(
    "source",
    [
        '"""At least 5 and not 6."""',
        "logger.info('sent', 5)",
        "BATCH = 200",
        "x = digest.hexdigest()[:24]",
        "x = brotli.compress(body, quality=5)",
        "x = gzip.compress(body, 6, mtime=a)",
        "x = Token('text', '', 0, children=a)",
        "x = posts.first(pk=entry.post_id or 0)",
        "x: Literal[5]",
        "def f() -> Literal[5]: return a",
        "x = Store(max_items=500)",
        "x = zip(a, b, strict=True)",
        "__slots__ = (5,)",
        "x = 'five and six'",
        "if TYPE_CHECKING: import a",
    ],
)
def test_what_nobody_would_test_is_no_mutant(source):
    assert changed(source) == set()


def test_letters_of_any_script_before_it_do_not_shift_the_change():
    assert changed("x = 'Торугарт ئۈرۈمچى' if a < b else c") == {
        "x = 'Торугарт ئۈرۈمچى' if a <= b else c",
    }  # fmt: skip


def test_a_diff_says_what_and_where():
    (mutant,) = mutants_of("a.py", "a = b\nc = d < e\n")

    assert mutant.diff("a = b\nc = d < e\n").splitlines()[-2:] == ["-c = d < e", "+c = d <= e"]
    assert mutant.changed_line("a = b\nc = d < e\n") == ("c = d < e", "c = d <= e")
    assert (mutant.operator, mutant.lines) == ("comparison", (2, 2))


SOURCE = """
MOST = 5

def f(a, most=5):
    return a < most

class C:
    size = 5

    @property
    def g(self):
        return self.a < 7
"""


def test_only_bodies_of_functions_and_constants_of_modules_can_be_exchanged():
    tree = ast.parse(SOURCE)

    lines = {mutant.lines[0] for mutant in mutants_of("a.py", SOURCE) if can_be_exchanged(tree, mutant)}

    assert lines == {2, 5, 12}
