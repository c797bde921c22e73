"""The operators: small changes of a source file, each of which a test of it should notice.

Left out, because nobody would expect a test to notice: words for people, log lines, annotations, the sizes of stores,
batches and digests, levels of compression; and what changes nothing (`_not_told_apart`).
"""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff


@dataclass(frozen=True)
class Mutant:
    """One change of one file: `before` at these bytes of its source becomes `after`."""

    file: str
    operator: str
    begin: int
    end: int
    # The first and the last line that tests must run to meet it.
    lines: tuple[int, int]
    before: str
    after: str

    def source(self, original: str) -> str:
        text = original.encode()
        return (text[: self.begin] + self.after.encode() + text[self.end :]).decode()

    def changed_line(self, original: str) -> tuple[str, str]:
        """The line of the change, before and after it, without its blanks; all of them where there are several."""
        text, changed = original.encode(), self.source(original).encode()
        begin = text.rfind(b"\n", 0, self.begin) + 1
        ends = text.find(b"\n", self.end)
        rest = len(text) - (ends if ends >= 0 else len(text))
        return text[begin : len(text) - rest].decode().strip(), changed[begin : len(changed) - rest].decode().strip()

    def diff(self, original: str) -> str:
        pair = (text.splitlines(keepends=True) for text in (original, self.source(original)))
        return "".join(unified_diff(*pair, self.file, f"{self.file} ({self.operator})", n=2))


def mutants_of(file: str, source: str) -> list[Mutant]:
    """All mutants of a source file that compile, in the order of their places."""
    found = {mutant for mutant in _Search(file, source).found() if _compiles(mutant.source(source))}
    return sorted(found, key=lambda mutant: (mutant.begin, mutant.end, mutant.operator, mutant.after))


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
SWAPPED_NAMES = {"max": "min", "min": "max", "any": "all", "all": "any"}
FILTERS = {"filter", "exclude", "get", "Q", "get_or_create", "update_or_create", "update", "bump", "create"}
# Whoever changes the size of a store, of a batch or of a lock's wait has changed no behaviour; nor who takes from zip
# that its rows must be of one length, which they are.
SIZES = {"max_bytes", "max_items", "maxsize", "batch_size", "chunk_size", "no_key", "length", "quality", "strict"}
SIZE_NAMES = {"BATCH", "AT_ONE_TIME", "MAX_BYTES", "MAX_PAGE_BYTES", "MARKUP_VERSION"}
LOGS = {"logger", "logging"}
SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|WHERE|JOIN)\b")
SQL_CHANGES = [
    (r" >= ", " > "), (r" > ", " >= "), (r" <= ", " < "), (r" < ", " <= "), (r"\bAND\b", "OR"), (r"\bOR\b", "AND"),
    (r"\bIS NULL\b", "IS NOT NULL"), (r"\bIS NOT NULL\b", "IS NULL"), (r" \+ 1\b", " + 2"), (r" DESC\b", ""),
    (r"\bgreatest\(", "least("), (r"\bleast\(", "greatest("), (r"\bNOT EXISTS\b", "EXISTS"),
]  # fmt: skip


class _Search:
    def __init__(self, file: str, source: str):
        self.file, self.text = file, source.encode()
        self.tree = ast.parse(source)
        self.line_begins = [0]
        for line in self.text.splitlines(keepends=True):
            self.line_begins.append(self.line_begins[-1] + len(line))

    def found(self) -> Iterator[Mutant]:
        yield from self._in(self.tree)

    def _in(self, node: ast.AST) -> Iterator[Mutant]:
        left_out = _not_told_apart(node)
        for name, child in _children(node):
            if name in {"annotation", "returns", "type_params"} or child in left_out or _is_out_of_bounds(child):
                continue
            yield from self._changes(child)
            yield from self._in(child)

    def _changes(self, node: ast.AST) -> Iterator[Mutant]:
        for operator, changed in _changed_nodes(node):
            yield self._mutant(node, operator, ast.unparse(changed))
        for operator, place, after in _removed(node):
            yield self._mutant(place, operator, after)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield from self._changes_of_sql(node)

    def _changes_of_sql(self, node: ast.Constant) -> Iterator[Mutant]:
        begin, end = self._place(node)
        text = self.text[begin:end].decode()
        for pattern, after in SQL_CHANGES:
            for match in re.finditer(pattern, text):
                at = begin + len(text[: match.start()].encode())
                yield Mutant(
                    self.file, f"SQL {match[0].strip()}", at, at + len(match[0].encode()),
                    (node.lineno, node.end_lineno or node.lineno), match[0], after,
                )  # fmt: skip

    def _mutant(self, node: ast.AST, operator: str, after: str) -> Mutant:
        begin, end = self._place(node)
        before = self.text[begin:end].decode()
        met = node.test if isinstance(node, ast.If) else node
        return Mutant(self.file, operator, begin, end, (met.lineno, met.end_lineno), before, after)

    def _place(self, node: ast.AST) -> tuple[int, int]:
        begin = self.line_begins[node.lineno - 1] + node.col_offset
        end = self.line_begins[node.end_lineno - 1] + node.end_col_offset
        return begin, end


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def _is_out_of_bounds(node: ast.AST) -> bool:
    """What is only for people, for the type checker or for a store's size, and all that stands in it."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name in LOGS:
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("__") or name in SIZE_NAMES:
            return True
        case ast.Subscript(value=ast.Call(func=ast.Attribute(attr="hexdigest"))):
            return True
        case ast.keyword(arg=arg):
            return arg in SIZES
    return False


def _not_told_apart(node: ast.AST) -> list[ast.AST]:
    """Parts of a node that may be changed without any difference: what a token of markdown-it that opens or stands
    alone says of nesting, which its renderer reads of closing ones alone; the level of a compression; and the number
    of a row that is not there, for where there is none."""
    match node:
        case ast.Call(
            func=ast.Name(id="Token") | ast.Attribute(attr="push"), args=[_, _, ast.Constant() as nesting, *_]
        ):
            return [nesting]
        case ast.Call(func=ast.Attribute(attr="compress"), args=[_, level, *_]):
            return [level]
        case ast.keyword(arg="pk", value=ast.BoolOp(op=ast.Or(), values=[_, ast.Constant(value=0)]) as either):
            return [either]
    return []


def _changed_nodes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The node with one thing in it exchanged."""
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                if type(op) in COMPARISONS:
                    ops_after = [*ops[:at], COMPARISONS[type(op)](), *ops[at + 1 :]]
                    yield "comparison", _with(node, ops=ops_after)
        case ast.BoolOp(op=op, values=values):
            yield "and/or", _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            for at in range(len(values)):
                left = [*values[:at], *values[at + 1 :]]
                yield "condition removed", left[0] if len(left) == 1 else _with(node, values=left)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "negation", operand
        case ast.Constant(value=bool(value)):
            yield "boolean", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield "constant", ast.Constant(value + 1)
            if value > 0:
                yield "constant", ast.Constant(value - 1)
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield "arithmetic", _with(node, op=ARITHMETIC[type(op)]())
        case ast.Call(func=ast.Name(id=name)) if name in SWAPPED_NAMES:
            yield "max/min, any/all", _with(node, func=ast.Name(SWAPPED_NAMES[name]))
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield from _without_conditions(node)
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), keywords=keywords) if name in FILTERS:
            for at, keyword in enumerate(keywords):
                if name != "update" or len(keywords) > 1:
                    yield f"{name}({keyword.arg or '**'}=…) removed", _with(node, keywords=_without(keywords, at))
        case ast.IfExp(test=ast.Name() | ast.Attribute() | ast.Call() as test):
            yield "negation", _with(node, test=ast.UnaryOp(ast.Not(), test))


def _without_conditions(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for at, generator in enumerate(node.generators):
        for place in range(len(generator.ifs)):
            changed = copy.deepcopy(node)
            del changed.generators[at].ifs[place]
            yield "condition removed", changed


def _removed(node: ast.AST) -> Iterator[tuple[str, ast.AST, str]]:
    """What is taken out, and what stands in its place."""
    match node:
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Delete():
            yield "statement removed", node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "statement removed", node, "pass"
        case ast.If(body=[ast.Raise() | ast.Return() | ast.Continue()], orelse=[]):
            yield "guard removed", node, "pass"
        case ast.If(test=test):
            yield "condition always true", test, "True"
            yield "condition always false", test, "False"


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _without(items: list, at: int) -> list:
    return [*items[:at], *items[at + 1 :]]
