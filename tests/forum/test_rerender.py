"""Old posts follow when the markup learns something new."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from forum import markup
from forum.actions import rerender
from forum.actions.rules import set_rules
from forum.models import Post, RulesBanner, RulesVersion, Topic
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.races import wait_until_one_is_blocked


def rendered_by_an_older_markup(post):
    Post.objects.filter(pk=post.pk).update(markup_version=0, html="<p>old</p>")
    post.references.all().delete()


def stored(post):
    return Post.objects.get(pk=post.pk)


def run(capsys):
    call_command("rerender")
    return capsys.readouterr().out


@pytest.mark.django_db
def test_a_post_of_an_older_markup_is_rendered_anew(capsys):
    make_user(username="yak_rider")
    post = make_post(source="Ask @yak_rider about **cash**.")
    rendered_by_an_older_markup(post)

    said = run(capsys)

    assert "<strong>cash</strong>" in stored(post).html
    assert stored(post).markup_version == markup.MARKUP_VERSION
    assert stored(post).references.get().user.username == "yak_rider"
    assert said == "Posts rendered anew: 1.\n"


@pytest.mark.django_db
def test_what_readers_may_have_noted_of_a_post_stays(capsys):
    post = make_post()
    rendered_by_an_older_markup(post)

    run(capsys)

    unchanged = ("source", "number", "edits_count", "edited_at", "written_at")
    assert [getattr(stored(post), name) for name in unchanged] == [getattr(post, name) for name in unchanged]


@pytest.mark.django_db
def test_pages_that_were_kept_with_the_old_look_end(capsys):
    post = make_post()
    rendered_by_an_older_markup(post)

    run(capsys)

    assert Topic.objects.get(pk=post.topic_id).version == post.topic.version + 1


@pytest.mark.django_db
def test_a_post_of_the_present_markup_is_left_alone(capsys):
    post = make_post()
    Post.objects.filter(pk=post.pk).update(html="<p>as it is</p>")

    said = run(capsys)

    assert stored(post).html == "<p>as it is</p>"
    assert said == "Every text is up to date.\n"


@pytest.mark.django_db
def test_a_text_that_today_is_refused_keeps_its_old_look_and_is_named(capsys):
    refused, fine = make_post(), make_post()
    rendered_by_an_older_markup(refused)
    rendered_by_an_older_markup(fine)
    Post.objects.filter(pk=refused.pk).update(source="[" * (markup.MAX_SOURCE_LENGTH + 1))

    with pytest.raises(CommandError, match="refuses their text: 1"):
        call_command("rerender")

    assert stored(refused).html == "<p>old</p>"
    assert stored(fine).html != "<p>old</p>"
    assert f"Post {refused.pk} stays as it was" in capsys.readouterr().err


@pytest.mark.django_db
def test_more_posts_than_one_batch_are_all_lifted(monkeypatch):
    monkeypatch.setattr(rerender, "BATCH", 2)
    first = make_post()
    for _ in range(4):
        make_post(topic=first.topic)
    Post.objects.update(markup_version=0)

    assert len(list(rerender.rerender_posts())) == 6
    assert not rerender.outdated_posts().exists()


@pytest.mark.django_db(transaction=True)
def test_broken_off_it_goes_on_where_it_was(capsys):
    first, second = make_post(), make_post()
    rendered_by_an_older_markup(first)
    rendered_by_an_older_markup(second)

    lifting = rerender.rerender_posts()
    next(lifting)
    lifting.close()

    assert [stored(first).html == "<p>old</p>", stored(second).html == "<p>old</p>"] == [False, True]
    assert run(capsys) == "Posts rendered anew: 1.\n"


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_is_being_written_is_not_overwritten():
    post = make_post()
    rendered_by_an_older_markup(post)
    lifted = []

    def lift():
        lifted.extend(rerender.rerender_posts())
        connection.close()

    with transaction.atomic():
        Post.objects.filter(pk=post.pk).update(
            source="New words.", html="<p>New words.</p>", markup_version=markup.MARKUP_VERSION
        )
        other = threading.Thread(target=lift)
        other.start()
        wait_until_one_is_blocked()
    other.join(60)

    assert stored(post).source == "New words."
    assert "New words." in stored(post).html


# --- Rules ---


@pytest.fixture
def rules_of_an_older_markup():
    subforum = make_subforum()
    set_rules(make_user(is_staff=True), subforum, introduction="Look first.", rules=["Say **when**.", "Be kind."])
    RulesBanner.objects.update(rules_html=["old", "old"], markup_version=0)
    return RulesBanner.objects.get()


@pytest.mark.django_db
def test_rules_of_an_older_markup_are_rendered_anew_and_say_what_they_said(rules_of_an_older_markup, capsys):
    before = rules_of_an_older_markup

    said = run(capsys)

    banner = RulesBanner.objects.get()
    assert said == "Rules rendered anew: 1.\n"
    assert banner.rules_html == ["Say <strong>when</strong>.", "Be kind."]
    assert banner.markup_version == markup.MARKUP_VERSION
    unchanged = ("introduction", "rules", "version", "set_by_id", "set_at")
    assert [getattr(banner, name) for name in unchanged] == [getattr(before, name) for name in unchanged]
    assert RulesVersion.objects.count() == 1
    assert run(capsys) == "Every text is up to date.\n"


@pytest.mark.django_db
def test_rules_that_are_set_name_the_markup_that_made_them(rules_of_an_older_markup):
    banner = rules_of_an_older_markup

    set_rules(banner.set_by, banner.subforum, introduction="Look first.", rules=["Say when."])

    assert RulesBanner.objects.get().markup_version == markup.MARKUP_VERSION


@pytest.mark.django_db
def test_pages_that_were_kept_with_the_old_rules_end(client, rules_of_an_older_markup, capsys):
    subforum = rules_of_an_older_markup.subforum
    topic = make_topic(subforum=subforum)
    paths = [subforum.get_absolute_url(), topic.get_absolute_url(), "/rules/"]
    before = [client.get(path).text for path in paths]

    run(capsys)

    after = [client.get(path).text for path in paths]
    assert ["<strong>when</strong>" in page for page in before] == [False, False, False]
    assert ["<strong>when</strong>" in page for page in after] == [True, True, True]


@pytest.mark.django_db
def test_rules_that_today_are_refused_keep_their_old_look_and_are_named(rules_of_an_older_markup, capsys):
    RulesBanner.objects.update(rules=["> " * 200 + "Say when."])

    with pytest.raises(CommandError, match="refuses their text: 1"):
        call_command("rerender")

    assert RulesBanner.objects.get().rules_html == ["old", "old"]
    assert f"{rules_of_an_older_markup} stays as it was" in capsys.readouterr().err
