"""The printed table of figures beside their budgets."""

from bench.budgets import KB, verdict
from bench.meter.rounds import Figures

HEAD = ["Page", "web ms", "db ms", "times", "budget", "", "queries", "budget", "", "raw KB", "gzip KB", "budget", ""]
WORDS = {0, 5, 8, 12}  # text columns are aligned left, figures right


def table(found: list[Figures], first_page: Figures | None, absent: list[str]) -> str:
    """One line per page. `absent`: pages that this version of the forum does not have."""
    rows = [HEAD, *(_row(figures) for figures in found)]
    rows += [[title, "not there", *[""] * (len(HEAD) - 2)] for title in absent]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join([*lines, *_lines_of_later_pages(found, first_page)])


def visits(sizes: list[tuple[str, int, int]]) -> str:
    """Lines of a first visit's size: label, bytes, budget in bytes."""
    width = max(len(what) for what, _, _ in sizes)
    return "\n".join(
        f"{what:{width}}  {size / KB:6.1f} KB gzip, budget {budget / KB:.0f}: {verdict(size / KB, budget / KB)}"
        for what, size, budget in sizes
    )


def _row(figures: Figures) -> list[str]:
    budget = figures.page.budget
    bytes_budget = None if budget.bytes is None else budget.bytes / KB
    return [
        figures.page.title,
        f"{figures.web * 1000:.2f}",
        f"{figures.database * 1000:.2f}",
        f"{figures.times:.1f}",
        _number(budget.times),
        verdict(figures.times, budget.times),
        str(figures.queries),
        _number(budget.queries),
        verdict(figures.queries, budget.queries, digits=0),
        _kilobytes(figures.raw),
        _kilobytes(figures.compressed),
        _number(bytes_budget),
        verdict(figures.compressed / KB, bytes_budget),
    ]


def _lines_of_later_pages(found: list[Figures], first_page: Figures | None) -> list[str]:
    """Lines that compare a late page of a long topic with its first."""
    lines = []
    for figures in found:
        if (budget := figures.page.budget.times_first_page) and first_page:
            times = figures.times_those_of(first_page)
            word = verdict(times, budget, digits=2)
            if times < 2 - budget:
                word += ", but the first page costs too much"
            lines.append(f"{figures.page.title}: {times:.2f} of {first_page.page.title}, budget {budget:.2f}: {word}")
    return ["", *lines] if lines else []


def _kilobytes(size: int) -> str:
    return f"{size / KB:.1f}" if size else ""


def _number(figure: float | None) -> str:
    return "" if figure is None else f"{figure:g}"


def _line(row: list[str], widths: list[int]) -> str:
    cells = [
        cell.ljust(width) if column in WORDS else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
