"""The posts that a search shows, with all that a page says of them."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import FETCH_RAISE, Model, QuerySet

from accounts.models import User
from forum.extensions import search_terms
from forum.models import Post, Subforum, Topic
from forum.models.answered_question import has_expert_answer
from pagecache.prepared import array_of, as_model, is_any, statement

# Of a hit, its topic, subforum and author what is shown or looked at.
_COLUMNS_OF: dict[type[Model], tuple[str, list[str]]] = {
    Post: ("", ["id", "html", "heading", "language", "written_at", "helpful_count"]),
    Topic: ("topic__", ["id", "title", "posts_count", "answers_count", "last_post_at"]),
    Subforum: ("topic__subforum__", ["id", "label"]),
    User: ("author__", ["id", "username"]),
}


def hits_of(ids: list[int]) -> list[Post]:
    """By a prepared statement: composed and planned each time it would take as long as the whole passages."""
    ages = search_terms.columns_of_age()
    rows = statement(("hits", *ages.items()), lambda: _shown_of_hits(ages)).rows(array_of(ids)) if ids else []
    found = {row[0]: _hit(list(row), list(ages)) for row in rows}
    return [found[pk] for pk in ids if pk in found]


def _shown_of_hits(ages: Mapping[str, Any]) -> QuerySet:
    posts = Post.objects.filter(is_any("forum_post.id"))
    posts = posts.annotate(has_expert_answer=has_expert_answer("topic__"), **ages)
    columns = [f"{prefix}{name}" for prefix, names in _COLUMNS_OF.values() for name in names]
    return posts.order_by().values_list(*columns, "has_expert_answer", *ages)


def _hit(values: list, ages: list[str]) -> Post:
    made: list[Any] = []
    for model, (_, names) in _COLUMNS_OF.items():
        made.append(as_model(model, names, values[: len(names)], FETCH_RAISE))
        del values[: len(names)]
    post, topic, topic.subforum, post.author = made
    post.topic = topic
    post.has_expert_answer = values.pop(0)
    for name, value in zip(ages, values, strict=True):
        setattr(post, name, json.loads(value) if isinstance(value, str) else value)
    post.may_be_out_of_date = search_terms.may_be_out_of_date(post)
    return post
