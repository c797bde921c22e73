"""Things of the forum for tests: only what matters to the test is written in the test."""

from itertools import count

from django.utils import timezone

from accounts import actions
from accounts.models import MemberGroup
from forum.actions import posts
from forum.models import Post, Section, Subforum, Topic
from tests.factories import make_user

_numbers = count(1)


def make_subforum(**fields) -> Subforum:
    number = next(_numbers)
    fields.setdefault("name", f"Subforum {number}")
    fields.setdefault("slug", f"subforum-{number}")
    if fields.get("access") == Subforum.Access.CHOSEN and "group" not in fields:
        fields["group"] = make_group()
    fields.setdefault("section", Section.objects.get_or_create(name="On the ground")[0])
    return Subforum.objects.create(**fields)


def make_group(*members) -> MemberGroup:
    """A group of chosen members."""
    group = MemberGroup.objects.create(name=f"Group {next(_numbers)}", made_at=timezone.now())
    actions.add_to_group(make_user(is_staff=True), group, members)
    return group


def make_topic(**fields) -> Topic:
    """A topic with its opening post; locked_at, pinned_at and the like are set afterwards."""
    author = fields.pop("author", None) or make_user()
    subforum = fields.pop("subforum", None) or make_subforum()
    title = fields.pop("title", "Torugart with a bicycle in June")
    source = fields.pop("source", "Is the arch open?")
    post = posts.open_topic(author, subforum, title=title, source=source)
    if fields:
        Topic.objects.filter(pk=post.topic_id).update(**fields)
    return Topic.objects.select_related("subforum").get(pk=post.topic_id)


def make_post(**fields) -> Post:
    """A reply in an unlocked topic."""
    topic = fields.pop("topic", None) or make_topic()
    author = fields.pop("author", None) or make_user()
    source = fields.pop("source", "It was open on Monday.")
    post = posts.reply(author, topic, source=source)
    if fields:
        Post.objects.filter(pk=post.pk).update(**fields)
    return Post.objects.select_related("topic__subforum", "author").get(pk=post.pk)


def now():
    return timezone.now()
