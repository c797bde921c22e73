"""Lifting stored posts to the present markup. It may be broken off at any time: what is done stays done.

config/rerender_kinds.py names every kind of texts there is.
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
    """What became of one text: `refusal` says why the present markup does not take it, and it stays as it was."""

    name: str
    refusal: str = ""


class Kind(NamedTuple):
    """One kind of texts, in the plural; how many of them an older markup made, and lifting these one by one."""

    name: str
    waiting: Callable[[], int]
    lift: Callable[[], Iterator[Lifted]]


def outdated_posts() -> QuerySet[Post]:
    """Posts whose HTML was made by an older markup."""
    return Post.objects.filter(markup_version__lt=markup.MARKUP_VERSION)


def rerender_posts() -> Iterator[Lifted]:
    last = 0
    while batch := list(outdated_posts().filter(pk__gt=last).select_related("topic").order_by("pk")[:BATCH]):
        for post in batch:
            yield _lift(post)
        last = batch[-1].pk


def _lift(post: Post) -> Lifted:
    """One post, one transaction: nobody who writes waits for longer than one rendering takes."""
    return lifted(f"Post {post.pk}", lambda: references.render_anew(post))


def outdated_rules() -> QuerySet[RulesBanner]:
    """Banners whose HTML was made by an older markup."""
    return RulesBanner.objects.filter(markup_version__lt=markup.MARKUP_VERSION)


def rerender_rules() -> Iterator[Lifted]:
    for banner in outdated_rules().select_related("subforum").order_by("pk"):
        yield lifted(str(banner), partial(rules.render_anew, banner.pk))


def lifted(name: str, lift: Callable[[], object]) -> Lifted:
    """Do it, or tell why not."""
    try:
        lift()
    except ValidationError as error:
        return Lifted(name, refusal=" ".join(error.messages))
    return Lifted(name)
