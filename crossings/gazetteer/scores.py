"""What speaks for which crossing, while a text is read."""

from dataclasses import dataclass, field


@dataclass
class Scores:
    """What speaks for each crossing, which words of the text are spoken for, and by which names."""

    by_place: dict[int, float] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    has_name_of_its_own: bool = False  # one that needs no context

    @property
    def best(self) -> float:
        return max(self.by_place.values(), default=0.0)

    def add(self, pk: int, score: float, words: range = range(0)) -> None:
        self.by_place[pk] = self.by_place.get(pk, 0.0) + score
        self.used.update(words)
