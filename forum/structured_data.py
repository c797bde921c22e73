"""Structured data of topics for search engines (schema.org): what visitors may read, as plain words.

It contains only what changes with the posts themselves, so that it can be cached with them.
"""

from collections.abc import Sequence

from forum import markup
from forum.feeds import absolute
from forum.models import Post, Topic

MAX_LENGTH = 5_000  # characters of a text


def topic_data(topic: Topic, opening: Post, answers: Sequence[Post]) -> dict:
    """A QAPage if there are accepted answers, the best first, else a DiscussionForumPosting. Posts with authors."""
    return _question(topic, opening, answers) if answers else _discussion(topic, opening)


def _discussion(topic: Topic, opening: Post) -> dict:
    return {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": topic.title,
        "url": absolute(topic.get_absolute_url()),
        **_written(topic, opening),
    }


def _question(topic: Topic, opening: Post, answers: Sequence[Post]) -> dict:
    best, *others = (
        {
            "@type": "Answer",
            "url": absolute(answer.get_absolute_url()),
            "upvoteCount": answer.helpful_count,
            **_written(topic, answer),
        }
        for answer in answers
    )
    question = {
        "@type": "Question",
        "name": topic.title,
        "url": absolute(topic.get_absolute_url()),
        **_written(topic, opening),
        "answerCount": len(answers),
        "acceptedAnswer": best,
    }
    more = {"suggestedAnswer": others} if others else {}
    return {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": question | more}


def _written(topic: Topic, post: Post) -> dict:
    author = post.author
    return {
        "datePublished": post.written_at.isoformat(timespec="seconds"),
        "author": {"@type": "Person", "name": author.username, "url": absolute(author.get_absolute_url())},
        "text": markup.own_words_of(post.html, MAX_LENGTH) or topic.title,
    }
