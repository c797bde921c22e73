"""Rendering stored texts again after a change of MARKUP_VERSION. It can be interrupted and resumed at any time.

config/rerender_kinds.py lists all kinds of texts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from forum import markup
from forum.actions import references, rules
from forum.models import Post, RulesBanner

BATCH = 200


@dataclass(frozen=True)
class Lifted:
    """The result for one text: with a `refusal` the current markup rejects it, and it was left unchanged."""

    name: str
    refusal: str = ""


class Kind(NamedTuple):
    """One kind of texts: `name` in the plural, `waiting` counts those of an older MARKUP_VERSION, `lift` renders."""

    name: str
    waiting: Callable[[], int]
    lift: Callable[[], Iterator[Lifted]]


def outdated_posts() -> QuerySet[Post]:
    """Posts whose HTML is of an older MARKUP_VERSION."""
    return Post.objects.filter(markup_version__lt=markup.MARKUP_VERSION)


def rerender_posts() -> Iterator[Lifted]:
    last = 0
    while batch := list(outdated_posts().filter(pk__gt=last).select_related("topic").order_by("pk")[:BATCH]):
        for post in batch:
            yield _lift(post)
        last = batch[-1].pk


def _lift(post: Post) -> Lifted:
    """One transaction per post, so that writers wait for its row lock no longer than one rendering takes."""
    return lifted(f"Post {post.pk}", lambda: references.render_anew(post))


def outdated_rules() -> QuerySet[RulesBanner]:
    """Banners whose HTML is of an older MARKUP_VERSION."""
    return RulesBanner.objects.filter(markup_version__lt=markup.MARKUP_VERSION)


def rerender_rules() -> Iterator[Lifted]:
    for banner in outdated_rules().select_related("subforum").order_by("pk"):
        yield lifted(str(banner), partial(rules.render_anew, banner.pk))


def lifted(name: str, lift: Callable[[], object]) -> Lifted:
    """Call `lift`; a ValidationError becomes the refusal."""
    try:
        lift()
    except ValidationError as error:
        return Lifted(name, refusal=" ".join(error.messages))
    return Lifted(name)
