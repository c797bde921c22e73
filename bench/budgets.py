"""Budgets of pages, and the verdict on a figure."""

from dataclasses import dataclass

KB = 1024  # bytes
TOPIC_PAGE_BYTES = 17 * KB // 2  # gzip
CROSSING_PAGE_BYTES = 15 * KB  # and of the calculator, gzip
LIST_BYTES = 25 * KB  # of lists of crossings with their maps, regions and countries, gzip
FIRST_VISIT_BYTES = 30 * KB  # HTML and stylesheet, gzip
GUESTS_SCRIPT_BYTES = 2 * KB  # gzip
MEMBERS_SCRIPT_BYTES = 25 * KB  # gzip


@dataclass(frozen=True)
class Budget:
    """Limits of one page. None: no limit, the figure is only shown."""

    times: float | None = None  # CPU, in multiples of the constant view
    queries: int | None = None
    bytes: int | None = None  # of the page, gzip
    times_first_page: float | None = None  # CPU, in multiples of the first page of the same topic


def verdict(figure: float, budget: float | None, digits: int = 1) -> str:
    """The word "within", or by how much the budget is missed, for the figure as it is printed."""
    if budget is None:
        return ""
    over = round(figure, digits) - round(budget, digits)
    return f"MISSED by {over:.{digits}f}" if over > 0 else "within"
