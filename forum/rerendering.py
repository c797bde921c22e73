"""Lifting stored posts to the present markup. It may be broken off at any time: what is done stays done."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from forum import markup, references
from forum.models import Post

BATCH = 200


@dataclass(frozen=True)
class Lifted:
    """What became of one post: `refusal` says why the present markup does not take its text, which then stays."""

    post_id: int
    refusal: str = ""


def outdated() -> QuerySet[Post]:
    """Posts whose HTML was made by an older markup."""
    return Post.objects.filter(markup_version__lt=markup.MARKUP_VERSION)


def rerender() -> Iterator[Lifted]:
    last = 0
    while batch := list(outdated().filter(pk__gt=last).select_related("topic").order_by("pk")[:BATCH]):
        for post in batch:
            yield _lift(post)
        last = batch[-1].pk


def _lift(post: Post) -> Lifted:
    """One post, one transaction: nobody who writes waits for longer than one rendering takes."""
    try:
        references.render_anew(post)
    except ValidationError as error:
        return Lifted(post.pk, refusal=" ".join(error.messages))
    return Lifted(post.pk)
