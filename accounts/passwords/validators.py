"""Which passwords are refused: too short or long, guessed first, or little more than a name. No rule of composition."""

import re

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.site_info import site_name

MAX_LENGTH = 4096
# Guessed first at any forum about borders.
SITE_WORDS = [
    "borderpost", "border", "borders", "crossing", "crossings", "overland", "overlander", "passport", "password",
    "traveller", "traveler", "travel", "visa",
]  # fmt: skip
LETTERS_LEFT = 6
SHORTEST_OWN_WORD = 3


class LengthValidator:
    """Refuses passwords over MAX_LENGTH characters instead of truncating them; hashing them costs CPU."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(f"This password is too long: {MAX_LENGTH} characters are allowed.")

    def get_help_text(self) -> str:
        return f"At most {MAX_LENGTH} characters."


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Django's rule in our words."""

    def get_error_message(self) -> str:
        return f"This password is too short: it needs at least {self.min_length} characters. Take a few words."

    def get_help_text(self) -> str:
        return f"At least {self.min_length} characters."


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's list of 20,000 passwords, in our words."""

    def get_error_message(self) -> str:
        return "This password is one of those that are guessed first. Take a few words of your own."

    def get_help_text(self) -> str:
        return "None that many people use."


class SimilarityValidator(password_validation.UserAttributeSimilarityValidator):
    """Django's rule in our words."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "email"))

    def get_error_message(self) -> str:
        return "This password is too much like your %(verbose_name)s. Add a few words of your own."

    def get_help_text(self) -> str:
        return "Not like your name or address."


class OwnWordsValidator:
    """Refuses passwords that have under LETTERS_LEFT letters besides words which anybody would try for this member."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.casefold()
        for word in _guessed(user):
            rest = rest.replace(word, "")
        if rest != password.casefold() and len(re.sub(r"[\W\d_]", "", rest)) < LETTERS_LEFT:
            raise ValidationError("This password is little more than a name. Add a few words of your own.")

    def get_help_text(self) -> str:
        return "More than the name of this site, your own, or your address."


def _guessed(user: User | None) -> list[str]:
    """Words of the site and of the member, the longest first, so that no piece of one is left over."""
    own = [user.username, *_words(user.username), *_words(user.email)] if user else []
    words = {word.casefold() for word in [*SITE_WORDS, site_name(), *_words(site_name()), *own]}
    return sorted((word for word in words if len(word) >= SHORTEST_OWN_WORD), key=len, reverse=True)


def _words(text: str) -> list[str]:
    return re.split(r"[\W_]+", text)
