"""The latest topics and posts of a subforum, about a country, unread, or where the reader wrote: queries, unordered."""

from django.db.models import Exists, OuterRef

from accounts.readers import Reader, ignored_ids
from crossings.forms import LatestForm
from crossings.models import CrossingTopic
from forum.models import Post, Topic
from forum.models.post import PostQuerySet
from forum.models.topic import TopicQuerySet
from forum.unread import unread_posts, unread_topics

# The latest posts are looked for in so many of the latest topics that fit, so that a filter which few posts fit does
# not make the database read all posts.
TOPICS_LOOKED_AT = 200


def topics_for(reader: Reader, form: LatestForm) -> TopicQuerySet:
    asked = form.asked
    is_unread = asked.get("only") == LatestForm.UNREAD
    topics = unread_topics(reader) if is_unread else Topic.objects.visible_to(reader).readable()
    topics = topics.filter(last_post__isnull=False)
    if "forum" in asked:
        topics = topics.filter(subforum=asked["forum"])
    if "country" in asked:
        topics = topics.filter(pk__in=CrossingTopic.objects.standing().of_country(asked["country"].pk).values("topic"))
    if asked.get("only") == LatestForm.MINE:
        topics = topics.filter(Exists(Post.objects.readable().filter(author=reader.pk, topic=OuterRef("pk"))))
    return topics


def posts_for(reader: Reader, form: LatestForm) -> PostQuerySet:
    asked = form.asked
    posts = unread_posts(reader) if asked.get("only") == LatestForm.UNREAD else Post.objects.listed_for(reader)
    if ignored := ignored_ids(reader):
        posts = posts.exclude(author__in=ignored)
    if not asked:
        return posts
    return posts.filter(topic__in=topics_for(reader, form).latest_first().values("pk")[:TOPICS_LOOKED_AT])
