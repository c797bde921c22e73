"""The preset reasons of a forum that has written none of its own. Their author reads them: kind, true and short."""

from moderation.models import PresetReason

Cause = PresetReason.Cause

# Label, text, cause.
READY_MADE: list[tuple[str, str, Cause | None]] = [
    (
        "Advertising",
        "This forum has no place for offers and advertisements. What you know from your own journeys is welcome, "
        "without the offer.",
        Cause.ADVERTISING,
    ),
    (
        "Asked before",
        "The same was asked in another topic. Answers are found more easily in one place, so please go on there.",
        Cause.DUPLICATE,
    ),
    (
        "Out of date",
        "This does not hold any more, and a traveller might rely on it. If you know how it is today, please write it "
        "with the date.",
        Cause.OUTDATED,
    ),
    (
        "Dangerous",
        "Somebody who follows this may come to harm. You are welcome to write it again without that part.",
        Cause.DANGEROUS,
    ),
    (
        "Private details",
        "This tells private things of somebody, such as a name, a number or an address. Please leave these out and "
        "write it again.",
        Cause.PERSONAL,
    ),
    (
        "Tone",
        "The tone of this hurts somebody. Say the same about the matter instead of the person, and it is welcome.",
        Cause.RULES,
    ),
    (
        "Wrong place",
        "This belongs in another subforum, where those read who can answer it. Please write it again there.",
        None,
    ),
    (
        "Watched word",
        "It has a word that this forum does not publish, often because of advertisers. In other words it is welcome.",
        Cause.WORDS,
    ),
    (
        "Posted twice",
        "The same text was posted before. Once is enough: those who can answer will find it.",
        Cause.COPIED,
    ),
]
