"""Warnings about words that stand in many harmless texts, before they are watched."""

from collections.abc import Sequence

from accounts.text.folded_words import fold
from crossings.models import Country, Crossing, CrossingName
from moderation.filters.banned_words import WITHOUT_SPACES, Watched, fold_text, matching_folded
from moderation.filters.word_trial import Trial

# Shorter ones, in letters, are found by chance; with a star they need two more.
SHORT = 4
# Found in more than this share of the latest posts, from ENOUGH posts on.
MOST_SHARE, ENOUGH = 0.05, 3
NAMES_SHOWN = 3
_ORDINARY = """
    about after again against also always another anybody around arrived because before bicycle bike border borders
    bridge camp cash china closed come could country cross crossed crossing customs days difficult directions dollar
    dollars drive driver easy euro euros every fast fine first food foot from fuel gate good guard guards have help here
    hostel hotel hour hours into just know less like long many maybe minutes month months more morning motorbike need
    never nice night nobody north only open other over paper papers pass passport people permit permits please police
    possible price problem question queue rain really report road route same seen ship should side since sleep slow
    some soon south stamp still taxi thank thanks that their them there they this through ticket time today tomorrow
    town train truck under until valid very visa visas wait walk want water week weeks well went were what when where
    which while with without work would year years yesterday your
    граница виза дорога можно нужно спасибо время после очень сегодня машина поезд
    frontera visado grenze visum straße frontière route bonjour merci danke gracias
    签证 口岸 边境 可以 没有
"""


def doubts(folded: str, trial: Trial, names: Sequence[tuple[str, str]]) -> list[str]:
    """Why a folded pattern may find harmless texts, in words; none for a word that few use.

    `names` are those of `known_names`.
    """
    found = [_doubt_of_length(folded), _doubt_of_use(folded), _doubt_of_names(folded, names), _doubt_of_share(trial)]
    return [doubt for doubt in found if doubt]


def known_names() -> list[tuple[str, str]]:
    """Names of crossings, of their towns, and of countries, each with what the filter would read of it."""
    texts = set(CrossingName.objects.values_list("text", flat=True)) | set(
        Country.objects.values_list("name", flat=True)
    )
    for name, towns in Crossing.objects.values_list("name", "towns"):
        texts |= {name, *towns}
    return [(text, fold_text(text)) for text in sorted(texts)]


def _doubt_of_length(folded: str) -> str:
    bare = folded.removesuffix("*")
    if WITHOUT_SPACES.search(bare):
        return "It is found within longer words, too, because this script has no spaces." if len(bare) < 3 else ""
    if folded.endswith("*") and len(bare) < SHORT + 2:
        return f"With the star it finds every word that begins with “{bare}”."
    return "It is short, and short words stand in many harmless texts." if len(bare) < SHORT else ""


def _doubt_of_use(folded: str) -> str:
    return "It is an ordinary word of travellers." if folded.removesuffix("*") in _ORDINARY_FOLDED else ""


def _doubt_of_names(folded: str, names: Sequence[tuple[str, str]]) -> str:
    word = [Watched(folded, folded, "")]
    found = [name for name, folded_name in names if matching_folded(folded_name, word)]
    if not found:
        return ""
    more = f" and {len(found) - NAMES_SHOWN} more" if len(found) > NAMES_SHOWN else ""
    return f"It is in the name of a place: {', '.join(found[:NAMES_SHOWN])}{more}."


def _doubt_of_share(trial: Trial) -> str:
    if trial.found < ENOUGH or trial.found <= MOST_SHARE * trial.looked_at:
        return ""
    return f"It stands in {trial.found:,} of the last {trial.looked_at:,} posts."


_ORDINARY_FOLDED = {fold(word) for word in _ORDINARY.split()}
