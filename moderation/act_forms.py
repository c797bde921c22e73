"""What a moderator types beside an act: the rule, words for the author, a note for the others."""

import re
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict

from accounts.models import User
from forum.markup import MAX_SOURCE_LENGTH
from forum.models import Post, RulesBanner, Subforum, Topic
from forum.permissions import CannotBeDone
from moderation.log import Why
from moderation.waiting import rule_choices

LONGEST_REASON = 500


class WhyForm(forms.Form):
    """Why something is done. All of it may be empty; then the author reads the plain words of the act."""

    rule = forms.CharField(required=False, max_length=4)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)
    private_note = forms.CharField(required=False, max_length=LONGEST_REASON)

    def clean_rule(self) -> str:
        rule = self.cleaned_data["rule"]
        if rule and not re.fullmatch(r"f?[1-9][0-9]?", rule):
            raise forms.ValidationError("Choose one of the rules.")
        return rule

    @property
    def why(self) -> Why:
        rule = self.cleaned_data["rule"]
        return Why(
            rule=int(rule.removeprefix("f")) if rule else None,
            reason=self.cleaned_data["reason"],
            private_note=self.cleaned_data["private_note"],
            is_forum_rule=rule.startswith("f"),
        )


class NoteForm(forms.Form):
    """A word to the other moderators."""

    text = forms.CharField(label="Note", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class AppealForm(forms.Form):
    """Why an act should be looked at again."""

    words = forms.CharField(
        label="What should the moderators know?", max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )


class DecisionForm(forms.Form):
    """What whoever asked is told."""

    answer = forms.CharField(label="A few words to them", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class TopicActForm(WhyForm):
    """All that an act on a topic or its posts may need; each act asks for what it wants."""

    other = forms.CharField(required=False, max_length=300)
    similar = forms.CharField(required=False, max_length=18)
    subforum = forms.ModelChoiceField(Subforum.objects.none(), required=False)
    new_title = forms.CharField(required=False, max_length=120)
    points = forms.IntegerField(required=False, min_value=0, max_value=10)

    def __init__(
        self, *args: Any, user: User, topic: Topic | None = None, subforum_id: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.topic = user, topic
        place = topic.subforum_id if topic else subforum_id
        subforums = Subforum.objects.all() if user.is_staff else user.moderated_subforums.all()
        self.fields["subforum"].queryset = subforums.order_by("position", "pk")  # type: ignore[attr-defined]
        banners = RulesBanner.objects.filter(Q(subforum=place) | Q(subforum=None))
        self.rules = rule_choices(place, {banner.subforum_id: banner for banner in banners}, self.data.get("rule", ""))

    def clean_new_title(self) -> str:
        return " ".join(self.cleaned_data["new_title"].split())

    def clean_points(self) -> int:
        points = self.cleaned_data["points"]
        return 1 if points is None else points

    def clean_other(self) -> Topic | None:
        """A topic by its number or its address, if the moderator may read it."""
        asked = self.cleaned_data["other"] or self.data.get("similar", "")
        if not asked:
            return None
        number = re.fullmatch(r"#?([0-9]{1,18})", asked.strip()) or re.search(r"/topics/([0-9]{1,18})\b", asked)
        found = Topic.objects.visible_to(self.user).filter(pk=number[1]).first() if number else None
        if found is None:
            raise forms.ValidationError("No topic was found there. Give its number, or its address.")
        return found

    def wanted(self, name: str) -> Any:
        """What this act cannot do without. Raises CannotBeDone."""
        value = self.cleaned_data[name]
        if not value:
            raise CannotBeDone(_WANTED[name])
        return value

    def wanted_posts(self) -> list[Post]:
        """The ticked posts of the topic. Raises CannotBeDone."""
        data = cast(QueryDict, self.data)
        ticked = [pk for pk in data.getlist("posts") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        posts = Post.objects.filter(topic=self.topic, pk__in=ticked[:MOST_TICKED])
        found = list(posts.select_related("topic__subforum", "author").order_by("number"))
        if not found:
            raise CannotBeDone("Tick at least one post.")
        return found


MOST_TICKED = 200
_WANTED = {
    "other": "Say which other topic: its number, or its address.",
    "subforum": "Choose a subforum.",
    "new_title": "Write the title.",
}


class EditForm(WhyForm):
    """A post's new text, and why a moderator gives it."""

    source = forms.CharField(label="Text", max_length=MAX_SOURCE_LENGTH, widget=forms.Textarea(attrs={"rows": 14}))
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        banners = RulesBanner.objects.filter(Q(subforum=topic.subforum_id) | Q(subforum=None))
        self.rules = rule_choices(
            topic.subforum_id, {banner.subforum_id: banner for banner in banners}, self.data.get("rule", "")
        )
