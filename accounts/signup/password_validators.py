import re

from django.core.exceptions import ValidationError

from accounts.models import User

MAX_LENGTH = 4096
SITE_WORDS = ["borderpost"]


class LengthValidator:
    """Refuses passwords over MAX_LENGTH characters instead of truncating them; hashing them costs CPU."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(f"This password is too long: {MAX_LENGTH} characters are allowed.")

    def get_help_text(self) -> str:
        return f"At most {MAX_LENGTH} characters."


class OwnWordsValidator:
    """Refuses passwords that have under six letters besides the site's name and the username."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.casefold()
        for word in [*SITE_WORDS, user.username if user else ""]:
            rest = rest.replace(word.casefold(), "") if word else rest
        if rest != password.casefold() and len(re.sub(r"[\W\d_]", "", rest)) < 6:
            raise ValidationError("This password is little more than a name. Add a few words of your own.")

    def get_help_text(self) -> str:
        return "More than the name of this site or your own."
