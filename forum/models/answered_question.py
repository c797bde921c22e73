"""Which topics ask, and when what they ask is answered: one meaning for all pages."""

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from accounts.models import ExpertBadge
from forum.models.subforum import speaks_here
from pagecache.exists_by_row import exists_by_row

ASKS = Q(is_running=False, is_account=False)  # not those that tell of a crossing


def is_answered(prefix: str = "") -> Q:
    """A Q that the question at the end of the path `prefix` is answered: an answer was accepted, or an expert of a
    country that it is about replied. The one meaning of the word on all pages; see also Topic.is_answered."""
    return Q(**{f"{prefix}answers_count__gt": 0}) | answered_by_expert(prefix)


def answered_by_expert(prefix: str = "") -> Q:
    """A Q that an expert of a country that the question is about replied, marked as an answer or not."""
    by_expert = {"expert_replies_count__gt": 0, "is_running": False, "is_account": False}
    return Q(**{f"{prefix}{name}": value for name, value in by_expert.items()})


def has_expert_answer(prefix: str = "") -> Case:
    """An expression: whether an expert answered the topic at the end of `prefix`: by replying as an expert of its
    country, or with an answer that was accepted.

    The CASE keeps the subquery from topics without answers, which most are.
    """
    answers = apps.get_model("forum", "Answer").objects.standing().filter(post__topic=OuterRef(f"{prefix}pk"))
    badges = ExpertBadge.objects.awake().filter(speaks_here("post__topic__"), user=OuterRef("post__author"))
    accepted = When(**{f"{prefix}answers_count__gt": 0}, then=exists_by_row(answers.filter(Exists(badges))))
    by_reply = When(answered_by_expert(prefix), then=True)
    return Case(by_reply, accepted, default=False, output_field=models.BooleanField())
