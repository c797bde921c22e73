import uuid
from collections.abc import Callable
from typing import Any

from django import forms

from accounts.models import User
from accounts.text.plain_text import visible
from forum import markup
from forum.actions.rules import note_read
from forum.models import Post, Topic

TITLE_LENGTH = Topic._meta.get_field("title").max_length or 120


class MarkdownTextarea(forms.Textarea):
    """A textarea with the editor's toolbar (templates/borderpost/toolbar.html)."""

    def __init__(self, **attrs: object) -> None:
        super().__init__(attrs={"rows": 9, "data-editor": "", "data-limit": markup.MAX_SOURCE_LENGTH, **attrs})


class MarkdownField(forms.CharField):
    """Markdown text. Line ends count as one character, as browsers count them, though they send CRLF.

    It has no `maxlength` attribute, because browsers would truncate pasted text.
    """

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class RulesReadField(forms.BooleanField):
    """The checkbox "I have read the rules", shown before a member's first post in a subforum."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="I have read the rules of this place",
            help_text="They stand above. We ask only before your first post here.",
            error_messages={"required": "Nothing is lost. Read the rules above, tick this box, and send it again."},
            **kwargs,
        )


class PostForm(forms.Form):
    """Fields of all posts: text, idempotency key and, if `asks_rules`, the rules' checkbox."""

    source = MarkdownField(
        label="Your reply",
        help_text="Markdown works.",
        max_length=markup.MAX_SOURCE_LENGTH,
        widget=MarkdownTextarea(),
        error_messages={
            "required": "There is nothing to post yet. Write your text first.",
            "max_length": "This text has %(show_value)d characters; %(limit_value)d are allowed. "
            "Shorten it, or post it in two parts.",
        },
    )
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    draft_version = forms.IntegerField(min_value=0, max_value=2**62, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_rules: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("idempotency_key", uuid.uuid4())
        self.asks_rules = False
        if asks_rules:
            self.ask_rules()

    def ask_rules(self) -> None:
        """Add the rules' checkbox, required but for a preview."""
        self.asks_rules = True
        self.fields["rules_read"] = RulesReadField(required="preview" not in self.data)

    def also(self, user: User) -> list[Callable[[Post], object]]:
        """Callables for `also` of forum.actions.posts: record that the rules were read, if the form asked."""
        return [lambda post: note_read(user, post.topic.subforum)] if self.asks_rules else []

    def clean_source(self) -> str:
        """Raises ValidationError if the Markdown is above a limit of forum.markup."""
        source = self.cleaned_data["source"]
        markup.to_html(source)
        return source


class ReplyForm(PostForm):
    """A reply; `seen` is the number of the last post of the topic when the form was rendered."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)


class DraftForm(forms.Form):
    """A draft, which may be too long or too short to be posted."""

    title = forms.CharField(max_length=500, required=False, strip=False)
    source = forms.CharField(max_length=100_000, required=False, strip=False)
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    idempotency_key = forms.UUIDField(required=False)
    draft_version = forms.IntegerField(min_value=0, max_value=2**62, required=False)


class TopicForm(PostForm):
    """A new topic: title and opening post."""

    title = forms.CharField(
        max_length=TITLE_LENGTH,
        min_length=8,
        help_text="The place, the direction and how you travel.",
        widget=forms.TextInput(attrs={"class": "headline", "data-limit": TITLE_LENGTH, "autocomplete": "off"}),
        error_messages={
            "required": "Give the topic a title, so that others can find it.",
            "min_length": "This title is too short to be found. Name the place, the direction and how you travel.",
            "max_length": "This title has %(show_value)d characters; %(limit_value)d are allowed.",
        },
    )

    field_order = ["title", "source", "idempotency_key"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].label = "Your question"

    def clean_title(self) -> str:
        title = " ".join(visible(self.cleaned_data["title"]).split())
        if not any(character.isalnum() for character in title):
            raise forms.ValidationError("This title has no words. Name the place, the direction and how you travel.")
        return title


class EditForm(PostForm):
    """Edit of a post; `based_on` is the `edits_count` that the form was opened with."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        required=False,
        help_text="One line for the history: a price corrected, a name added.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    field_order = ["source", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].label = "Your post"


class OpeningPostForm(EditForm, TopicForm):
    """Edit of an opening post, with the title of its topic."""

    field_order = ["title", "source", "reason"]
