from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class SignUpQuestion(models.Model):
    """The question that new members answer, against programs. One row at most; with an empty question none is asked."""

    question = models.CharField(max_length=200, blank=True)
    # As typed; compared folded (accounts/signup/entry_question.py).
    answers = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_question_at_sign_up"),
            models.CheckConstraint(
                condition=Q(question="") | Q(answers__len__gt=0), name="a_sign_up_question_has_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.question
