"""Opening a topic, and replying."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import FETCH_ONE
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.limits import rate_limits
from accounts.models import User
from accounts.readers import reader_of
from forum import actions, markup
from forum.actions import drafts
from forum.actions.rules import must_confirm, rules_above
from forum.extensions import fragments, screeners
from forum.forms.post_forms import PostForm, ReplyForm, TopicForm
from forum.models import Post, Subforum, Topic
from forum.pages.queries import find_topic
from forum.permissions import NotAllowed, can_open_topic, can_reply, can_reply_first, can_write_first
from forum.views.compose import composer
from forum.views.old_addresses import leads_on
from pagecache.prepared import MARK, count

NEWER_SHOWN = 20
SAME_TITLED_SHOWN = 3


@composer.visitors_write_first
def open_topic(request, slug: str):
    subforum = get_object_or_404(Subforum.objects.visible_to(request.user).select_related("section"), slug=slug)
    if answer := _instead(request, subforum, may=can_open_topic, may_first=can_write_first):
        return answer
    kept = composer.kept_text(request)
    initial = composer.initial_of(request.user, subforum) if request.method != "POST" else {}
    data = composer.data_of(request, kept)
    form = TopicForm(data, initial=initial, asks_rules=_asks_rules(request, subforum))
    context = {
        "form": form,
        "kept": kept,
        "panels": _panels(request, subforum, kept.fields if kept else initial),
        "more_forms": fragments.composer_forms(request.user, subforum, data, request.GET),
        "subforum": subforum,
        **composer.composer(subforum, initial.get("draft")),
    }
    return _compose(request, form, context, "forum/open_topic.html", "topic")


def _instead(request, place: Topic | Subforum, *, may: Callable, may_first: Callable) -> HttpResponse | None:
    """A saved draft, where that is asked for in place of the composer.

    Raises PermissionDenied for members who may not write here, and SignInFirst for visitors who may not write first.
    """
    if not request.user.is_authenticated:
        if "save" in request.POST or not may_first(request.user, place):
            raise composer.SignInFirst
        return None
    if not may(request.user, place):
        raise PermissionDenied
    return composer.save_draft(request, place) if "save" in request.POST else None


def _asks_rules(request, subforum: Subforum) -> bool:
    return request.user.is_authenticated and must_confirm(request.user, subforum)


def _panels(request, subforum: Subforum, typed_before: Mapping) -> list[fragments.Part]:
    """Panels of other apps, about the draft, the kept text or the text that is previewed."""
    typed = typed_before if request.method != "POST" else request.POST if "preview" in request.POST else {}
    return fragments.composer_panels(request.user, subforum, typed.get("title", ""), typed.get("source", ""))


@composer.visitors_write_first
@leads_on
def reply(request, topic_id: int):
    topic = find_topic(reader_of(request), topic_id, FETCH_ONE)
    if answer := _instead(request, topic, may=can_reply, may_first=can_reply_first):
        return answer
    kept = composer.kept_text(request)
    initial = _begin_reply(request, topic) if request.method != "POST" else {}
    data = composer.data_of(request, kept)
    form = ReplyForm(data, initial=initial, asks_rules=_asks_rules(request, topic.subforum))
    context = {
        "form": form,
        "kept": kept,
        "topic": topic,
        "subforum": topic.subforum,
        **composer.composer(topic, initial.get("draft")),
    }
    return _compose(request, form, context, "forum/reply.html", "post")


def _compose(request, form: PostForm, context: dict, template: str, scope: str):
    """Preview, post, or show the errors; every response has the typed text."""
    if request.method != "POST":
        form.errors.pop("rules_read", None)  # of a kept text: they were not asked of the visitor
        return _render(request, template, context)
    if "preview" in request.POST:
        return composer.preview(
            request, form, context | _rules_and_notes(request, context), template, context["subforum"]
        )
    if request.user.is_authenticated:
        rate_limits.take(scope, request)
    if not all([form.is_valid(), *(more.is_valid() for more in context.get("more_forms", ()))]):
        return _render(request, template, context, status=400)
    if not request.user.is_authenticated:
        return composer.keep_for_later(request)
    if newer := _arrived_meanwhile(request.user, form, context.get("topic")):
        return _show_newer(request, form, newer, context)
    if same_titled := _same_titled(request, form, context):
        return _ask_about_title(request, form, same_titled, context)
    try:
        post = _write(request.user, form, context)
    except actions.posts.SentBefore as error:
        return _conflict(request, form, error.post, context)
    except NotAllowed as error:
        if topic := context.get("topic"):  # if it was merged concurrently this raises Http404, and leads_on redirects
            find_topic(reader_of(request), topic.pk)
        raise PermissionDenied from error
    except (screeners.Refused, ValidationError) as error:  # with mentions the HTML may exceed a limit
        form.add_error("source", error if isinstance(error, ValidationError) else str(error))
        return _render(request, template, context, status=400)
    return _posted(request, post, context)


def _posted(request, post: Post, context: dict):
    place = context.get("topic") or context["subforum"]
    if post.held_at is None:
        composer.tell_posted(request, place, "Topic posted." if post.is_opening_post else "Reply posted.")
    else:
        composer.tell_posted(request, place, "A moderator will look at this first. Until then only you can see it.")
    return redirect(post)


def _write(user: User, form: PostForm, context: dict) -> Post:
    typed = form.cleaned_data
    form_of = {"idempotency_key": typed["idempotency_key"], "draft_version": typed["draft_version"]}
    also = [*form.also(user), *composer.forgets(context["kept"], user)]
    if topic := context.get("topic"):
        return actions.posts.reply(user, topic, source=typed["source"], also=also, **form_of)
    return actions.posts.open_topic(
        user,
        context["subforum"],
        title=typed["title"],
        source=typed["source"],
        **form_of,
        also=[*also, *(more.save for more in context["more_forms"])],
    )


def _arrived_meanwhile(user: User, form: PostForm, topic: Topic | None) -> list[Post]:
    """Replies of others since the form was rendered; none if this is a repeated POST of the same form."""
    seen = form.cleaned_data.get("seen")
    if topic is None or seen is None or seen >= topic.last_number:
        return []
    if _was_sent(user, form):
        return []
    newer = Post.objects.visible_to(user).readable().filter(topic=topic, number__gt=seen).exclude(author=user)
    return list(newer.with_authors().order_by("number")[:NEWER_SHOWN])


def _show_newer(request, form: PostForm, newer: list[Post], context: dict):
    """409: nothing is posted; the author reads the new replies and sends the same form again."""
    values = dict(form.data.items()) | {"seen": context["topic"].last_number}
    context |= {"newer": newer, "form": type(form)(values, asks_rules=form.asks_rules)}
    return _render(request, "forum/reply.html", context, status=409)


def _same_titled(request, form: PostForm, context: dict) -> list[Topic]:
    """Readable topics of the subforum with the title of this new one; none if the writer was shown them already, or if
    this is a repeated POST of the same form."""
    if "topic" in context:
        return []
    topics = Topic.objects.visible_to(request.user).readable().filter(subforum=context["subforum"])
    found = list(topics.titled(form.cleaned_data["title"]).latest_first()[:SAME_TITLED_SHOWN])
    shown = request.POST.get("same_titled", "").split()
    if {str(topic.pk) for topic in found} <= set(shown) or _was_sent(request.user, form):
        return []
    return found


def _ask_about_title(request, form: PostForm, same_titled: list[Topic], context: dict):
    """409: nothing is posted or counted; the text is kept as a draft, and the same form sent again opens the topic."""
    rate_limits.give_back("topic", rate_limits.taker(request))
    typed = form.cleaned_data
    origin = drafts.Origin(typed["idempotency_key"], typed["draft_version"])
    with suppress(drafts.SavedElsewhere):  # then the text is kept as a copy beside the draft
        drafts.save(request.user, context["subforum"], title=typed["title"], source=typed["source"], origin=origin)
    return _render(request, "forum/open_topic.html", context | {"same_titled": same_titled}, status=409)


def _was_sent(user: User, form: PostForm) -> bool:
    key = form.cleaned_data["idempotency_key"]
    return bool(key) and Post.objects.filter(author=user, idempotency_key=key).exists()


def _conflict(request, form: PostForm, stored: Post, context: dict):
    """409: the same idempotency key with two texts; both are shown, and the second may be posted as another post."""
    typed = {
        name: form.cleaned_data.get(name, "")
        for name in ("title", "source", "seen", "draft_version")
        if name in form.fields
    }
    again = type(form)(initial=typed, asks_rules=form.asks_rules)
    values = {**context, "stored": stored, "typed": typed["source"], "form": again, "action": request.path}
    return _render(request, "forum/conflict.html", values, status=409)


def _render(request, template: str, context: dict, status: int = 200):
    return render(request, template, context | _rules_and_notes(request, context), status=status)


def _rules_and_notes(request, context: dict) -> dict:
    """Context of the rules, unfolded until the member has posted here once, and of notes for the writer.

    Not queried for a POST that succeeds.
    """
    subforum = context["subforum"]
    posts = Post.objects.filter(author=MARK, topic__subforum=MARK + 1)
    has_posted = count("posted here", lambda: posts, request.user.pk or 0, subforum.pk, most=1) > 0
    banner = rules_above(subforum, or_of_all=context["form"].asks_rules or not request.user.is_authenticated)
    notes = fragments.html_of_notes(request.user, subforum)
    return {"banner": banner, "rules_open": not has_posted, "writer_notes": notes}


def _begin_reply(request, topic: Topic) -> dict:
    """`initial` of a reply: the draft, and after it the quote of ?quote=."""
    initial = composer.initial_of(request.user, topic, seen=topic.last_number)
    quoted = _quoted(request, topic)
    texts = [initial.get("source", ""), quoted]
    source = "\n\n".join(text.rstrip("\n") for text in texts if text) + "\n\n" * bool(quoted)
    return initial | {"source": source, "quoted": quoted}


def _quoted(request, topic: Topic) -> str:
    asked = request.GET.get("quote", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return ""
    posts = Post.objects.visible_to(request.user).readable().select_related("author")
    post = posts.filter(topic=topic, pk=asked).first()
    return markup.quote(post.author.username, post.pk, post.source) if post else ""
