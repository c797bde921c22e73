"""What experts answered in the topics about a crossing: their own words, and how far they may be trusted today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value

from accounts.models import ExpertBadge
from accounts.readers import Reader
from crossings.freshness import queries
from crossings.freshness.rules import Known, State, Verdict
from crossings.links.linked_topics import topics_about
from crossings.models import Crossing
from forum import markup
from forum.models import Answer, Post, Topic
from forum.models.subforum import speaks_here, spoken_titles
from pagecache import prepared_models
from pagecache.prepared import MARK

ANSWERS_SHOWN = 2
MOST_WORDS = 140


@dataclass(frozen=True)
class ExpertAnswer:
    """An accepted answer of an expert, with what is said of its age."""

    post: Post
    badges: list[str]
    words: str
    verdict: Verdict
    # When it was last called "still true", if it was.
    true_on: date | None
    today: date

    @property
    def age(self) -> str:
        """Why it may no longer be true; empty while it holds."""
        if not self.verdict.is_doubtful:
            return ""
        if self.verdict.state == State.OUTDATED:
            return "Called outdated"
        if self.verdict.state == State.CONTRADICTED:
            return "A newer report says otherwise"
        age = _age((self.today - self.verdict.speaks_for).days)
        was_called_true = self.true_on == self.verdict.speaks_for
        return f"Called true {age} ago, may be out of date" if was_called_true else f"{age} old, may be out of date"


def of_crossing(crossing: Crossing, reader: Reader) -> prepared_models.Answer[Answer]:
    """Those in the topics about it that the reader may read, newest first."""
    shared = reader.shared(MARK + 1)
    return prepared_models.answer(("expert answers", shared), lambda: _of_crossing(shared), crossing.pk, reader.pk)


def judged(answers: Iterable[Answer], crossing: Crossing, known: Known, today: date) -> list[ExpertAnswer]:
    """Of `of_crossing`, by what is known of the crossing."""
    return [_answer(answer, crossing, known, today) for answer in answers]


def _of_crossing(reader: Reader) -> QuerySet[Answer]:
    return _standing(topics_about(MARK, reader))[:ANSWERS_SHOWN]


def _standing(topics: QuerySet[Topic]) -> QuerySet[Answer]:
    badges = ExpertBadge.objects.awake().filter(speaks_here("post__topic__"), user=OuterRef("post__author"))
    post = Post.objects.filter(pk=OuterRef("post_id")).annotate(is_accepted=Value(value=True))
    return (
        Answer.objects.standing()
        .filter(Exists(badges), post__topic__in=topics.filter(answers_count__gt=0))  # else posts of all would be read
        .select_related("post__author", "post__topic")
        .annotate(
            author_badges=spoken_titles("post__author_id", "post__topic__"), facts=Subquery(queries.as_json(post))
        )
        .order_by("-post__written_at", "-pk")
    )


def _answer(answer: Answer, crossing: Crossing, known: Known, today: date) -> ExpertAnswer:
    found = queries.of_json(answer.facts)  # type: ignore[attr-defined]
    badges: Sequence[str] = answer.author_badges  # type: ignore[attr-defined]
    return ExpertAnswer(
        post=answer.post,
        badges=list(badges),
        words=markup.own_words_of(answer.post.html, MOST_WORDS),
        verdict=found.judge([crossing], [known], today),
        true_on=max((day for day in (found.facts.confirmed_on, found.facts.still_true_on) if day), default=None),
        today=today,
    )


def _age(days: int) -> str:
    count, unit = (days // 365, "year") if days >= 365 else (max(days // 30, 1), "month")
    return f"{count} {unit}{'' if count == 1 else 's'}"
