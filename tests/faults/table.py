"""The table of `./run faults`: a line a round."""

from tests.faults.scene import Result

FIGURES = ["acked", "stored", "lost", "doubled", "drift", "5xx", "s"]
HEAD = f"{'round':<18}" + "".join(f"{name:>8}" for name in FIGURES) + "  what was seen"


def line_of(result: Result, number: int, seconds: float) -> str:
    counted = [result.acked, result.stored, result.lost, result.doubled, result.drift, result.errors, round(seconds)]
    figures = ["-" for _ in counted] if result.was_left_out else counted
    words = [_verdict(result), *(f"WRONG: {words}" for words in result.wrong), *result.notes]
    line = f"{f'{result.name} {number}':<18}" + "".join(f"{figure:>8}" for figure in figures)
    return f"{line}  {'; '.join(word for word in words if word)}"


def _verdict(result: Result) -> str:
    if result.must_show and not result.wrong:
        return "control, as it must" if result.is_right else f"WRONG: a control, and nothing {result.must_show}"
    return "" if result.is_right or result.wrong else "WRONG"
