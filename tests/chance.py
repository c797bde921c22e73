"""How many examples hypothesis makes up: a quarter in the suite, all in ./run test --proofs."""

_of_all = 1 / 4
USUAL = 100  # hypothesis's own number, where a test says none


def examples(full: int) -> int:
    """So many of them as this run makes up; at least four."""
    return max(round(full * _of_all), min(full, 4))


def make_up_all() -> None:
    """For proofs, before any test is imported."""
    global _of_all
    _of_all = 1
