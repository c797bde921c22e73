import re
from html import unescape

_TITLE = re.compile(r'<h3 class="title"><a href="[^"]*">([^<]*)</a>')

_TOPIC = re.compile(r'<h3 class="title"><a href="/topics/([0-9]+)-')


def titles_on(answer):
    """The titles of the topics that a list shows, in order."""
    return [unescape(title) for title in _TITLE.findall(answer.text)]


def topics_on(answer):
    """The ids of those topics."""
    return [int(pk) for pk in _TOPIC.findall(answer.text)]
