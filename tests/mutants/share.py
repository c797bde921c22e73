"""The share of mutants that are killed, and how sure it is."""

from math import sqrt

Z = 1.96  # 95 %


def wilson(successes: int, tries: int) -> tuple[float, float]:
    """The Wilson interval of a share, at 95 %: right also near 0 and 1, and with few tries."""
    if not tries:
        return 0.0, 1.0
    share = successes / tries
    middle = (share + Z * Z / (2 * tries)) / (1 + Z * Z / tries)
    half = Z / (1 + Z * Z / tries) * sqrt(share * (1 - share) / tries + Z * Z / (4 * tries * tries))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def in_words(killed: int, tried: int) -> str:
    if not tried:
        return "no mutant was tried"
    low, high = wilson(killed, tried)
    return f"{killed} of {tried} killed: {killed / tried:.1%} (95 %: {low:.1%} to {high:.1%})"
