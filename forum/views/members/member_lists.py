"""Lists about a member: all posts, topics, accepted answers, and reactions given and received."""

from functools import reduce, wraps
from operator import or_

from django.db.models import FETCH_RAISE, Exists, OuterRef, Q
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.readers import Reader, reader_of
from accounts.text import names
from forum.extensions import fragments
from forum.models import Answer, Post, Reaction, Topic
from forum.models.post import is_called_outdated
from forum.models.topic import TOPICS_PER_PAGE
from forum.pages import keyset, topic_list, wrong_filters
from forum.pages.about_member import find_member, posts_of, tabs_of, topics_of
from forum.pages.written_posts import with_all_that_is_shown, with_excerpts
from forum.views.topic_lists import rows_of

ROWS_PER_PAGE = 30


def of_member(view):
    """View decorator: finds the member and the reader, and redirects from other spellings and former names."""

    @wraps(view)
    def answer(request, username: str):
        member = find_member(username)
        if member.username != username:
            is_spelling = names.skeleton(username) == member.username_skeleton
            return redirect(request.resolver_match.view_name, member.username, permanent=is_spelling)
        return view(request, reader_of(request), member)

    return answer


def respond(request, reader: Reader, member: User, template: str, *, tab: str, next_after: str, **shown: object):
    """The page of one list, with the tabs of all. `next_after` is the cursor of the next page, empty on the last."""
    parts = fragments.member_parts(reader, member)
    query = request.GET.copy()
    query.pop("after", None)
    first_url = f"{request.path}?{query.urlencode()}" if query else request.path
    query["after"] = next_after
    context = {
        "member": member,
        "tabs": tabs_of(reader, member, parts),
        "tab": tab,
        "next_url": f"{request.path}?{query.urlencode()}" if next_after else "",
        "first_url": first_url,
        "is_first_page": "after" not in request.GET,
        **shown,
    }
    return render(request, template, context)


@of_member
def member_posts(request, reader: Reader, member: User):
    rows = with_all_that_is_shown(posts_of(reader, member))
    return _posts(request, reader, member, rows, tab="posts", title="Posts by {}", nothing="{} has not written yet.")


@of_member
def member_topics(request, reader: Reader, member: User):
    place = keyset.read_place(request.GET.get("after", ""))
    topics = keyset.newest_first(topics_of(reader, member), "opened_at", place)
    rows, has_more = topic_list.seldom_asked(reader, topics, 1, TOPICS_PER_PAGE)
    last = Topic.objects.only("opened_at").get(pk=rows[-1].pk) if has_more else None
    after = str(keyset.Place(last.opened_at, last.pk)) if last else ""
    return respond(
        request, reader, member, "forum/members/topics.html", tab="topics", next_after=after,
        topics=rows_of(reader, rows, 1, with_subforum=True), has_topics=bool(rows),
    )  # fmt: skip


@of_member
def member_answers(request, reader: Reader, member: User):
    """Posts that stand as accepted answers, by when they were written."""
    accepted = posts_of(reader, member).filter(pk__in=Answer.objects.standing().values("post"))
    return _posts(
        request, reader, member, with_all_that_is_shown(accepted), tab="answers", title="Accepted answers by {}",
        nothing="No answer by {} has been accepted yet.",
    )  # fmt: skip


@of_member
def member_reactions(request, reader: Reader, member: User):
    """Reactions received, as the posts that got them: one post may have thousands, and its own page lists those."""
    kind, wrong = _kind(request)
    wanted = [kind] if kind else Reaction.Kind.values
    shown = {one: Q(**{f"{one}_count__gt": 0}) for one in Reaction.Kind.values}
    shown[Reaction.Kind.OUTDATED] = is_called_outdated()
    reacted = reduce(or_, (shown[one] for one in wanted))
    return _posts(
        request, reader, member, with_all_that_is_shown(posts_of(reader, member).filter(reacted)), tab="reactions",
        title="Reactions received by {}", nothing="No post by {} has such a reaction yet.",
        **_reactions_shown(kind, wrong),
    )  # fmt: skip


@of_member
def member_reactions_given(request, reader: Reader, member: User):
    """Reactions given, the latest first, to posts that the reader may read."""
    kind, wrong = _kind(request)
    given = Reaction.objects.filter(user=member, post__in=Post.objects.listed_for(reader))
    if kind:
        given = given.filter(kind=kind)
    if reader.pk != member.pk:  # as on the page of the topic, until enough members say so
        called = Post.objects.filter(is_called_outdated(), pk=OuterRef("post"))
        given = given.filter(~Q(kind=Reaction.Kind.OUTDATED) | Q(Exists(called)))
    rows = given.select_related("post__topic__subforum", "post__author").defer("post__source", "post__html")
    place = keyset.read_place(request.GET.get("after", ""))
    found = keyset.newest_first(rows.fetch_mode(FETCH_RAISE), "given_at", place)
    listed, has_more = keyset.page_of(found, ROWS_PER_PAGE)
    after = str(keyset.Place(listed[-1].given_at, listed[-1].pk)) if has_more else ""
    return respond(
        request, reader, member, "forum/members/reactions_given.html", tab="reactions",
        next_after=after, given=listed, **_reactions_shown(kind, wrong),
    )  # fmt: skip


def _kind(request) -> tuple[str, tuple[str, ...]]:
    """The kind of reactions that is asked for, empty for all; and its name if there is no such kind."""
    return wrong_filters.choice(request.GET, "kind", Reaction.Kind.values)


def _reactions_shown(kind: str, wrong: tuple[str, ...]) -> dict[str, object]:
    return {"kind": kind, "kinds": [("", "All"), *Reaction.Kind.choices], "wrong_filters": wrong}


def _posts(request, reader: Reader, member: User, rows, *, tab: str, title: str, nothing: str, **shown: object):
    """A list of posts by when they were written."""
    place = keyset.read_place(request.GET.get("after", ""))
    posts, has_more = keyset.page_of(keyset.newest_first(rows, "written_at", place), ROWS_PER_PAGE)
    after = str(keyset.Place(posts[-1].written_at, posts[-1].pk)) if has_more else ""
    return respond(
        request, reader, member, "forum/members/posts.html", tab=tab, next_after=after, posts=with_excerpts(posts),
        heading=title.format(member.username), nothing=nothing.format(member.username), **shown,
    )  # fmt: skip
