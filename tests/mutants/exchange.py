"""Putting a mutant into a process that runs already: the code of its function, or the value of its constant.

Each mutant lives in a fork of a process that has imported all and collected all tests: to import and collect again
would cost some four CPU seconds for each. What cannot be exchanged so (bodies of classes, defaults, decorators) is no
mutant at all.
"""

import ast
import functools
import gc
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from tests.mutants.mutations import Mutant

ROOT = Path(__file__).resolve().parent.parent.parent
Place = tuple[str, str, int]  # file, qualified name, first line


class CannotBeExchanged(Exception):
    """The mutant is in what Python evaluates once, or its function has other closures than before."""


class Exchange:
    """Knows all functions and caches of some files as they are in this process."""

    def __init__(self, files: Collection[str]):
        paths = {str(ROOT / file) for file in files}
        # As they were imported: they may be changed while this runs.
        self.sources = {file: (ROOT / file).read_text() for file in files}
        self.functions: dict[Place, list[FunctionType]] = defaultdict(list)
        self.caches: list[Any] = []
        gc.unfreeze()  # what tests/conftest.py froze is not among the objects else
        for found in gc.get_objects():
            # By type(): a lazy object of a test, asked by isinstance(), would be evaluated.
            if type(found) is FunctionType and found.__code__.co_filename in paths:
                self.functions[_place(found.__code__)].append(found)
            elif type(found) is functools._lru_cache_wrapper:
                code = getattr(found.__wrapped__, "__code__", None)
                if code and code.co_filename in paths:
                    self.caches.append(found)

    def forget(self) -> None:
        """Empty caches of results, such as compiled statements: code that made them would not run again."""
        for cache in self.caches:
            cache.cache_clear()
        if prepared := sys.modules.get("pagecache.prepared"):
            prepared._statements.clear()

    def apply(self, mutant: Mutant) -> None:
        """From now on this process runs the mutant. Raises CannotBeExchanged."""
        path = ROOT / mutant.file
        original = self.sources[mutant.file]
        tree = ast.parse(original)
        function = _function_around(tree, mutant.lines)
        changed = mutant.source(original)
        if function is None:
            self._assign(tree, changed, mutant)
        else:
            self._give_code(compile(changed, str(path), "exec"), *function)
            _assign_again(tree.body, mutant, called=function[0])
        self.forget()

    def _give_code(self, module: CodeType, name: str, first_line: int) -> None:
        found = [code for code in _codes(module) if (code.co_qualname, code.co_firstlineno) == (name, first_line)]
        if len(found) != 1:
            raise CannotBeExchanged(f"There are {len(found)} functions {name} in the changed file.")
        (outer,) = found
        exchanged = 0
        for code in [outer, *_codes(outer)]:
            for function in self.functions[_place(code)]:
                try:
                    function.__code__ = code
                except ValueError as error:
                    raise CannotBeExchanged(str(error)) from None
                exchanged += 1
        if not exchanged:
            raise CannotBeExchanged(f"No function {name} is alive.")

    def _assign(self, tree: ast.Module, changed: str, mutant: Mutant) -> None:
        """Evaluate a module's constant again, and the constants that are made of it."""
        begin, after = _constant_at(tree, mutant.lines), ast.parse(changed).body
        if begin is None or len(after) != len(tree.body):
            raise CannotBeExchanged("It is not a constant.")
        names = _assign(_module_of(mutant), after[begin], str(ROOT / mutant.file))
        _assign_again(after[begin + 1 :], mutant, names=names)


def _assign_again(body: list[ast.stmt], mutant: Mutant, *, names: Collection[str] = (), called: str = "") -> None:
    """Evaluate the constants again that are made of these names, or by a call of this function."""
    changed = set(names)
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            if changed & _names_in(node) or called in _called_in(node):
                changed |= _assign(_module_of(mutant), node, str(ROOT / mutant.file))
        elif _evaluated_once(node) & changed:
            raise CannotBeExchanged("A class, a default or a decorator is made of it.")


def _module_of(mutant: Mutant) -> Any:
    name = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    if (module := sys.modules.get(name)) is None:
        raise CannotBeExchanged(f"Nothing has imported {name}.")
    return module


def can_be_exchanged(tree: ast.Module, mutant: Mutant) -> bool:
    """Whether a mutant is inside of a function, or in a constant of its module."""
    return _function_around(tree, mutant.lines) is not None or _constant_at(tree, mutant.lines) is not None


def is_constant(tree: ast.Module, mutant: Mutant) -> bool:
    """Whether it is in a constant of its module, or in a function that makes one when the module is imported."""
    function = _function_around(tree, mutant.lines)
    return function is None or any(
        function[0] in _called_in(node) for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)
    )


def _constant_at(tree: ast.Module, lines: tuple[int, int]) -> int | None:
    for at, node in enumerate(tree.body):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= lines[0] <= (node.end_lineno or 0):
            return at
    return None


def _assign(module: Any, node: ast.Assign | ast.AnnAssign, path: str) -> set[str]:
    before = dict(vars(module))
    code = compile(ast.Module([node], []), path, "exec")
    exec(code, vars(module))  # noqa: S102 (a line of ours, changed by us)
    names = {name for name, value in vars(module).items() if name not in before or before[name] is not value}
    for other in list(sys.modules.values()):
        for name in names & vars(other).keys() if hasattr(other, "__dict__") else ():
            if name in before and vars(other)[name] is before[name]:
                setattr(other, name, vars(module)[name])
    return names


def lines_of_use(tree: ast.Module, mutant: Mutant) -> list[int]:
    """The lines of functions of its module that use the constant, or one that is made of it."""
    function = _function_around(tree, mutant.lines)
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            is_it = function[0] in _called_in(node) if function else _is_within(mutant, node)
            if is_it or names & _names_in(node):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= set().union(*map(_names_in, targets))
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    found = (used for body in bodies for used in ast.walk(body) if isinstance(used, ast.Name))
    return sorted({used.lineno for used in found if used.id in names})


def _is_within(mutant: Mutant, node: ast.stmt) -> bool:
    return node.lineno <= mutant.lines[0] <= (node.end_lineno or 0)


def _called_in(node: ast.AST) -> set[str]:
    """The functions that a statement calls by their names, but for those that its lambdas call later."""
    if isinstance(node, ast.Lambda):
        return set()
    called = {node.func.id} if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else set()
    return called.union(*map(_called_in, ast.iter_child_nodes(node)))


def _names_in(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _evaluated_once(node: ast.AST) -> set[str]:
    """The names in the defaults and decorators of a function, and in the body of a class but its methods' bodies."""
    if isinstance(node, ast.FunctionDef):
        defaults = [found for found in [*node.args.defaults, *node.args.kw_defaults] if found]
        return set().union(*map(_names_in, [*defaults, *node.decorator_list]))
    if isinstance(node, ast.ClassDef):
        return set().union(*(_evaluated_once(found) for found in node.body))
    return _names_in(node)


def _function_around(tree: ast.Module, lines: tuple[int, int]) -> tuple[str, int] | None:
    """Qualified name and first line of the outermost function whose body holds these lines; not its head."""
    for name, node in _functions(tree.body):
        if node.body[0].lineno <= lines[0] <= lines[1] <= (node.end_lineno or 0):
            return name, min([node.lineno, *(found.lineno for found in node.decorator_list)])
    return None


def _functions(body: list[ast.stmt], before: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield before + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{before}{node.name}.")


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno
