import re
from html import unescape

_TITLE = re.compile(r'<h3 class="title"><a href="[^"]*"(?: dir="auto")?>([^<]*)</a>')

_TOPIC = re.compile(r'<h3 class="title"><a href="/topics/([0-9]+)-')


def plain(page):
    """The page without what gives titles and names their direction, to compare words."""
    return re.sub(r'</?bdi>|(?<=.) dir="auto"', "", page)


def titles_on(answer):
    """The titles of the topics that a list shows, in order."""
    return [unescape(title) for title in _TITLE.findall(answer.text)]


def topics_on(answer):
    """The ids of those topics."""
    return [int(pk) for pk in _TOPIC.findall(answer.text)]


def words_of(client, url):
    """What a page that is shown says, without its tags."""
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
