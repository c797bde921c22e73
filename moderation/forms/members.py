"""Forms of members: flags, and the cursor of the list of their own hidden texts."""

import re
from typing import Any, cast

from django import forms
from django.http import QueryDict

from accounts.models import User
from forum.models import Post, Topic
from forum.pages.profile_fields import name_of
from moderation import rules
from moderation.forms.fields import WordsField
from moderation.models import Flag

Reason = Flag.Reason
# What can be wrong with a profile: it is neither asked elsewhere nor out of date.
OF_PROFILES = (Reason.RULES, Reason.ADVERTISING, Reason.PERSONAL, Reason.OTHER)

SIMILAR_SHOWN = 4


_TOPIC = re.compile(r"(?:/topics/|^\s*#?)([0-9]{1,18})\b")


class FlagForm(forms.Form):
    """A flag of a post."""

    reason = forms.ChoiceField(label="What is wrong with it?", choices=Reason.choices, widget=forms.RadioSelect)
    rule = forms.ChoiceField(label="Which rule does it break?", required=False)
    other = forms.ChoiceField(label="Where was the same asked?", required=False, widget=forms.RadioSelect)
    other_address = forms.CharField(
        label="Or the address of that topic", required=False, max_length=300, help_text="For what was asked elsewhere."
    )
    rules_seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    words = WordsField(label="Anything a moderator should know", required=False, max_length=500)

    def __init__(self, *args: Any, user: User, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.post = user, post
        subforum = post.topic.subforum
        self.rules = rules.rules_for(subforum)
        self.fields["rule"].choices = rules.as_choices(self.rules, subforum)  # type: ignore[attr-defined]
        self.fields["rules_seen"].initial = rules.seen(self.rules)
        self.similar = self._similar()
        named = [(str(topic.pk), topic.title) for topic in self.similar]
        self.fields["other"].choices = [*named, ("", "None of these")]  # type: ignore[attr-defined]
        if not self.rules:
            del self.fields["rule"]
        if not self.similar:
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reason = cleaned.get("reason")
        if reason == Reason.DUPLICATE and not self.errors:
            cleaned["other_topic"] = self._other_topic(cleaned)
        _refuse_old_rules(self, cleaned)
        _ask_for_what_is_missing(self, cleaned)
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """The keyword arguments of `actions.flags.flag_post`."""
        value = self.cleaned_data.get("rule")
        rule = next((rule for rule in self.rules if rule.value == value), None)
        return {
            "reason": self.cleaned_data["reason"],
            "rule": rule.number if rule else None,
            "is_forum_rule": rule.is_forum_rule if rule else False,
            "words": self.cleaned_data["words"],
            "other_topic": self.cleaned_data.get("other_topic"),
        }

    def _similar(self) -> list[Topic]:
        """Choices of the other topic: the similar topics of this one. Only for opening posts."""
        if not self.post.is_opening_post:
            return []
        listed = Topic.objects.visible_to(self.user).readable().filter(similar_to__topic=self.post.topic_id)
        return list(listed.order_by("similar_to__rank")[:SIMILAR_SHOWN])

    def _other_topic(self, cleaned: dict[str, Any]) -> Topic | None:
        written = _TOPIC.search(cleaned.get("other_address") or "")
        pk = cleaned.get("other") or (written and written[1])
        topics = Topic.objects.visible_to(self.user).readable().exclude(pk=self.post.topic_id)
        topic = topics.filter(pk=int(pk)).first() if pk else None
        if topic is None:
            self.add_error("other_address", "Choose the other topic, or paste its address from your browser.")
        return topic


class ProfileFlagForm(forms.Form):
    """A flag of a member's profile, by the rules of the whole forum."""

    reason = forms.ChoiceField(
        label="What is wrong with it?",
        choices=[(reason.value, reason.label) for reason in OF_PROFILES],
        widget=forms.RadioSelect,
    )
    part = forms.ChoiceField(label="Where?", required=False)
    rule = forms.ChoiceField(label="Which rule does it break?", required=False)
    rules_seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    words = WordsField(label="Anything a moderator should know", required=False, max_length=500)

    def __init__(self, *args: Any, texts: dict[str, str], **kwargs: Any) -> None:
        """`texts` are those that the member who flags can see."""
        super().__init__(*args, **kwargs)
        parts = [("", "All of it"), ("name", "The name"), *((field, name_of(field).capitalize()) for field in texts)]
        self.fields["part"].choices = parts  # type: ignore[attr-defined]
        self.rules = rules.rules_for(None)
        self.fields["rule"].choices = rules.as_choices(self.rules, None)  # type: ignore[attr-defined]
        self.fields["rules_seen"].initial = rules.seen(self.rules)
        if not self.rules:
            del self.fields["rule"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _refuse_old_rules(self, cleaned)
        _ask_for_what_is_missing(self, cleaned)
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """The keyword arguments of `actions.profile_flags.flag_profile`."""
        typed = self.cleaned_data
        rule = next((rule.number for rule in self.rules if rule.value == typed.get("rule")), None)
        return {"reason": typed["reason"], "part": typed["part"], "rule": rule, "words": typed["words"]}


def _refuse_old_rules(form: Any, cleaned: dict[str, Any]) -> None:
    """The rules may have changed while the form was open: it is shown again with the new ones."""
    if not cleaned.get("rule") or not rules.have_changed(cleaned.get("rules_seen", ""), form.rules):
        return
    form.add_error("rule", rules.CHANGED)
    sent = cast(QueryDict, form.data).copy()
    sent["rules_seen"] = rules.seen(form.rules)
    form.data = sent


def _ask_for_what_is_missing(form: Any, cleaned: dict[str, Any]) -> None:
    reason = cleaned.get("reason")
    if reason == Reason.RULES and form.rules and not cleaned.get("rule"):
        form.add_error("rule", "Choose the rule, so that a moderator sees at once what you mean.")
    if reason == Reason.OTHER and not cleaned.get("words"):
        form.add_error("words", "Say in a few words what is wrong.")


class OwnWordsForm(forms.Form):
    """The cursor of a page of own texts: it begins after this post."""

    after = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
