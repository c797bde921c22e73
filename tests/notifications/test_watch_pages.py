"""The button where one reads, its levels, and the page of all watches."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from accounts.readers import VISITOR, as_reader
from forum.actions import rearrange, subforums
from forum.extensions import fragments
from forum.models import Topic
from notifications.models import Watch, WatchPreference
from notifications.watches import listing
from notifications.watches.actions import stop_watching, watch
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
Level = Watch.Level
MAKERS = {
    "topic": make_topic, "subforum": make_subforum, "country": make_country, "crossing": make_crossing,
    "member": make_user,
}  # fmt: skip
HEADS = ["topic", "subforum", "country", "member"]


@pytest.fixture
def member(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture(params=MAKERS)
def target(request):
    return MAKERS[request.param]()


def address_of(target):
    kind = next(
        kind for kind, maker in MAKERS.items() if type(target).__name__.lower().replace("user", "member") == kind
    )
    return f"/watches/{kind}/{str(target.pk).lower()}/"


def level_of(user):
    return list(Watch.objects.filter(user=user).values_list("level", flat=True))


# --- The button where one reads ---


@pytest.mark.parametrize("kind", HEADS)
def test_each_page_has_a_button_with_three_levels_for_members(client, member, kind):
    target = MAKERS[kind]()

    page = client.get(target.get_absolute_url()).text

    menu = page.split('<details class="menu levels"')[1].split("</details>")[0]
    assert menu.count(f'formaction="{address_of(target)}" name="level"') == 3
    assert [f'value="{level}"' in menu for level in ("watching", "mentions", "muted", "stop")] == [True] * 3 + [False]
    assert menu.count('aria-pressed="false"') == 3
    assert "<form" not in menu


@pytest.mark.parametrize("kind", HEADS)
def test_a_visitors_page_has_a_link_that_leads_to_sign_in_and_back_to_the_choice(client, kind):
    target = MAKERS[kind]()
    address = address_of(target)

    page = client.get(target.get_absolute_url()).text
    answer = client.get(address)

    assert f'<a class="button" href="{address}" rel="nofollow">' in page
    assert "menu levels" not in page
    assert answer.url == f"/account/login/?next={address}"
    client.force_login(make_user())
    assert 'name="level" value="muted"' in client.get(address).text


def test_the_choice_of_a_crossing_is_in_its_form(client, member):
    crossing = make_crossing()

    assert client.get(address_of(crossing)).url == f"/crossings/{crossing.slug}/watch/"


def test_ones_own_page_has_no_button(client, member):
    assert "menu levels" not in client.get(member.get_absolute_url()).text
    assert client.post(address_of(member), {"level": "watching"}).status_code == 403
    assert not Watch.objects.exists()


@pytest.mark.parametrize("level", ["watching", "mentions", "muted"])
def test_a_level_is_chosen_shown_and_chosen_again(client, member, target, level):
    Watch.objects.all().delete()

    for _ in range(2):
        answer = client.post(address_of(target), {"level": level})

    assert answer.url == target.get_absolute_url()
    assert level_of(member) == [level]
    chosen = client.get("/watches/").text.split(f'formaction="{address_of(target)}"')[1:]
    pressed = [part.split('value="')[1].split('"')[0] for part in chosen if 'aria-pressed="true"' in part.split(">")[0]]
    assert pressed == [level]


def test_a_watch_is_stopped_twice_without_harm(client, member, target):
    watch(member, target)

    for _ in range(2):
        client.post(address_of(target), {"level": "stop"})

    assert not Watch.objects.readable_by(member).exists()
    page = client.get("/watches/").text
    assert f'formaction="{address_of(target)}"' not in page


def test_the_level_of_a_crossing_changes_without_its_day(client, member):
    crossing, day = make_crossing(), timezone.localdate()
    watch(member, crossing, travel_on=day, direction="a-b")

    client.post(address_of(crossing), {"level": "mentions"})

    found = Watch.objects.get()
    assert (found.level, found.travel_on, found.direction) == ("mentions", day, "a-b")


def test_the_day_of_a_crossing_changes_without_its_level(client, member):
    crossing, day = make_crossing(), timezone.localdate()
    watch(member, crossing, level=Level.MENTIONS)

    client.post(f"/crossings/{crossing.slug}/watch/", {"travel_on": day.isoformat()})

    assert (Watch.objects.get().level, Watch.objects.get().travel_on) == ("mentions", day)
    client.post(f"/crossings/{crossing.slug}/watch/", {"level": "muted"})
    assert level_of(member) == ["muted"]
    assert client.post(f"/crossings/{crossing.slug}/watch/", {"level": "louder"}).status_code == 400


@pytest.mark.parametrize("data", [{}, {"level": ""}, {"level": "louder"}, {"level": "ended"}, {"level": "\x00"}])
def test_what_is_no_level_is_refused_in_words(client, member, target, data):
    Watch.objects.all().delete()

    answer = client.post(address_of(target), data)

    assert answer.status_code == 400
    assert "hoose" in answer.text.split('role="alert"')[1].split("</p>")[0]
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["topic/999999", "topic/x", "topic/-1", "topic/99999999999999999999", "country/zz", "country/kgz", "post/1",
     "user/1", "member/0", "crossing/torugart", "travel_on/1"],
)  # fmt: skip
def test_what_is_not_there_is_a_404(client, member, address):
    make_topic()

    assert client.get(f"/watches/{address}/").status_code == 404
    assert client.post(f"/watches/{address}/", {"level": "watching"}).status_code == 404


def test_a_look_changes_nothing(client, member, target):
    Watch.objects.all().delete()

    client.get(address_of(target), {"level": "watching"})
    client.get("/watches/by-itself/")

    assert not Watch.objects.exists()
    assert not WatchPreference.objects.exists()


def test_htmx_gets_the_menu_alone_with_its_new_level(client, member, target):
    page = client.post(address_of(target), {"level": "muted"}, headers={"HX-Request": "true"}).text

    assert page.startswith('<details class="menu levels" open>')
    assert "Muted</summary>" in page
    assert page.count('aria-pressed="true"') == 1
    assert "<html" not in page


def test_without_script_one_comes_back_to_the_page_whose_button_was_pressed(client, member, target):
    def back_from(address):
        return client.post(address_of(target), {"level": "watching"}, headers={"Referer": address}).url

    assert back_from("http://testserver/watches/") == "http://testserver/watches/"
    assert back_from("http://testserver/topics/1-x/3/") == "http://testserver/topics/1-x/3/"
    for strange in (
        "http://evil.example/",
        "//evil.example/",
        "javascript:1",
        f"http://testserver{address_of(target)}",
    ):
        assert back_from(strange) == target.get_absolute_url()


def test_the_button_of_a_merged_topic_watches_where_its_posts_are(client, member):
    source, target = make_topic(), make_topic()
    rearrange.merge_topics(make_user(is_staff=True), source, target)

    answer = client.post(address_of(source), {"level": "watching"})

    assert answer.url == target.get_absolute_url()
    assert Watch.objects.get(user=member).topic == target


def test_the_level_shows_beside_the_post_that_began_it(client, member):
    topic = make_post(author=member).topic

    page = client.get(topic.get_absolute_url()).text

    assert "Watching</summary>" in page
    stop_watching(member, topic)
    assert "Watch</summary>" in client.get(topic.get_absolute_url()).text


# --- What may not be read is not watched, shown or counted ---


def closed(topic):
    subforums.change_access(topic.subforum, "staff")


def hidden(topic):
    Topic.objects.filter(pk=topic.pk).update(hidden_at=timezone.now(), hidden_by=topic.author)


def held(topic):
    Topic.objects.filter(pk=topic.pk).update(held_at=timezone.now())


@pytest.mark.parametrize("happens", [closed, hidden, held])
def test_a_topic_that_may_no_longer_be_read_is_nowhere_and_comes_back(client, member, happens):
    topic = make_topic(title="The soup of Sary-Tash")
    watch(member, topic)

    happens(topic)

    assert "The soup of Sary-Tash" not in client.get("/watches/").text
    for answer in (client.get(address_of(topic)), client.post(address_of(topic), {"level": "watching"})):
        assert answer.status_code == 404
        assert "The soup of Sary-Tash" not in answer.text
    Topic.objects.filter(pk=topic.pk).update(hidden_at=None, hidden_by=None, held_at=None)
    subforums.change_access(topic.subforum, "open")
    assert "The soup of Sary-Tash" in client.get("/watches/").text


def test_a_subforum_that_was_closed_is_nowhere_and_comes_back(client, member):
    subforum = make_subforum(name="Night watch")
    watch(member, subforum)

    subforums.change_access(subforum, "staff")

    assert "Night watch" not in client.get("/watches/").text
    assert client.get(address_of(subforum)).status_code == 404
    subforums.change_access(subforum, "open")
    assert "Night watch" in client.get("/watches/").text


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email_confirmed_at": None}])
def test_a_member_without_a_page_is_nowhere(client, member, fields):
    other = make_user(username="night_rider")
    watch(member, other)

    for name, value in fields.items():
        setattr(other, name, value)
    other.save()

    assert "night_rider" not in client.get("/watches/").text
    assert client.get(address_of(other)).status_code == 404


def test_nobody_sees_what_others_watch(client, member, target):
    Watch.objects.all().delete()
    watch(make_user(), target)

    page = client.get("/watches/").text + client.get(target.get_absolute_url()).text

    assert 'aria-pressed="true"' not in page
    assert 'value="stop"' not in page


def test_names_of_others_are_escaped(client, member):
    topic = make_topic(title='<b>"Soup" & tea</b> at the pass')

    for page in (client.get(topic.get_absolute_url()), client.get(address_of(topic))):
        assert topic.title not in page.text
        assert escape(topic.title) in page.text


# --- The page of all watches ---


def test_the_page_lists_watches_by_kind_with_why_they_began(client, member):
    asked, replied = make_topic(author=member, title="My own question"), make_post(author=member).topic
    crossing = make_crossing(name="Torugart Pass")
    watch(member, crossing, travel_on=timezone.localdate(), direction="b-a")
    for other in (make_subforum(name="Night watch"), make_country("KG", "Kyrgyzstan"), make_user("night_rider")):
        watch(member, other)

    page = client.get("/watches/").text

    parts = [page.split(f'<h2 id="{name}">')[1].split("</section>")[0] for name in
             ("crossings", "topics", "places", "members")]  # fmt: skip
    assert "Torugart Pass" in parts[0]
    assert f"to {crossing.country_a.name}. <a" in parts[0]
    assert parts[1].index(replied.title) < parts[1].index(asked.title)
    assert "You replied. 1 reply" in parts[1]
    assert "You asked. 0 replies" in parts[1]
    assert "Night watch" in parts[2]
    assert "night_rider" in parts[3]


def test_an_empty_page_says_what_to_do(client, member):
    page = client.get("/watches/").text

    assert "You watch no topic. When you ask or reply, it stands here." in page
    assert "You follow nobody." in page


@pytest.mark.parametrize("kind", ["topic", "member"])
def test_a_long_list_has_pages(client, member, kind, monkeypatch):
    monkeypatch.setattr(listing, "SHOWN", 2)
    targets = [MAKERS[kind]() for _ in range(5)]
    for target in targets:
        watch(member, target)

    seen, address = [], "/watches/"
    while address:
        page = client.get(address).text
        seen += [target.pk for target in reversed(targets) if f'formaction="{address_of(target)}"' in page]
        more = page.split(f"?of={kind}&amp;before=")[1:]
        address = f"/watches/?of={kind}&before={more[0].split(chr(34))[0]}" if more else ""

    assert seen == [target.pk for target in reversed(targets)]


@pytest.mark.parametrize("query", ["of=topic&before=x", "before=-1", "of=topic&before=9e9"])
def test_a_page_that_never_was_is_a_404(client, member, query):
    assert client.get(f"/watches/?{query}").status_code == 404


@pytest.mark.parametrize("query", ["of=user", "of=yaks"])
def test_a_kind_that_is_not_watched_is_left_out_with_a_word(client, member, query):
    answer = client.get(f"/watches/?{query}")

    assert answer.status_code == 200
    assert "a choice that is not there (of)" in answer.text


@pytest.mark.parametrize("kind", MAKERS)
def test_the_list_costs_the_same_for_one_and_for_many(client, member, kind):
    watch(member, MAKERS[kind]())
    client.get("/watches/")
    with CaptureQueriesContext(connection) as one:
        client.get("/watches/")
    codes = iter(["UZ", "TJ", "AF"])
    for _ in range(3):
        watch(member, make_country(next(codes)) if kind == "country" else MAKERS[kind]())

    with CaptureQueriesContext(connection) as many:
        page = client.get("/watches/").text

    assert page.count('class="menu levels"') >= 4
    assert len(many) == len(one)


@pytest.mark.parametrize("kind", HEADS)
def test_a_button_costs_a_member_one_query_and_a_visitor_none(kind):
    target = MAKERS[kind]()
    costs = []
    for reader in (VISITOR, as_reader(make_user())):
        fragments.html_of_head(reader, target)
        with CaptureQueriesContext(connection) as asked:
            fragments.html_of_head(reader, target)
        costs.append(len(asked))

    assert costs == [0, 1]


def test_a_topic_of_many_watchers_costs_its_reader_what_one_of_none_does(client, member):
    topic = make_topic()

    def cost():
        client.get(topic.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            client.get(topic.get_absolute_url())
        return len(asked)

    cost()
    before = cost()
    for _ in range(20):
        watch(make_user(), topic)

    assert cost() == before


def test_a_visitors_page_sets_no_cookie_and_names_no_token():
    topic, visitor = make_topic(), Client()

    answer = visitor.get(topic.get_absolute_url())

    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.text


# --- What begins by itself ---


@pytest.mark.parametrize(
    ("data", "kept", "words"),
    [
        ({}, (False, False), "You watch no topic by itself."),
        ({"on_asking": "on"}, (True, False), "when you ask in it."),
        ({"on_replying": "on"}, (False, True), "when you reply in it."),
        ({"on_asking": "on", "on_replying": "on"}, (True, True), "when you ask or reply in it."),
    ],
)
def test_what_begins_by_itself_is_switched_off_and_on(client, member, data, kept, words):
    for _ in range(2):
        client.post("/watches/by-itself/", data)

    assert WatchPreference.objects.values_list("on_asking", "on_replying").get(user=member) == kept
    assert words in client.get("/watches/").text


def test_the_menu_and_the_settings_lead_to_the_watches(client, member):
    assert client.get("/").text.count('href="/watches/"') == 1
    assert client.get("/settings/").text.count('href="/watches/') == 2
