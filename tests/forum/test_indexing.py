"""Who writes a post keeps the words that search finds it by; what came past is found too, and indexed later."""

import importlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.readers import VISITOR
from config.health.doctor import content
from config.health.doctor.results import Level
from forum.actions import edits, rearrange
from forum.models import Post, Topic
from forum.search import hits, reindex, vectors
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.database]

GERMAN = "Die Grenzübergänge nach China waren gestern leider alle geschlossen."


def found(query):
    return [post.pk for post in hits.search(VISITOR, hits.Question(query)).hits]


def with_former_words(*posts):
    """As an older version of the forum wrote them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE forum_post SET search = bp_words(heading, source), search_version = 0, language = ''"
            " WHERE id = ANY (%s)",
            [[post.pk for post in posts]],
        )


def drifted():
    return reindex.drifted()


def test_a_new_post_is_indexed():
    make_post(topic=make_topic(title="Über den Torugart", source=GERMAN))

    assert drifted() == []
    assert reindex.waiting() == 0


def test_an_edit_and_a_new_title_keep_the_words():
    topic = make_topic(title="Torugart by bicycle")
    reply = make_post(topic=topic, source="Over the passes.")
    edits.edit_post(topic.author, topic.opening_post, source="Closed!", title="Irkeshtam, closed", based_on=0)
    edits.edit_post(reply.author, reply, source=GERMAN, based_on=0)

    assert drifted() == []
    assert found("irkeshtam grenzübergang") == [reply.pk]
    assert found("torugart") == found("passes") == []


def test_an_edit_that_changes_no_word_stays_indexed():
    post = make_post(source="Over the pass")
    edits.edit_post(post.author, post, source="Over the pass!", based_on=0)

    assert drifted() == []


def test_merged_topics_are_found_by_the_title_that_stays():
    admin = make_user(is_staff=True, is_superuser=True)
    source, target = make_topic(title="Bedel"), make_topic(title="Torugart", subforum=make_subforum())
    moved = make_post(topic=source, source="A yak.")
    rearrange.merge_topics(admin, source, target)

    assert drifted() == []
    assert found("torugart yak") == [moved.pk]


def test_a_text_written_past_the_forum_is_found_and_indexed_later():
    post = make_post(source="Over the pass.")
    Post.objects.filter(pk=post.pk).update(source="Over the glacier by sledges.")

    assert found("sledge") == [post.pk]
    assert found("pass") == []
    assert reindex.waiting() == 1

    call_command("reindex", stdout=StringIO())

    assert reindex.waiting() == 0
    assert drifted() == []
    assert found("sledge") == [post.pk]


def test_a_post_that_is_saved_as_a_whole_keeps_its_words():
    post = Post.objects.get(pk=make_post(source="Over the glacier.").pk)
    post.save()

    assert drifted() == []


def test_no_query_of_a_post_carries_its_words():
    post = make_post()

    assert Post.objects.get(pk=post.pk).search is None
    assert list(Post.objects.filter(pk=post.pk).values_list("search", flat=True)) == [None]


def test_posts_made_in_bulk_are_indexed():
    post = make_post(source="Over the glacier.")
    Post.objects.bulk_create(
        [
            Post(topic=post.topic, author=post.author, number=50 + place, heading=post.topic.title, source=text,
                 html="", markup_version=1, written_at=post.written_at, **vectors.columns(post.topic.title, text))
            for place, text in enumerate(["With a yak.", "With it's \\ owner", ""])
        ]
    )  # fmt: skip

    assert drifted() == []


# --- While the forum is indexed anew ---


@pytest.mark.parametrize(
    "query", ["torugart glaciers", "glacier", '"glacier 吐尔尕特"', "torugart -yak", "吐尔尕", "yak"]
)
def test_posts_are_found_before_and_after_they_are_indexed(query):
    topic = make_topic(title="Torugart", source="Over the glacier, 吐尔尕特.")
    other = make_topic(title="Torugart", source="A yak on the glacier.")
    newer = make_topic(title="Torugart", source="Over the glacier, 吐尔尕特.").opening_post_id
    expected = found(query)
    with_former_words(topic.opening_post, other.opening_post)

    assert sorted(found(query)) == sorted(expected)

    reindex.reindex()
    assert sorted(found(query)) == sorted(expected)
    assert newer in expected or query == "yak"


def test_what_was_left_out_is_left_out_of_former_words_too():
    old = make_topic(title="Torugart", source="Over passes.").opening_post
    make_topic(title="Torugart", source="Over passes.")
    with_former_words(old)

    assert found("torugart -pass") == found("torugart -passes") == []


def test_indexing_tells_how_many_and_goes_on_where_it_was(monkeypatch):
    posts = [make_post() for _ in range(5)]
    with_former_words(*posts)
    monkeypatch.setattr(reindex, "BATCH", 2)

    reindex.reindex(most=2)
    assert reindex.waiting() == 3
    out = StringIO()
    call_command("reindex", stdout=out)

    assert out.getvalue() == "Posts indexed: 3.\n"
    call_command("reindex", stdout=out)
    assert "Every post is indexed." in out.getvalue()
    assert drifted() == []


def test_pages_of_posts_in_other_languages_end_when_their_language_is_known(client):
    post = make_post(source=GERMAN)
    with_former_words(post)
    before = Topic.objects.get(pk=post.topic_id).version, Post.objects.get(pk=post.pk).version

    assert 'lang="de"' not in client.get(post.topic.get_absolute_url()).text
    reindex.reindex()

    assert (Topic.objects.get(pk=post.topic_id).version, Post.objects.get(pk=post.pk).version) > before
    assert 'lang="de"' in client.get(post.topic.get_absolute_url()).text


def test_pages_of_english_posts_stay_kept():
    post = make_post(source="The border was closed on Monday because of the snow, and we waited.")
    with_former_words(post)
    before = Topic.objects.get(pk=post.topic_id).version

    reindex.reindex()

    assert Topic.objects.get(pk=post.topic_id).version == before
    assert Post.objects.get(pk=post.pk).lang == ""


def test_doctor_says_how_many_posts_wait_to_be_indexed():
    before = content.search_words().level
    with_former_words(make_post())

    finding = content.search_words()

    assert (before, finding.level) == (Level.RIGHT, Level.WARNING)
    assert finding.words.endswith("former words: 1.")


def test_the_check_names_posts_whose_words_differ():
    post = make_post(source="Over the glacier.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forum_post SET search = '''other'':1C' WHERE id = %s", [post.pk])
    out = StringIO()

    with pytest.raises(CommandError, match="Posts whose words differ: 1"):
        call_command("reindex", "--check", stdout=out)
    assert f"Post {post.pk} has other words" in out.getvalue()
    assert found("glacier") == []

    call_command("reindex", "--all", stdout=out)
    assert found("glacier") == [post.pk]
    call_command("reindex", "--check", stdout=out)


@pytest.mark.django_db(transaction=True)
def test_a_post_that_is_locked_is_passed_by(monkeypatch):
    """A reaction to a post, or its edit, is not made to wait, and does not keep the others waiting."""
    import threading

    locked, free = make_post(), make_post()
    with_former_words(locked, free)
    seen = []

    def index():
        try:
            seen.append(reindex._index(sorted([locked.pk, free.pk])))
        finally:
            connection.close()

    with transaction.atomic():
        list(Post.objects.select_for_update().filter(pk=locked.pk))
        thread = threading.Thread(target=index)
        thread.start()
        thread.join(60)

    assert seen == [1]
    assert list(Post.objects.filter(search_version__lt=vectors.INDEX_VERSION).values_list("pk", flat=True)) == [
        locked.pk
    ]


def test_the_index_of_posts_to_be_indexed_is_that_of_the_present_version():
    """A partial index: with a new INDEX_VERSION it has to be made again by a migration."""
    (index,) = [one for one in Post._meta.indexes if one.name == "posts_to_be_indexed"]

    assert index.condition.children == [("search_version__lt", vectors.INDEX_VERSION)]


def test_the_migration_rewrites_no_table():
    """The file of a table stays the same, with all its rows, when its generated column becomes an ordinary one."""
    migration = importlib.import_module("forum.migrations.0030_the_words_of_posts_are_given")
    change = next(line for line in migration.TRIGGER.splitlines() if line.startswith("ALTER TABLE forum_post "))

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE former (heading text, source text, search tsvector"
            " GENERATED ALWAYS AS (bp_words(heading, source)) STORED);"
            "INSERT INTO former (heading, source) VALUES ('Torugart', 'By bicycles')"
        )
        cursor.execute("SELECT pg_relation_filenode('former')")
        before = cursor.fetchone()
        cursor.execute(change.replace("forum_post", "former"))
        cursor.execute("SELECT pg_relation_filenode('former')")
        assert cursor.fetchone() == before
        cursor.execute("SELECT search @@ 'bicycl'::tsquery FROM former")
        assert cursor.fetchone() == (True,)


def test_older_code_may_write_while_the_new_one_is_started():
    """It knows none of the new columns: they have defaults, and the trigger gives the words."""
    post = make_post(source="Over the glacier.")

    with connection.cursor() as cursor:
        columns = [
            field.column for field in Post._meta.concrete_fields
            if field.name not in {"id", "number", "source", "search", "search_version", "language", "idempotency_key"}
        ]  # fmt: skip
        names = ", ".join(columns)
        cursor.execute(
            f"INSERT INTO forum_post (number, source, {names})"
            f" SELECT 77, 'With a sledge', {names} FROM forum_post WHERE id = %s RETURNING id",
            [post.pk],
        )
        (written,) = cursor.fetchone()

    assert found("sledges") == [written]
    assert reindex.waiting() == 1
