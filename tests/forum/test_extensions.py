"""The three lists in which apps to the right of the forum register."""

import re

import pytest
from django import forms

from forum.actions.rules import set_rules
from forum.extensions import fragments, screeners, search_terms
from forum.models import Post, Topic
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def screened():
    """Registers a screener for one test."""
    registered = []

    def register(screener):
        registered.append(screeners.register(screener))

    yield register
    for screener in registered:
        screeners.unregister(screener)


def test_a_held_post_is_seen_by_its_author_and_moderators_alone(client, screened):
    topic, author, moderator = make_topic(), make_user(), make_user()
    topic.subforum.moderators.add(moderator)
    screened(lambda draft: screeners.Hold("a first post") if draft.topic else None)
    client.force_login(author)

    client.post(f"/topics/{topic.pk}/reply/", {"source": "Cheap visas here."})

    seen = {}
    for name, reader in {"author": author, "moderator": moderator, "stranger": make_user()}.items():
        client.force_login(reader)
        seen[name] = "Cheap visas here." in client.get(topic.get_absolute_url()).text
    topic.refresh_from_db()
    assert seen == {"author": True, "moderator": True, "stranger": False}
    assert (topic.posts_count, topic.last_number) == (1, 2)


def test_a_refused_text_comes_back_with_the_reason(client, screened):
    topic = make_topic()
    screened(lambda draft: screeners.Refuse("This page is for roads. Take out the advertisement."))
    client.force_login(make_user())

    answer = client.post(f"/topics/{topic.pk}/reply/", {"source": "Cheap visas here."})

    assert answer.status_code == 400
    assert "Take out the advertisement." in answer.text
    assert "Cheap visas here." in answer.text
    assert Post.objects.filter(topic=topic).count() == 1


def test_a_refusal_wins_over_a_hold(screened):
    screened(lambda draft: screeners.Hold("slow"))
    screened(lambda draft: screeners.Refuse("no"))
    subforum = make_subforum()

    with pytest.raises(screeners.Refused):
        screeners.screen(screeners.Draft(author=make_user(), subforum=subforum, source="x"))


@pytest.fixture
def registered():
    """Registers something for one test."""
    made = []

    def register(how, provider):
        how(provider)
        made.append(provider)

    yield register
    for provider in made:
        fragments.unregister(provider)


@pytest.fixture(autouse=True)
def added(tmp_path, settings):
    """The template of parts in these tests: added.html."""
    (tmp_path / "added.html").write_text("<i>It is {{ part.words }}.</i>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]


def a_part(words, *, has_key=True):
    return {"template": "added.html", "words": words} | ({"key": words} if has_key else {})


def test_parts_are_asked_once_for_all_rows(registered):
    topics, calls = [make_topic(), make_topic()], []

    def provider(user, rows):
        calls.append(len(rows))
        return {rows[0].pk: [a_part("open"), a_part("far")]}

    registered(fragments.register_list, provider)

    found = fragments.html_of_rows(make_user(), topics)

    assert calls == [2]
    assert list(found) == [topics[0].pk]
    assert "".join(found[topics[0].pk].split("\n")) == "<i>It is open.</i><i>It is far.</i>"


def test_parts_of_a_page_stand_where_they_belong(client, registered):
    topic = make_topic()
    set_rules(make_user(is_staff=True), topic.subforum, introduction="Look first.", rules=["Say when."])
    calls = []

    def provider(user, found, rows):
        calls.append([(row.pk, row.number, row.author_id, row.topic) for row in rows])
        places = ("beside", "above", "below", "in_rules")
        named = {place: [a_part(f"here {place}")] for place in places}
        return fragments.PageParts(**named, by_post={topic.opening_post_id: [a_part("here in the post")]})

    registered(fragments.register_page, provider)

    page = client.get(topic.get_absolute_url()).text

    assert calls == [[(topic.opening_post_id, 1, topic.author_id, topic)]]
    places = re.findall("</aside>|</details>|</article>|<i>It is here ([a-z_ ]+)", page)
    assert places == ["beside", "", "in_rules", "", "above", "in the post", "", "below"]


@pytest.mark.parametrize("has_key", [True, False])
def test_what_is_added_changes_with_its_key(client, registered, has_key):
    topic, status = make_topic(), {"words": "open"}

    def of_list(user, rows):
        return {topic.pk: [a_part(status["words"], has_key=has_key)]}

    def of_page(user, found, rows):
        part = a_part(status["words"], has_key=has_key)
        return fragments.PageParts(beside=[part], by_post={topic.opening_post_id: [part]})

    registered(fragments.register_list, of_list)
    registered(fragments.register_page, of_page)
    client.force_login(make_user())
    paths = [topic.subforum.get_absolute_url(), topic.get_absolute_url()]
    before = [client.get(path).text.count("<i>It is open.</i>") for path in paths]

    status["words"] = "closed"
    pages = [client.get(path).text for path in paths]

    assert before == [1, 2]
    assert [page.count("<i>It is closed.</i>") for page in pages] == [1, 2]
    assert [page.count("<i>It is open.</i>") for page in pages] == [0, 0]


class ExtraForm(forms.Form):
    """What another app asks of whoever opens a topic."""

    template = "borderpost/uni_form.html"
    colour = forms.CharField(max_length=5)

    def save(self, post):
        if self.cleaned_data["colour"] == "black":
            raise RuntimeError("No black.")
        Topic.objects.filter(pk=post.topic_id).update(slug=self.cleaned_data["colour"])


def maker(user, subforum, data, asked):
    return ExtraForm(data, initial={"colour": asked.get("colour", "")})


def test_a_form_of_another_app_is_asked_with_the_topic(client, registered):
    subforum = make_subforum()
    registered(fragments.register_form, maker)
    client.force_login(make_user())
    typed = {"title": "Torugart in winter", "source": "Open?", "colour": "green"}

    shown = client.get(f"/forums/{subforum.slug}/new/?colour=blue")
    wrong = client.post(f"/forums/{subforum.slug}/new/", typed | {"colour": "turquoise"})
    right = client.post(f"/forums/{subforum.slug}/new/", typed)

    assert 'value="blue"' in shown.text
    assert wrong.status_code == 400
    assert "Torugart in winter" in wrong.text
    assert right.status_code == 302
    assert Topic.objects.get().slug == "green"


def test_a_topic_and_what_another_app_writes_with_it_are_written_both_or_not_at_all(client, registered):
    subforum = make_subforum()
    registered(fragments.register_form, maker)
    client.force_login(make_user())

    with pytest.raises(RuntimeError):
        client.post(
            f"/forums/{subforum.slug}/new/", {"title": "Torugart in winter", "source": "Open?", "colour": "black"}
        )

    assert Topic.objects.count() == 0


def test_names_that_a_query_may_mean_come_from_all_helpers_once():
    helpers = [lambda query: ["Торугарт", "Torugart"], lambda query: ["Torugart", query.upper()]]
    for helper in helpers:
        search_terms.register(helper)
    try:
        found = search_terms.names_meant_by("torougart")
    finally:
        for helper in helpers:
            search_terms.unregister(helper)

    assert found == ["Торугарт", "Torugart", "TOROUGART"]
    assert Topic.objects.count() == 0
