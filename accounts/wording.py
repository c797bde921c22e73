"""What stands in the plain text that members write about themselves."""

import re

# A scheme, a www., or a word with a dot and letters right behind it: what one could paste into a browser.
LINK = re.compile(r"://|\bwww\.|[^\W_][\w-]*\.[^\W\d_]{2,}|\bmailto:", re.IGNORECASE)


def has_link(text: str) -> bool:
    return LINK.search(text) is not None
