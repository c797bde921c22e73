"""Forms of moderators' acts: the rule, a reason for the author, a note for other moderators."""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from accounts.text.plain_text import visible
from forum.markup import MAX_SOURCE_LENGTH
from forum.models import Post, Subforum, Topic
from forum.permissions import CannotBeDone
from moderation.forms.fields import WordsField
from moderation.log.entries import Why
from moderation.reasons.offered_reasons import Preset, presets_for
from moderation.rules import CHANGED, RuleChoice, have_changed, rules_for, said, seen

LONGEST_REASON = 500


# Acts without a reason are asked for one, because authors read that something is gone, or what they may not do.
ASK_WHY = {"hide", "hide-posts", "reject", "warn", "suspend", "ban", "clear-profile"}


class WhyForm(forms.Form):
    """The reason of an act: what was typed, or a preset reason. All fields are optional.

    Of the acts in ASK_WHY, the first press without a rule or a reason is answered by the question why; the second goes
    on (`must_say_why`).
    """

    rule = forms.CharField(required=False, max_length=4)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)
    private_note = forms.CharField(required=False, max_length=LONGEST_REASON)
    rules_seen = forms.CharField(required=False, max_length=40)
    preset = forms.CharField(required=False, max_length=20)
    # The rule that was chosen beforehand, because flags named it: a preset's own rule takes its place.
    rule_offered = forms.CharField(required=False, max_length=4)
    # The act that the form was asked about: pressed again, it is done without a reason.
    asked_about = forms.CharField(required=False, max_length=20)

    rules: list[RuleChoice] = []
    presets: tuple[Preset, ...] = ()

    def __init__(
        self,
        *args: Any,
        rules: list[RuleChoice] | None = None,
        presets: tuple[Preset, ...] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if rules is not None:
            self.rules = rules
        if presets is not None:
            self.presets = presets
        # Set where the form asks why: the act that was pressed.
        self.asks_about = ""

    def clean_rule(self) -> str:
        value = self.cleaned_data["rule"]
        try:
            said(value)
        except ValueError as error:
            raise forms.ValidationError("Choose one of the rules.") from error
        if value and have_changed(self.data.get("rules_seen", ""), self.rules):
            raise forms.ValidationError(CHANGED)
        return value

    def clean_reason(self) -> str:
        return " ".join(visible(self.cleaned_data["reason"]).split())

    def clean_preset(self) -> Preset | None:
        value = self.cleaned_data["preset"]
        if not value:
            return None
        found = next((preset for preset in self.presets if preset.value == value), None)
        if found is None:
            raise forms.ValidationError("The ready reasons have changed meanwhile. Choose again, or write your own.")
        return found

    @property
    def rules_shown(self) -> str:
        return seen(self.rules)

    @property
    def why(self) -> Why:
        """What was typed goes before the words of the preset."""
        typed = self.cleaned_data
        preset = typed["preset"]
        value, reason = typed["rule"], typed["reason"]
        if preset:
            value = preset.rule if not value or (value == typed["rule_offered"] and preset.rule) else value
            reason = reason or preset.text
        number, is_forum_rule = said(value)
        return Why(rule=number, reason=reason, private_note=typed["private_note"], is_forum_rule=is_forum_rule)

    @property
    def asked(self) -> str:
        """The act that the form shown again is asked about: this one, or the one before."""
        return self.asks_about or self.data.get("asked_about", "")

    def must_say_why(self, act: str) -> bool:
        """Whether the answer to this act is the question why, because neither rule nor reason is given, and it was not
        asked yet."""
        why = self.why
        if act not in ASK_WHY or why.rule or why.reason or self.cleaned_data["asked_about"] == act:
            return False
        self.asks_about = act
        return True


class AppealForm(forms.Form):
    """An appeal against an act."""

    words = WordsField(label="What should the moderators know?", max_length=2000)


class DecisionForm(forms.Form):
    """The answer to an appeal, for the member who made it."""

    answer = WordsField(label="A few words to them", max_length=2000)


AT = "at"
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
LASTS = [
    ("", "until somebody ends it"), ("day", "1 day"), ("week", "1 week"), ("month", "1 month (30 days)"),
    (AT, "until a day and hour:"),
]  # fmt: skip
LASTS_AT_MOST = timedelta(days=730)


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
    # How long a lock or pin lasts.
    lasts = forms.ChoiceField(required=False, choices=LASTS)
    ends_at = forms.DateTimeField(required=False)

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
        self.presets = presets_for(self.place, self.rules)

    @cached_property
    def places(self) -> list[Subforum]:
        """The subforums to which something may be moved: not where it is. The form takes that, too, if sent twice."""
        places = self.fields["subforum"].queryset  # type: ignore[attr-defined]
        return list(places.exclude(pk=self.place.pk) if self.place else places)

    def clean(self) -> dict[str, Any]:
        """A day and hour need no choice beside them, and "until a day and hour" needs one to come."""
        cleaned = super().clean() or {}
        ends_at, now = cleaned.get("ends_at"), timezone.now()
        if cleaned.get("lasts") == AT and not ends_at and "ends_at" not in self.errors:
            self.add_error("ends_at", "Say at which day and hour it ends.")
        elif ends_at and not now < ends_at <= now + LASTS_AT_MOST:
            self.add_error("ends_at", "Choose a day and hour to come, within the next two years.")
        return cleaned

    @property
    def zone(self) -> str:
        """The time zone in which `ends_at` is typed."""
        return timezone.get_current_timezone_name()

    @property
    def until(self) -> datetime | None:
        """When a lock or pin ends, to the minute; None for never."""
        chosen, ends_at = self.cleaned_data["lasts"], self.cleaned_data["ends_at"]
        if chosen in SPANS:
            return (timezone.now() + SPANS[chosen]).replace(second=0, microsecond=0)
        return ends_at

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
        self.place = topic.subforum
        self.rules = rules_for(self.place)
        self.presets = presets_for(self.place, self.rules)


class MemberActForm(WhyForm):
    """Points, days and reason of an act on a member; the rules are those of the whole forum."""

    points = forms.IntegerField(required=False, min_value=0, max_value=10)
    days = forms.IntegerField(required=False, min_value=1, max_value=3_650)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules_for(None)
        self.presets = presets_for(None, self.rules)

    def clean_points(self) -> int:
        points = self.cleaned_data["points"]
        return 1 if points is None else points
