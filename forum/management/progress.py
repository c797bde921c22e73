"""Progress output of long management commands."""

import sys
import time

QUIET_SECONDS = 2
BAR = 30  # characters


class Progress:
    """A progress bar on a terminal, elsewhere a line for each quarter; nothing in the first QUIET_SECONDS."""

    def __init__(self, what: str) -> None:
        self.what, self.started, self.told = what, time.monotonic(), 0
        self.has_bar = False

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.started < QUIET_SECONDS:
            return
        if sys.stdout.isatty():
            filled = BAR * done // total
            bar = "█" * filled + "·" * (BAR - filled)
            print(f"\r{bar} {done:,} of {total:,} {self.what}", end="", flush=True)
            self.has_bar = True
        elif (quarter := 4 * done // total) > self.told:
            self.told = quarter
            print(f"{done:,} of {total:,} {self.what}", flush=True)

    def finish(self) -> None:
        if self.has_bar:
            print("\r\033[K", end="")
