"""Forms of moderators' acts: the rule, a reason for the author, a note for other moderators."""

import re
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from accounts.models import User
from accounts.text.plain_text import visible
from forum.markup import MAX_SOURCE_LENGTH
from forum.models import Post, Subforum, Topic
from forum.permissions import CannotBeDone
from moderation.forms.fields import WordsField
from moderation.log.entries import Why
from moderation.rules import CHANGED, RuleChoice, have_changed, rules_for, said, seen

LONGEST_REASON = 500


class WhyForm(forms.Form):
    """The reason of an act. All fields are optional; without them the author reads the standard wording."""

    rule = forms.CharField(required=False, max_length=4)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)
    private_note = forms.CharField(required=False, max_length=LONGEST_REASON)
    rules_seen = forms.CharField(required=False, max_length=40)

    rules: list[RuleChoice] = []

    def __init__(self, *args: Any, rules: list[RuleChoice] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rules is not None:
            self.rules = rules

    def clean_rule(self) -> str:
        value = self.cleaned_data["rule"]
        try:
            said(value)
        except ValueError as error:
            raise forms.ValidationError("Choose one of the rules.") from error
        if value and have_changed(self.data.get("rules_seen", ""), self.rules):
            raise forms.ValidationError(CHANGED)
        return value

    @property
    def rules_shown(self) -> str:
        return seen(self.rules)

    @property
    def why(self) -> Why:
        number, is_forum_rule = said(self.cleaned_data["rule"])
        return Why(
            rule=number,
            reason=self.cleaned_data["reason"],
            private_note=self.cleaned_data["private_note"],
            is_forum_rule=is_forum_rule,
        )


class AppealForm(forms.Form):
    """An appeal against an act."""

    words = WordsField(label="What should the moderators know?", max_length=2000)


class DecisionForm(forms.Form):
    """The answer to an appeal, for the member who made it."""

    answer = WordsField(label="A few words to them", max_length=2000)


class TopicActForm(WhyForm):
    """All fields that acts on a topic or its posts use; each act requires its own."""

    other = forms.CharField(required=False, max_length=300)
    similar = forms.CharField(required=False, max_length=18)
    subforum = forms.ModelChoiceField(Subforum.objects.none(), required=False)
    new_title = forms.CharField(required=False, max_length=120)
    # Of the topic that ticked posts become.
    split_title = forms.CharField(required=False, max_length=120)
    split_subforum = forms.ModelChoiceField(Subforum.objects.none(), required=False)
    points = forms.IntegerField(required=False, min_value=0, max_value=10)

    def __init__(
        self, *args: Any, user: User, topic: Topic | None = None, subforum: Subforum | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.topic = user, topic
        moderated = Subforum.objects.moderated_by(user)
        for name in ("subforum", "split_subforum"):
            self.fields[name].queryset = moderated.order_by("position", "pk")  # type: ignore[attr-defined]
        self.place = topic.subforum if topic else subforum
        self.rules = rules_for(self.place)

    @cached_property
    def places(self) -> list[Subforum]:
        """The subforums to which something may be moved: not where it is. The form takes that, too, if sent twice."""
        places = self.fields["subforum"].queryset  # type: ignore[attr-defined]
        return list(places.exclude(pk=self.place.pk) if self.place else places)

    def clean_new_title(self) -> str:
        return _cleaned_title(self.cleaned_data["new_title"])

    def clean_split_title(self) -> str:
        return _cleaned_title(self.cleaned_data["split_title"])

    def clean_points(self) -> int:
        points = self.cleaned_data["points"]
        return 1 if points is None else points

    def clean_other(self) -> Topic | None:
        """A topic by its primary key or URL, if the moderator may read it."""
        asked = self.cleaned_data["other"] or self.data.get("similar", "")
        if not asked:
            return None
        number = re.fullmatch(r"#?([0-9]{1,18})", asked.strip()) or re.search(r"/topics/([0-9]{1,18})\b", asked)
        found = Topic.objects.visible_to(self.user).filter(pk=number[1]).first() if number else None
        if found is None:
            raise forms.ValidationError("No topic was found there. Give its number, or its address.")
        return found

    def wanted(self, name: str) -> Any:
        """The value of a field that this act requires. Raises CannotBeDone."""
        value = self.cleaned_data[name]
        if not value:
            raise CannotBeDone(_WANTED[name])
        return value

    def wanted_posts(self) -> list[Post]:
        """The ticked posts of the topic, at most MOST_TICKED. Raises CannotBeDone for none."""
        data = cast(QueryDict, self.data)
        ticked = [pk for pk in data.getlist("posts") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        posts = Post.objects.filter(topic=self.topic, pk__in=ticked[:MOST_TICKED])
        found = list(posts.select_related("topic__subforum", "author").order_by("number"))
        if not found:
            raise CannotBeDone("Tick at least one post.")
        return found


def _cleaned_title(typed: str) -> str:
    """Cleaned as titles of members are; it must have a visible letter or digit."""
    title = " ".join(visible(typed).split())
    if title and not any(character.isalnum() for character in title):
        raise forms.ValidationError("This title has no words. Say what the topic is about.")
    return title


MOST_TICKED = 200
_WANTED = {
    "other": "Say which other topic: its number, or its address.",
    "subforum": "Choose a subforum.",
    "new_title": "Write the title.",
    "split_title": "Write the title of the new topic.",
}


class EditForm(WhyForm):
    """Edit of a post by a moderator, with the reason."""

    source = forms.CharField(label="Text", max_length=MAX_SOURCE_LENGTH, widget=forms.Textarea(attrs={"rows": 14}))
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules_for(topic.subforum)


class MemberActForm(WhyForm):
    """Points, days and reason of an act on a member; the rules are those of the whole forum."""

    points = forms.IntegerField(required=False, min_value=0, max_value=10)
    days = forms.IntegerField(required=False, min_value=1, max_value=3_650)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules_for(None)

    def clean_points(self) -> int:
        points = self.cleaned_data["points"]
        return 1 if points is None else points
