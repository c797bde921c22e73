"""The composer: a new topic, a reply, and what both show before they post."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts import rate_limits
from accounts.models import User
from forum import actions, markup, references, screening
from forum.forms import PostForm, TopicForm
from forum.models import Post, RulesBanner, Subforum, Topic
from forum.permissions import can_open_topic, can_reply


@login_required
def open_topic(request, slug: str):
    subforum = get_object_or_404(Subforum.objects.visible_to(request.user).select_related("section"), slug=slug)
    if not can_open_topic(request.user, subforum):
        raise PermissionDenied
    form = TopicForm(request.POST or None)
    context = {"form": form, "subforum": subforum, **_composer(request.user, subforum)}
    if request.method != "POST":
        return render(request, "forum/open_topic.html", context)
    return _compose(request, form, context, "forum/open_topic.html", "topic")


@login_required
def reply(request, topic_id: int):
    topic = get_object_or_404(Topic.objects.visible_to(request.user).select_related("subforum__section"), pk=topic_id)
    if not can_reply(request.user, topic):
        raise PermissionDenied
    form = PostForm(request.POST or None, initial={"source": _quoted(request, topic)})
    context = {
        "form": form,
        "topic": topic,
        "subforum": topic.subforum,
        **_composer(request.user, topic.subforum),
    }
    if request.method != "POST":
        return render(request, "forum/reply.html", context)
    return _compose(request, form, context, "forum/reply.html", "post")


def _compose(request, form: PostForm, context: dict, template: str, scope: str):
    """Preview, post, or show what is wrong; the typed text is on every answer."""
    is_preview = "preview" in request.POST
    rate_limits.take("preview" if is_preview else scope, request)
    if not form.is_valid():
        return render(request, template, context, status=400)
    if is_preview:
        context["preview"], _ = references.render(form.cleaned_data["source"], context["subforum"])
        return render(request, template, context)
    try:
        post = _write(request.user, form, context)
    except actions.SentBefore as error:
        return _conflict(request, form, error.post, context)
    except actions.NotAllowed as error:
        raise PermissionDenied from error
    except screening.Refused as error:
        form.add_error("source", str(error))
        return render(request, template, context, status=400)
    if post.held_at is None:
        messages.success(request, "Topic posted." if post.is_opening_post else "Reply posted.")
    else:
        messages.info(request, "A moderator will look at this first. Until then only you can see it.")
    return redirect(post)


def _write(user: User, form: PostForm, context: dict) -> Post:
    typed = form.cleaned_data
    key = typed["idempotency_key"]
    if topic := context.get("topic"):
        return actions.reply(user, topic, source=typed["source"], idempotency_key=key)
    return actions.open_topic(
        user, context["subforum"], title=typed["title"], source=typed["source"], idempotency_key=key
    )


def _conflict(request, form: PostForm, stored: Post, context: dict):
    """The same form came twice with two texts: both are shown, and the second may be sent as a post of its own."""
    typed = {name: form.cleaned_data.get(name, "") for name in ("title", "source") if name in form.fields}
    again = type(form)(initial=typed)
    values = {**context, "stored": stored, "typed": typed["source"], "form": again, "action": request.path}
    return render(request, "forum/conflict.html", values, status=409)


def _composer(user: User, subforum: Subforum) -> dict:
    """The rules, unfolded until the member has posted here once."""
    has_posted = Post.objects.filter(author=user, topic__subforum=subforum).exists()
    return {
        "banner": RulesBanner.objects.select_related("set_by").filter(subforum=subforum).first(),
        "rules_open": not has_posted,
        "preview": None,
        "nav": "forum",
    }


def _quoted(request, topic: Topic) -> str:
    """What the link "Quote" puts into the composer."""
    asked = request.GET.get("quote", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return ""
    post = Post.objects.visible_to(request.user).readable().filter(topic=topic, pk=asked).first()
    if post is None:
        return ""
    author = User.objects.get(pk=post.author_id)
    return markup.quote(author.username, post.pk, post.source)
