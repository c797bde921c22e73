"""The huge demo, planted small: what holds for two thousand posts holds for a million."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.models import Count, F

from accounts.models import ExpertBadge, User
from crossings.links import about_columns
from crossings.models import CrossingReport, CrossingTopic
from demo.huge import huge_board, indexes, workshop
from demo.huge.amounts import Amounts
from demo.huge.fill import fill
from forum import markup
from forum.counters.recount import recount
from forum.models import Post, Reaction, Subforum, Topic
from forum.search import vectors
from tests.forum.factories import make_subforum
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
SMALL = Amounts(posts=2_000, texts=60, titles=40, words=300, subforums=4)
# No page reads them, or they are made by what is not planted: settings, sign-ups under way, other people's accounts.
NOT_PLANTED = {
    "auth_group", "auth_group_permissions", "accounts_user_groups", "accounts_user_user_permissions", "cache",
    "django_admin_log", "accounts_ratecount", "accounts_kepttext", "accounts_signincode", "accounts_signupquestion",
    "accounts_sitetext", "account_emailconfirmation", "mfa_authenticator", "config_chorerun", "config_doctorrun",
    "config_putawaypoint", "forum_subforum_moderators", "forum_subforum_subjects", "forum_formeraddress",
    "crossings_drawnmap", "crossings_topicvector", "socialaccount_socialaccount", "socialaccount_socialapp",
    "socialaccount_socialapp_sites", "socialaccount_socialtoken",
}  # fmt: skip


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker):
    """What was told of its steps."""
    told = []
    with made_once(django_db_blocker):
        before = indexes_and_constraints()
        huge_board.plant_huge(told.append, SMALL)
        assert indexes_and_constraints() == before
        yield told


def indexes_and_constraints() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " UNION ALL SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_it_is_refused_in_a_forum_with_subforums_and_for_few_posts(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="at least"):
        call_command("seed", size="huge", posts=10)
    make_subforum()
    with pytest.raises(CommandError, match="empty one"):
        call_command("seed", size="huge")


def test_as_much_is_planted_as_was_asked_for(planted):
    assert Post.objects.count() == 2_000
    assert Topic.objects.count() == 200
    assert Subforum.objects.count() == 4
    assert User.objects.count() > 100
    assert 300 < CrossingReport.objects.count() < 500
    assert Reaction.objects.count() > 500


def test_every_step_is_told_and_nothing_is_left_beside_the_tables(planted):
    assert [line.split(":")[0].lower() for line in planted] == list(huge_board.STEPS)
    assert not workshop.is_begun()


def test_its_counters_and_columns_are_exact(planted):
    assert recount(mend=False) == []
    assert list(about_columns.drifts()) == []


def test_numbers_are_dense_and_posts_follow_each_other_in_time(planted):
    for topic in Topic.objects.all():
        rows = list(topic.posts.order_by("number").values_list("number", "written_at"))
        assert [number for number, _ in rows] == list(range(1, topic.last_number + 1))
        assert [at for _, at in rows] == sorted(at for _, at in rows)
    assert not Post.objects.filter(author__joined_at__gt=F("written_at")).exists()


def test_html_is_what_the_source_gives_and_posts_are_found_by_their_words(planted):
    for post in Post.objects.filter(pk__lte=200):
        assert post.html == markup.to_html(post.source)
        assert post.heading == post.topic.title
        words = vectors.indexed([(post.heading, post.source)])[0].search
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tsvector_to_array(search) = tsvector_to_array(%s::tsvector) FROM forum_post WHERE id = %s",
                [words, post.pk],
            )
            assert cursor.fetchone() == (True,)


def test_few_topics_crossings_and_members_are_busy(planted):
    assert Topic.objects.latest("posts_count").posts_count >= 40
    links = CrossingTopic.objects.values("crossing").annotate(count=Count("pk")).order_by("-count")
    assert links[0]["count"] >= 5
    assert User.objects.latest("posts_count").posts_count > 5 * 2_000 / User.objects.count()
    assert ExpertBadge.objects.standing().filter(countries__len__gt=0).exists()


def test_every_table_that_pages_read_has_rows(planted):
    empty = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._base_manager.exists()
    }

    assert empty <= NOT_PLANTED


@pytest.mark.parametrize("path", ["/", "/latest/", "/crossings/", "/crossings/torugart/", "/topics/1/", "/topics/2/"])
def test_pages_answer(planted, client, path):
    assert client.get(path, follow=True).status_code == 200


def test_a_step_that_is_done_is_not_repeated(planted, monkeypatch):
    """A stop in the second step: what the first one made is there when the third is taken."""
    taken = []

    def fail(*_):
        taken.append("second")
        if len(taken) == 2:
            raise DatabaseError

    steps = {"first": lambda *_: taken.append("first"), "second": fail, "third": lambda *_: taken.append("third")}
    monkeypatch.setattr(huge_board, "STEPS", steps)
    told = []

    with pytest.raises(DatabaseError):
        huge_board.plant_huge(told.append, SMALL)
    assert workshop.is_begun()
    huge_board.plant_huge(told.append, Amounts(posts=3_000))

    assert taken == ["first", "second", "second", "third"]
    assert not workshop.is_begun()


def test_it_goes_on_with_the_amounts_it_was_begun_with():
    began = workshop.begin(SMALL)

    assert workshop.begin(Amounts(posts=5_000)) == began
    assert began[0] == SMALL


def test_columns_that_a_select_does_not_name_get_the_defaults_of_their_fields():
    select = "SELECT 'Other' AS name, 'other' AS slug, section_id FROM forum_subforum WHERE id = %(pk)s"

    filled = fill(Subforum, select, {"pk": make_subforum().pk})

    other = Subforum.objects.get(slug="other")
    assert filled == 1
    assert (other.access, other.takes_questions, other.topics_count) == (Subforum.Access.OPEN, True, 0)


def test_indexes_that_are_dropped_are_made_again():
    workshop.begin(SMALL)
    before = indexes_and_constraints()

    indexes.drop([Post, Topic])
    assert len(indexes_and_constraints()) < len(before)
    indexes.remake()

    assert indexes_and_constraints() == before
