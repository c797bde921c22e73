from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Paged(Protocol):
    """Anything with numbered pages: a list, a topic."""

    def url_of_page(self, page: int, /) -> str: ...


class ListAddress(NamedTuple):
    """URLs of the pages of a list, or of one tab of it. The first page of a list without tab has no query string."""

    path: str
    tab: str = ""

    def url_of_page(self, page: int) -> str:
        if self.tab:
            return f"{self.path}?tab={self.tab}&page={page}"
        return self.path if page == 1 else f"{self.path}?page={page}"


@dataclass(frozen=True)
class Pages:
    """The pagination under a list of numbered pages."""

    current: int
    last: int
    of: Paged

    @property
    def shown(self) -> list[dict]:
        """Items for the first, the last and the pages around the current one; `is_gap` where some are left out."""
        near = {1, self.last, *range(self.current - 2, self.current + 3)}
        numbers = sorted(number for number in near if 1 <= number <= self.last)
        row: list[dict] = []
        for number in numbers:
            if row and number > row[-1]["number"] + 1:
                row.append({"number": number - 1, "is_gap": True})
            row.append({"number": number, "url": self.of.url_of_page(number), "is_current": number == self.current})
        return row

    @property
    def next_url(self) -> str | None:
        return self.of.url_of_page(self.current + 1) if self.current < self.last else None
