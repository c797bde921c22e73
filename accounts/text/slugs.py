"""Slugs: titles as addresses show them."""

import unicodedata

MOST_OF_A_SLUG = 80  # characters
# Punctuation that a slug leaves out without parting the words around it.
_WITHIN_WORDS = set(".'`´ʹʻʼʽˈ‘’′\u00ad\u200b\u200c\u200d\u20e3\ufe0e\ufe0f")


def slug_of(title: str) -> str:
    """The slug of a title, in any script with its vowel signs and marks; "" of signs alone."""
    folded = unicodedata.normalize("NFKC", title).lower()
    kept = (character for character in folded if character not in _WITHIN_WORDS)
    spaced = "".join(c if c == "_" or unicodedata.category(c)[0] in "LMN" else " " for c in kept)
    return "-".join(spaced.split())[:MOST_OF_A_SLUG].strip("-_")
