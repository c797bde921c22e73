"""Which of the sixteen roles the suite asks for each row; the proof asks all of them."""

from collections import Counter, defaultdict

from tests.matrix.rows import Row
from tests.matrix.world import ROLES


def roles_by_row(rows: list[Row]) -> list[list[str]]:
    """For each row some roles in the order of ROLES, chosen without chance.

    Each row is asked by one role of every answer that it expects, so by who may and by who may not; each route is
    asked by every role, in one of its rows. Who was asked least for the route, then least of all, comes first.
    """
    chosen: list[set[str]] = []
    of_route, of_all = Counter(), Counter()

    def choose(number, role):
        chosen[number].add(role)
        of_route[rows[number].route, role] += 1
        of_all[role] += 1

    numbers = defaultdict(list)
    for number, row in enumerate(rows):
        numbers[row.route].append(number)
        chosen.append(set())
        for letter in dict.fromkeys(row.expected):
            fitting = [role for role, code in zip(ROLES, row.expected, strict=True) if code == letter]
            choose(number, min(fitting, key=lambda role: (of_route[row.route, role], of_all[role])))
    for route, of_this in numbers.items():
        for role in ROLES:
            if not of_route[route, role]:
                choose(min(of_this, key=lambda number: len(chosen[number])), role)
    return [[role for role in ROLES if role in some] for some in chosen]
