"""Who quotes a post names its author only while readers may read it, whatever becomes of the post."""

import pytest

from forum import markup, tasks
from forum.actions import posts, rearrange, references, subforums, topics, visibility
from forum.models import Post, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.forum.test_each_act import state

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user(is_staff=True)


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    """Do something, and what follows its commit."""

    def do(act, *arguments):
        with django_capture_on_commit_callbacks(execute=True):
            act(*arguments)

    return do


@pytest.fixture
def quoted():
    """A reply that can be read, and that quotes nothing."""
    return make_post(author=make_user("saddlebag"))


def quoting(post, **where):
    return make_post(source=markup.quote(post.author.username, post.pk, "It was open."), **where)


def names_author(quoter):
    return "saddlebag" in Post.objects.get(pk=quoter.pk).html


HIDES = {
    "hidden": lambda post, by: visibility.hide_post(by, post),
    "held": lambda post, by: visibility.hold_post(by, post),
    "withdrawn": lambda post, by: posts.withdraw_post(post.author, post),
    "out of sight": lambda post, by: subforums.change_access(post.topic.subforum, "staff"),
    "moved out of sight": lambda post, by: topics.move_topic(by, post.topic, make_subforum(access="staff")),
    "split off out of sight": lambda post, by: rearrange.split_posts(
        by, [post], title="Among us", subforum=make_subforum(access="staff")
    ),
}
SHOWS = {
    "hidden": lambda post, by: visibility.restore_post(by, post),
    "held": lambda post, by: visibility.approve_post(by, post),
    "out of sight": lambda post, by: subforums.change_access(post.topic.subforum, "open"),
    "moved out of sight": lambda post, by: topics.move_topic(by, post.topic, make_subforum()),
}


@pytest.mark.parametrize("name", HIDES)
def test_a_quote_names_nobody_while_its_post_cannot_be_read(moderator, done, quoted, name):
    elsewhere, other = quoting(quoted), quoting(make_post(author=quoted.author))
    before = (names_author(elsewhere), Topic.objects.get(pk=elsewhere.topic_id).version)

    done(HIDES[name], quoted, moderator)
    hidden = (names_author(elsewhere), Topic.objects.get(pk=elsewhere.topic_id).version)

    assert (before[0], hidden[0], names_author(other)) == (True, False, True)
    assert hidden[1] > before[1]  # kept pages that named the author end


@pytest.mark.parametrize("name", SHOWS)
def test_and_names_its_author_again_when_it_can(moderator, done, quoted, name):
    elsewhere = quoting(quoted)
    done(HIDES[name], quoted, moderator)

    done(SHOWS[name], Post.objects.select_related("topic__subforum").get(pk=quoted.pk), moderator)

    assert names_author(elsewhere)


@pytest.mark.parametrize("act", ["hide topic", "withdraw topic", "hold topic"])
def test_so_do_quotes_of_what_opens_a_topic(moderator, done, act):
    opening = Post.objects.get(pk=make_topic(author=make_user("saddlebag")).opening_post_id)
    elsewhere = quoting(opening)
    acts = {
        "hide topic": lambda: visibility.hide_topic(moderator, opening.topic),
        "withdraw topic": lambda: posts.withdraw_topic(opening.author, opening.topic),
        "hold topic": lambda: visibility.hold_post(moderator, opening),
    }

    done(acts[act])
    hidden = names_author(elsewhere)
    if act == "hide topic":
        done(lambda: visibility.restore_topic(moderator, opening.topic))
    if act == "hold topic":
        done(lambda: visibility.approve_post(moderator, opening))

    assert not hidden
    assert names_author(elsewhere) == (act != "withdraw topic")


def test_a_quote_that_was_moved_out_of_sight_together_with_its_post_names_it_still(moderator, done, quoted):
    beside = quoting(quoted, topic=quoted.topic)

    done(topics.move_topic, moderator, quoted.topic, make_subforum(access="staff"))

    assert names_author(beside)


def test_what_is_rendered_again_to_the_same_ends_no_kept_page(moderator, done, quoted):
    elsewhere = quoting(quoted)
    before = state(elsewhere.topic_id)

    done(topics.move_topic, moderator, quoted.topic, make_subforum())

    assert state(elsewhere.topic_id) == before


def test_only_the_first_of_those_that_quote_are_rendered_before_the_response(monkeypatch, quoted):
    quoters = [quoting(quoted) for _ in range(3)]
    rendered = []
    monkeypatch.setattr(references, "render_anew", lambda post: rendered.append(post.pk))

    tasks.render_referrers.call(quoted.pk, 2)
    first = rendered.copy()
    tasks.render_referrers.call(quoted.pk)

    assert first == [post.pk for post in quoters[:2]]
    assert rendered[2:] == [post.pk for post in quoters]
