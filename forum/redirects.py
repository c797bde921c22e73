"""Redirects of old URLs: of merged topics, and of pages whose posts were moved."""

from accounts.models import User
from accounts.readers import ReaderFacts
from forum.models import FormerPlace, Post, Subforum, Topic
from forum.models.topic import POSTS_PER_PAGE, page_of

MOST_MERGES = 50  # in a chain; more would be a circle


def topic_merged_into(user: ReaderFacts, topic_id: int) -> Topic | None:
    """The topic at the end of the chain of merges, if the user may read it."""
    target_id = Topic.objects.filter(pk=topic_id).values_list("merged_into", flat=True).first()
    for _ in range(MOST_MERGES):
        if target_id is None:
            return None
        found = Topic.objects.filter(pk=target_id).values_list("pk", "merged_into").first()
        if found is None or found[1] is None:
            return Topic.objects.visible_to(user).filter(pk=target_id).first()
        target_id = found[1]
    return None


def subforum_once_at(user: ReaderFacts, slug: str) -> Subforum | None:
    """The readable subforum that had this slug before, or took in the topics of one that had."""
    return Subforum.objects.visible_to(user).filter(former_addresses__slug=slug).first()


def post_once_on_page(user: ReaderFacts, topic_id: int, page: int) -> Post | None:
    """The first readable post that was once on this page of a topic, by the latest rearrangement first."""
    first = (page - 1) * POSTS_PER_PAGE + 1
    places = FormerPlace.objects.filter(topic=topic_id, number__range=(first, first + POSTS_PER_PAGE - 1))
    readable = places.filter(post__in=Post.objects.visible_to(user).values("pk"))
    place = readable.order_by("-rearrangement", "number").select_related("post__topic").first()
    return place.post if place else None


def address_of_page(user: ReaderFacts, topic_id: int, page: int) -> str | None:
    """The redirect URL of a page that this reader does not have; None if nobody has or had it.

    Its topic was merged or is shorter now, or the address is that of somebody with fewer posts on a page.
    """
    if page > 1 and (post := post_once_on_page(user, topic_id, page)):
        return post.topic.url_of_post(post, user)
    topic = topic_merged_into(user, topic_id)
    if topic is None and page > 1:
        topic = Topic.objects.visible_to(user).filter(pk=topic_id).first()
        if topic and page > topic.last_page(min(User.PostsPerPage)) and not _was_rearranged(topic_id):
            return None
    if topic is None:
        return None
    number = min((page - 1) * POSTS_PER_PAGE + 1, max(topic.last_number, 1))  # addresses are counted as visitors do
    return topic.url_of_page(page_of(number, user.posts_per_page))


def _was_rearranged(topic_id: int) -> bool:
    """Whether posts were ever moved into it or out of it, so that it may once have had more pages."""
    return Topic.objects.filter(pk=topic_id).exclude(given_away=None, taken_in=None).exists()
