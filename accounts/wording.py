"""Detection of links in the plain text of a member's profile."""

import re

# A scheme, "www.", or a word with a dot and letters right after it: what a reader could paste into a browser.
LINK = re.compile(r"://|\bwww\.|[^\W_][\w-]*\.[^\W\d_]{2,}|\bmailto:", re.IGNORECASE)


def has_link(text: str) -> bool:
    return LINK.search(text) is not None
