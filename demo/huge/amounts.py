"""How much there is in a forum of so many posts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Amounts:
    """Posts, and what follows from them as on a large forum: ten a topic, twenty a member, every fifth a report."""

    posts: int = 1_000_000
    texts: int = 2_000  # distinct ones, each rendered once
    titles: int = 2_000
    words: int = 50_000  # names of places, the most frequent in a tenth of all posts, most of them in three
    subforums: int = 20
    years: int = 8

    @property
    def topics(self) -> int:
        return max(self.posts // 10, 1)

    @property
    def members(self) -> int:
        return max(self.posts // 20, 100)

    @property
    def reports(self) -> int:
        return self.posts // 5

    @property
    def longest(self) -> int:
        """Posts of the longest topic."""
        return max(self.posts // 50, 1)

    @property
    def long_ones(self) -> int:
        """Topics of which each has half, a third, a quarter … of the longest one's posts."""
        return max(self.topics // 1_000, 1)
