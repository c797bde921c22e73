"""Whatever can be a name can be mentioned."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.text import names
from forum import markup
from forum.actions import posts
from forum.models import PostReference
from tests.factories import make_user
from tests.forum.factories import make_topic

MEMBERS = [
    "wobblyspoke", "yak", "yak rider", "Dr. Li", "संजयकुमार", "สมชายใจดี", "ကိုကိုအောင်", "张伟国", "محمد", "old-mule",
    "José María", "Борис 7", "a.b_c",
]  # fmt: skip
URLS = {name: f"/members/{number}/" for number, name in enumerate(MEMBERS)}


def mentioned(source):
    html = markup.to_html(source, mentions=URLS)
    return [name.removeprefix("@") for name in re.findall(r"<a [^>]*>([^<]*)</a>", html)]


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize(
    "source",
    ["@{}", "Thanks @{}.", "(@{})", "@{}, yes", "**@{}**", "„@{}“", "- @{}\n- b", "@{}’s", "@{} rides", "@{}!"],
)
def test_a_member_of_any_name_is_mentioned(name, source):
    assert mentioned(source.format(name)) == [name]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("谢谢@张伟国你好", ["张伟国"]),
        ("@wobblyspoke.Thanks", ["wobblyspoke"]),
        ("@yak rider and @yak, too", ["yak rider", "yak"]),
        ("@yak riders", ["yak"]),
        ("@wobblyspoke@mastodon.example", []),
        ("@yak rider@mastodon.example", ["yak", "rider@mastodon.example"]),
        ("@yak rider@ and", ["yak"]),
        ("@yak @wobblyspoke", ["yak", "wobblyspoke"]),
        ("me@wobblyspoke.example", ["me@wobblyspoke.example"]),
        ("`@yak`", []),
        ("@yak and me@wobblyspoke", ["yak"]),
        ("https://a.example/@yak", ["https://a.example/@yak"]),
        ("@@yak", []),
        ("a/@yak", []),
        ("@nobody and @yak", ["yak"]),
        ("ขอบคุณ@สมชายใจดีครับ", ["สมชายใจดี"]),
    ],
)
def test_where_a_mention_begins_and_ends(source, found):
    assert mentioned(source) == found


@given(st.text(max_size=80))
def test_any_text_has_bounded_candidates(text):
    for candidates in markup.references("@" + text).mentions:
        assert len(candidates) <= names.MAX_LENGTH
        assert list(candidates) == sorted(candidates, key=len, reverse=True)


@pytest.mark.django_db
def test_a_name_with_blanks_and_marks_is_found_by_its_skeleton_and_remembered():
    rider, sanjay = make_user(username="Yak Rider"), make_user(username="संजयकुमार")
    topic = make_topic()

    post = posts.reply(make_user(), topic, source="Thanks @yak rider, and @संजयकुमार।")

    assert set(PostReference.objects.filter(referrer=post).values_list("user", flat=True)) == {rider.pk, sanjay.pk}
    assert User.objects.get(pk=rider.pk).get_absolute_url() in post.html
