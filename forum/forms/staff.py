"""Forms of the staff pages, for administrators and moderators."""

from itertools import chain, count

from django import forms
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import MemberGroup, User
from accounts.templatetags.display_tags import icon
from accounts.text import names
from accounts.text.slugs import slug_of
from forum import markup
from forum.actions.subforums import is_needed
from forum.models import RulesBanner, Section, Subforum

MOST_RULES = 20
LONGEST_RULE = 500
LONGEST_SLUG = 60
MOST_NAMES_TYPED = 10_000  # characters
# Of routes beside the one of a subforum.
RESERVED_SLUGS = {"new"}
# Icons of the sprite for subforums, and what they show.
ICONS = {
    "msg": "Talk", "map": "Map", "swap": "Crossing", "arrow": "Way", "warn": "Danger", "doc": "Papers", "flag": "Flag",
    "foot": "On foot", "bike": "Bicycle", "moto": "Motorcycle", "car": "Car", "truck": "Truck", "bus": "Bus",
    "user": "People", "key": "Key", "bell": "Bell", "star": "Star", "clock": "Clock", "image": "Picture",
    "shield": "Shield",
}  # fmt: skip


def icon_choices(current: str) -> list[tuple[str, SafeString]]:
    """Choices shown by their picture; an icon that a subforum has already stays a choice."""
    words = ICONS | ({} if current in ICONS else {current: current})
    return [(name, format_html("{} {}", icon(name), word)) for name, word in words.items()]


class SectionForm(forms.ModelForm):
    class Meta:
        model = Section
        fields = ["name"]


class SubforumForm(forms.ModelForm):
    moderators = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Names of members, one a line.",
    )

    slug = forms.CharField(
        label="Address",
        required=False,
        max_length=60,
        help_text="The last part of its address, in any script. Left empty, it is made from the name. "
        "The old address leads to the new one.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    icon = forms.ChoiceField(widget=forms.RadioSelect, initial="msg")

    class Meta:
        model = Subforum
        fields = [
            "section", "name", "short_name", "slug", "description", "icon", "access", "group", "first_posts",
            "takes_questions",
        ]  # fmt: skip
        help_texts = {
            "group": "Who the chosen members are. Groups have their own page among the staff pages.",
            "short_name": "Where there is little room, as in “Is it open?”. Left empty, the name stands there.",
            "first_posts": "A new member's first three posts here, and with the last choice anybody's first one, are "
            "read by a moderator before others see them. Writers are told before they send.",
            "takes_questions": "Take it away where people tell or chat: then no topic here is called unanswered.",
        }
        labels = {"takes_questions": "Topics here ask for an answer"}

    field_order = [
        "section", "name", "short_name", "slug", "description", "icon", "access", "group", "first_posts",
        "takes_questions", "moderators",
    ]  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["icon"].choices = icon_choices(self.instance.icon)  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["moderators"] = "\n".join(
                self.instance.moderators.order_by("username_skeleton").values_list("username", flat=True)
            )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if "slug" not in self.errors and not cleaned.get("slug"):
            cleaned["slug"] = self._proposed_slug(cleaned.get("name", ""))
        # The group goes with the access of chosen members, and with no other.
        if cleaned.get("access") != Subforum.Access.CHOSEN:
            cleaned["group"] = None
        elif not cleaned.get("group") and "group" not in self.errors:
            self.add_error("group", "Choose the group whose members may read and post here.")
        return cleaned

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].strip()
        if not slug or slug == self.instance.slug:
            return slug
        if slug in RESERVED_SLUGS or slug != slug_of(slug)[:LONGEST_SLUG]:
            raise forms.ValidationError(f"Write it as a slug, such as “{self._proposed_slug(slug)}”.")
        if Subforum.objects.filter(slug=slug).exists():
            raise forms.ValidationError("Another subforum has this address.")
        if self.instance.pk and is_needed(Subforum(slug=Subforum.objects.get(pk=self.instance.pk).slug)):
            raise forms.ValidationError(
                "Pages of crossings lead here by this address (QUESTIONS_SUBFORUM, REPORTS_SUBFORUM)."
            )
        return slug

    def _proposed_slug(self, name: str) -> str:
        """A slug that is free: with a number behind it, if it must be."""
        base = slug_of(name)[: LONGEST_SLUG - 4].strip("-_") or "subforum"
        taken = Subforum.objects.exclude(pk=self.instance.pk).filter(slug__startswith=base)
        used = RESERVED_SLUGS | set(taken.values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in count(2))
        return next(slug for slug in chain([base], numbered) if slug not in used)

    def clean_moderators(self) -> list[User]:
        return _members_named(self.cleaned_data["moderators"])


def _members_named(typed: str) -> list[User]:
    """The active members of these names, one a line. Raises ValidationError that says which are nobody's."""
    written = [line.strip() for line in typed.splitlines() if line.strip()]
    wanted = {names.skeleton(name): name for name in written}
    found = list(User.objects.filter(username_skeleton__in=wanted, is_active=True))
    missing = set(wanted) - {user.username_skeleton for user in found}
    if missing:
        unknown = ", ".join(sorted(wanted[skeleton] for skeleton in missing))
        raise forms.ValidationError(f"No member has this name: {unknown}. Check the spelling.")
    return found


class GroupForm(forms.ModelForm):
    class Meta:
        model = MemberGroup
        fields = ["name"]
        help_texts = {"name": "Only administrators read it."}


class GroupMembersForm(forms.Form):
    """Members to add to a group."""

    members = forms.CharField(
        label="Add members",
        max_length=MOST_NAMES_TYPED,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Names of members, one a line.",
    )

    def clean_members(self) -> list[User]:
        return _members_named(self.cleaned_data["members"])


class RulesForm(forms.ModelForm):
    """The rules as text, one per line."""

    rules = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One rule a line, in Markdown. They are numbered by themselves.",
    )

    reason = forms.CharField(
        label="What changed, in a few words",
        max_length=200,
        required=False,
        help_text="Members read it beside the old and the new rules.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # The version that the form was opened with; 0 if there were no rules yet.
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    class Meta:
        model = RulesBanner
        fields = ["introduction", "rules"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial.setdefault("based_on", self.instance.version if self.instance.pk else 0)
        if not isinstance(self.initial.get("rules"), str):
            self.initial["rules"] = "\n".join(self.instance.rules or [])

    def clean_rules(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["rules"].splitlines() if line.strip()]
        length = LONGEST_RULE
        if len(lines) > MOST_RULES:
            raise forms.ValidationError(f"These are {len(lines)} rules. Nobody reads more than {MOST_RULES}.")
        if any(len(line) > length for line in lines):
            raise forms.ValidationError(f"A rule may have {length} characters. Shorten the longest.")
        for line in lines:
            markup.to_html(line)
        return lines


class RenameForm(forms.Form):
    name = forms.CharField(max_length=200, help_text="Everything the member wrote shows it at once.")


class EmptySectionForm(forms.Form):
    """Deleting a section; it must be empty."""

    def __init__(self, *args: object, section: models.Model, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.section = section

    def clean(self) -> dict:
        if Subforum.objects.filter(section_id=self.section.pk).exists():
            raise forms.ValidationError("Move its subforums to another section first.")
        return super().clean() or {}


class PresetsForm(forms.Form):
    """Which of the presets to make."""

    slugs = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one."}
    )

    def __init__(self, *args: object, offered: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["slugs"].choices = [(slug, slug) for slug in offered]  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Before or after which row of the same list to put one."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if (cleaned.get("before") is None) == (cleaned.get("after") is None):
            raise forms.ValidationError("Name one row, before or after which it goes.")
        return cleaned


class RemoveSubforumForm(forms.Form):
    """Where the topics of a subforum go before it is removed; without topics nothing is asked."""

    target = forms.ModelChoiceField(
        label="Move its topics to", queryset=Subforum.objects.none(), empty_label="Choose a subforum",
        error_messages={"required": "Choose where its topics go.", "invalid_choice": "Choose one that is still there."},
    )  # fmt: skip

    def __init__(self, *args: object, subforum: Subforum, has_topics: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not has_topics:
            del self.fields["target"]
            return
        others = Subforum.objects.exclude(pk=subforum.pk).filter(removed_by=None).select_related("section")
        self.fields["target"].queryset = others  # type: ignore[attr-defined]
