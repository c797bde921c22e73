"""The big demo, planted small: what holds for four topics holds for two thousand."""

import random

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max, Min

from accounts.models import ExpertBadge, User
from accounts.text import names
from demo import big_board, texts
from demo.big_board import Size
from forum import markup
from forum.counters.recount import recount
from forum.management.progress import Progress
from forum.models import Post, Reaction, Subforum, Topic
from tests.forum.factories import make_subforum
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
SMALL = Size(users=60, subforums=3, topics=4, posts_in_a_topic=3, posts_in_the_longest=42, texts=25)


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker):
    """What was told of its progress."""
    told = []
    with made_once(django_db_blocker):
        big_board.plant_big(lambda done, total: told.append((done, total)), SMALL)
        yield told


def test_it_is_refused_outside_of_a_demo_and_in_a_forum_with_subforums(settings):
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed", size="big")
    make_subforum()
    settings.DEMO = True
    with pytest.raises(CommandError, match="empty one"):
        call_command("seed", size="big")


def test_as_much_is_planted_as_was_asked_for(planted):
    counts = [model.objects.count() for model in (User, Subforum, Topic, Post)]
    assert counts == [60, 3, 5, 54]
    assert planted[-1] == (54, 54)
    assert Reaction.objects.exists()
    assert User.objects.exclude(signature="").exists()
    assert ExpertBadge.objects.count() > 4


def test_its_counters_are_exact_and_its_numbers_dense(planted):
    assert recount(mend=False) == []
    for topic in Topic.objects.all():
        assert list(topic.posts.order_by("number").values_list("number", flat=True)) == list(
            range(1, topic.last_number + 1)
        )
        assert topic.opening_post.number == 1


def test_every_html_is_what_its_source_gives(planted):
    for post in Post.objects.all():
        assert post.html == markup.to_html(post.source)
        assert post.markup_version == markup.MARKUP_VERSION


def test_posts_follow_each_other_in_time_over_years_and_nobody_writes_before_joining(planted):
    times = Post.objects.aggregate(first=Min("written_at"), last=Max("written_at"))
    assert (times["last"] - times["first"]).days > 5 * 365
    for topic in Topic.objects.all():
        written = list(topic.posts.order_by("number").values_list("written_at", flat=True))
        assert written == sorted(written)
    assert not [post for post in Post.objects.select_related("author") if post.author.joined_at > post.written_at]


def test_no_text_stands_twice_on_a_page(planted):
    longest = Topic.objects.latest("posts_count")
    assert longest.posts_count == 42
    for page in (1, 2, 3):
        sources = longest.posts.on_page(page).values_list("source", flat=True)
        assert len(set(sources)) == len(sources)


def test_the_texts_are_the_same_each_time_and_have_markdown_of_every_kind():
    written = texts.Writer("texts").sources(40)

    assert written == texts.Writer("texts").sources(40)
    assert len(set(written)) == 40
    html = "".join(markup.to_html(source) for source in written)
    assert all(tag in html for tag in ("<ul>", "<blockquote", "<a href", "<strong>", "<em>"))
    average = sum(len(source.split()) for source in written) / 40
    assert 110 < average < 140


def test_its_members_have_names_that_may_be_chosen_and_no_two_look_alike():
    made = [name for name, _ in zip(texts.usernames(), range(600), strict=False)]

    assert len({names.skeleton(name) for name in made}) == 600
    assert [name for name in random.Random(1).sample(made, 100) if names.problem_with(name)] == []


def test_it_is_there_once_and_the_demo_is_not_planted_over_it(demo, capsys, planted):
    before = Post.objects.count()

    call_command("seed", size="big")
    call_command("seed")

    assert capsys.readouterr().out.count("there already") == 2
    assert Post.objects.count() == before


def test_progress_is_a_line_for_each_quarter_where_there_is_no_terminal(capsys):
    progress = Progress("posts")
    progress.started -= 60

    for done in range(0, 4001, 100):
        progress(done, 4000)
    progress.finish()

    assert capsys.readouterr().out.splitlines() == [f"{done:,} of 4,000 posts" for done in (1000, 2000, 3000, 4000)]


def test_progress_is_a_bar_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    progress = Progress("posts")
    progress.started -= 60

    progress(2000, 4000)
    progress.finish()

    assert "█" * 15 + "·" * 15 + " 2,000 of 4,000 posts" in capsys.readouterr().out
