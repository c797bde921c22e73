"""Answers that the newest report of a crossing contradicts, for telling their authors."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import ExpertBadge
from crossings.freshness import queries
from crossings.freshness.rules import State
from crossings.models import AnswerConfirmation, Crossing, CrossingTopic, StatusChange
from crossings.status import update
from forum.models import Post

# The newest of so many answers about one crossing are looked at.
MOST_LOOKED_AT = 200
MOST_CHANGES = 20


def contradicted_answers(crossing_id: int) -> list[tuple[Post, Post]]:
    """Answers about a crossing that its newest report contradicts (crossings/freshness/rules.py), each with the post of
    that report."""
    today = update.today()
    found = Crossing.objects.filter(pk=crossing_id).with_status(today).select_related("newest_report__post")
    crossing = found.first()
    if crossing is None or crossing.newest_report is None:
        return []
    changes = StatusChange.objects.filter(crossing=crossing).order_by("-changed_on", "-pk")[:MOST_CHANGES]
    known = queries.known_of(crossing, list(changes), crossing.newest_report, today)
    ids = [
        answer.post_id
        for answer, asked_by in _answers_about(crossing)
        if answer.is_answer([crossing], asked_by)
        and answer.judge([crossing], [known], today).state == State.CONTRADICTED
    ]
    report = crossing.newest_report.post
    answers = Post.objects.filter(pk__in=ids).exclude(pk=report.pk).select_related("topic__subforum")
    return [(answer, report) for answer in answers.order_by("pk")]


def _answers_about(crossing: Crossing) -> list[tuple[queries.Found, int]]:
    """What may be an answer in the topics about a crossing, each with who asked."""
    countries = [crossing.country_a_id, crossing.country_b_id]
    experts = ExpertBadge.objects.awake().filter(user=OuterRef("author"), countries__overlap=countries)
    confirmed = AnswerConfirmation.objects.filter(post=OuterRef("pk"))
    topics = CrossingTopic.objects.standing().filter(crossing=crossing).values("topic")
    posts = Post.objects.readable().filter(topic__in=topics, topic__hidden_at=None, topic__held_at=None)
    posts = posts.annotate(is_accepted=queries.is_accepted())
    posts = posts.filter(Q(is_accepted=True) | Q(Exists(experts), number__gt=1) | Q(Exists(confirmed)))
    newest = queries.as_json(posts.order_by("-written_at", "-pk"), asked_by="topic__author_id")
    return [
        (queries.of_json(told), told["asked_by"]) for told in newest.values_list("json", flat=True)[:MOST_LOOKED_AT]
    ]
