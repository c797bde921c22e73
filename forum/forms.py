import uuid

from django import forms

from forum import markup
from forum.models import Topic

TITLE_LENGTH = Topic._meta.get_field("title").max_length or 120


class MarkdownTextarea(forms.Textarea):
    """A text field with the editor's toolbar around it (templates/borderpost/editor.html)."""

    def __init__(self, **attrs: object) -> None:
        super().__init__(attrs={"rows": 9, "data-editor": "", **attrs})


class PostForm(forms.Form):
    """What a reply needs."""

    source = forms.CharField(
        label="Your reply",
        max_length=markup.MAX_SOURCE_LENGTH,
        widget=MarkdownTextarea(),
        error_messages={
            "required": "There is nothing to post yet. Write your text first.",
            "max_length": "This text has %(show_value)d characters; %(limit_value)d are allowed. "
            "Shorten it, or post it in two parts.",
        },
    )
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial.setdefault("idempotency_key", uuid.uuid4())

    def clean_source(self) -> str:
        """The text as it will be stored, once it is known that it can be rendered."""
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        markup.to_html(source)
        return source


class TopicForm(PostForm):
    """What a new topic needs."""

    title = forms.CharField(
        max_length=TITLE_LENGTH,
        min_length=8,
        help_text="The place, the direction and how you travel.",
        widget=forms.TextInput(attrs={"data-limit": TITLE_LENGTH, "autocomplete": "off"}),
        error_messages={
            "required": "Give the topic a title, so that others can find it.",
            "min_length": "This title is too short to be found. Name the place, the direction and how you travel.",
            "max_length": "This title has %(show_value)d characters; %(limit_value)d are allowed.",
        },
    )

    field_order = ["title", "source", "idempotency_key"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].label = "Your question"

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not any(character.isalnum() for character in title):
            raise forms.ValidationError("This title has no words. Name the place, the direction and how you travel.")
        return title
