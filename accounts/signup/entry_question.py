"""The question at sign-up that an administrator may set (moderation/views/signup_gate.py)."""

from collections.abc import Iterable

from accounts.models import SignUpQuestion
from accounts.text.folded_words import fold

THE_ONE = 1


def asked() -> SignUpQuestion | None:
    """The question of the sign-up form; None where none is asked. One query."""
    return SignUpQuestion.objects.exclude(question="").filter(pk=THE_ONE).first()


def is_answer(answer: str, answers: Iterable[str]) -> bool:
    """Whether it is one of the accepted answers, compared folded: capitals, accents and punctuation do not matter."""
    return fold(answer) in {fold(accepted) for accepted in answers} - {""}
