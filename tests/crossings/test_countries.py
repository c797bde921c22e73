"""Pages of countries: all of them, and each with its article, its crossings, topics and experts."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.members.rename import rename
from accounts.models import ExpertBadge
from config.page_cache import store
from crossings.editorial import actions, articles, notices, wording
from crossings.links.actions import link_topic, set_links
from crossings.models import Country, Crossing
from crossings.status import update
from forum.actions import posts, subforums, topics
from forum.models import Topic
from pagecache import fragment_cache
from tests.crossings.factories import make_country, make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import topics_on

pytestmark = pytest.mark.django_db
PAGE = "/countries/kg/"


@pytest.fixture
def staff():
    return make_user(is_staff=True, username="map_room")


@pytest.fixture
def kyrgyzstan():
    return make_country("KG", "Kyrgyzstan")


def write_article(staff, country, text="Ride early.", month=date(2026, 11, 1)):
    number = Country.objects.get(pk=country.pk).article_number
    return articles.edit_article(staff, country, article=text, as_of=month, reason="First text", based_on=number)


def give_badge(staff, user, *countries, title="Kyrgyzstan expert"):
    return ExpertBadge.objects.create(
        user=user, title=title, countries=list(countries), given_by=staff, given_at=timezone.now()
    )


def link(topic, crossing):
    link_topic(topic, crossing, source="author", by=topic.author)


def words(answer):
    return " ".join(answer.text.split())


class TestOverview:
    def test_it_counts_the_crossings_of_each_country_by_what_is_shown_of_them(self, client, staff, kyrgyzstan):
        make_country("CN", "China"), make_country("XK", "Kosovo")
        shut = make_crossing(editors_status="open")
        make_crossing(editors_status="open")
        make_crossing(countries=("KG", "KZ"), editors_status="limited")
        day = update.today()
        values = {
            "kind": "closure",
            "text": "Shut.",
            "source": "https://example.org",
            "begins_on": day,
            "ends_on": None,
        }
        notices.enter_notice(staff, shut, values=values)
        write_article(staff, kyrgyzstan)

        page = words(client.get("/countries/"))

        listed = re.findall(r'<li class="sheet entry">(.*?)</li>', page)
        assert [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in listed] == [
            "China 2 crossings Open 1 Closed 1 No article yet",
            "Country KZ 1 crossing Restricted 1 No article yet",
            "Kosovo 0 crossings No article yet",
            "Kyrgyzstan 3 crossings Open 1 Restricted 1 Closed 1 Article as of Nov 2026",
        ]
        assert (page.count("Article as of Nov 2026"), page.count("No article yet")) == (1, 3)
        assert '<meta name="robots" content="all">' in page

    def test_without_countries_it_is_not_to_be_listed(self, client):
        assert '<meta name="robots" content="noindex">' in client.get("/countries/").text

    def test_its_queries_do_not_depend_on_its_rows(self, client):
        make_crossing()
        few = queries_of(client, "/countries/")
        for code in ("AF", "KZ", "TJ", "UZ"):
            make_crossing(countries=(code, "KG"))

        assert queries_of(client, "/countries/") == few <= 4


def names_in(rows):
    return re.findall(r'<a class="serif" [^>]*>([^<]*)</a>', rows)


class TestOneCountry:
    def test_it_shows_the_article_with_its_month(self, client, staff, kyrgyzstan):
        write_article(staff, kyrgyzstan, "Ride **early**.\n\n<script>alert(1)</script>")

        page = words(client.get(PAGE))

        assert ">Ride <strong>early</strong>.</p>" in page
        assert "<script>alert" not in page
        assert "As of <b>November 2026</b>" in page
        assert 'href="/countries/kg/history/"' in page
        assert '<link rel="canonical" href="http://127.0.0.1:8000/countries/kg/">' in page

    def test_its_crossings_stand_by_neighbour_each_with_status_date_and_evidence(self, client, kyrgyzstan):
        make_country("CN", "China"), make_country("KZ", "Kazakhstan")
        by_editors = make_crossing(name="Torugart Pass", editors_status="limited")
        reported = make_crossing(name="Irkeshtam")
        make_crossing(name="Kordai", countries=("KG", "KZ"))
        make_report(reported, days_ago=3)

        answer = client.get(PAGE)

        found = [(country.name, names_in(rows)) for country, rows in answer.context["neighbours"]]
        assert found == [("China", ["Irkeshtam", "Torugart Pass"]), ("Kazakhstan", ["Kordai"])]
        page = words(answer)
        assert f"Last checked by the editors in {by_editors.as_of:%B %Y}." in page
        assert "by 1 report" in page
        assert by_editors.get_absolute_url() in page

    def test_its_topics_are_those_linked_to_its_crossings_the_newest_first(self, client, kyrgyzstan):
        irkeshtam, elsewhere = make_crossing(), make_crossing(countries=("AF", "TJ"))
        old, new, other, removed = (make_topic(title=f"A question, number {n}") for n in range(4))
        for topic, crossing in ((old, irkeshtam), (new, irkeshtam), (other, elsewhere), (removed, irkeshtam)):
            link(topic, crossing)
        set_links(removed.author, removed, [])
        Topic.objects.filter(pk=old.pk).update(last_post_at=timezone.now() - timedelta(days=9))

        assert topics_on(client.get(PAGE)) == [new.pk, old.pk]

    def test_a_topic_is_listed_once_for_all_its_crossings(self, client, kyrgyzstan):
        topic = make_topic()
        for crossing in (make_crossing(), make_crossing()):
            link(topic, crossing)

        assert topics_on(client.get(PAGE)) == [topic.pk]

    def test_topics_the_reader_may_not_see_are_not_there(self, client, kyrgyzstan):
        crossing = make_crossing()
        hidden, members, held = make_topic(), make_topic(subforum=make_subforum(access="members")), make_topic()
        for topic in (hidden, members, held):
            link(topic, crossing)
        Topic.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
        Topic.objects.filter(pk=held.pk).update(held_at=timezone.now())

        of_visitor = topics_on(client.get(PAGE))
        client.force_login(make_user())
        of_member = topics_on(client.get(PAGE))

        assert (of_visitor, of_member) == ([], [members.pk])

    def test_twenty_topics_and_a_link_to_more(self, client, kyrgyzstan):
        crossing = make_crossing()
        for _ in range(21):
            link(make_topic(), crossing)

        first, second = client.get(PAGE), client.get(f"{PAGE}?page=2")

        assert [len(topics_on(answer)) for answer in (first, second)] == [20, 1]
        assert 'href="/countries/kg/?page=2" rel="next"' in first.text
        assert '<meta name="robots" content="noindex">' in second.text
        assert client.get(f"{PAGE}?page=3").status_code == 404

    def test_its_experts_are_those_whose_standing_badges_name_it(self, client, staff, kyrgyzstan):
        expert, other, former = make_user(username="qarluq"), make_user(), make_user()
        give_badge(staff, expert, "CN", "KG", title="Pamir expert")
        give_badge(staff, expert, "KG", title="Kyrgyzstan expert")
        give_badge(staff, other, "TJ")
        give_badge(staff, former, "KG")
        former.badges.update(withdrawn_at=timezone.now())

        assert client.get(PAGE).context["experts"] == [
            {"user": expert, "titles": ["Pamir expert", "Kyrgyzstan expert"]}
        ]

    def test_where_there_is_nothing_it_is_not_to_be_listed(self, client, kyrgyzstan):
        empty = client.get(PAGE).text
        make_crossing()

        assert '<meta name="robots" content="noindex">' in empty
        assert "Nobody has written about this country yet." in empty
        assert '<meta name="robots" content="all">' in client.get(PAGE).text

    def test_it_has_one_address_and_others_are_not_found(self, client, kyrgyzstan):
        capitals = client.get("/countries/KG/")

        assert (capitals.status_code, capitals.url) == (301, PAGE)
        assert [client.get(f"/countries/{code}/").status_code for code in ("zz", "kgz", "k")] == [404] * 3

    def test_its_queries_do_not_depend_on_its_rows(self, client, staff, kyrgyzstan):
        grow(staff)
        few = queries_of(client, PAGE)
        for _ in range(3):
            grow(staff)

        assert queries_of(client, PAGE) == few <= 7

    def test_a_members_queries_do_not_depend_on_its_rows(self, client, staff, kyrgyzstan):
        client.force_login(make_user())
        grow(staff)
        client.get(PAGE)  # what the member has not read is counted now, and not again for some seconds
        few = queries_of(client, PAGE)
        for _ in range(3):
            grow(staff)

        assert queries_of(client, PAGE) == few


def grow(staff):
    """One more of everything that the page shows."""
    crossing = make_crossing(towns=["Osh"])
    link(make_post().topic, crossing)
    give_badge(staff, make_user(), "KG")


def queries_of(client, path):
    store.clear()
    fragment_cache.parts.clear()  # maps that are kept are not looked for
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


class TestKept:
    """Whatever the two pages show ends them when it changes, and at once."""

    def test_the_second_visitor_costs_one_question(self, client, kyrgyzstan):
        for path in ("/countries/", PAGE):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)

            assert len(queries) == 1

    @pytest.fixture
    def shown(self, staff, kyrgyzstan):
        crossing = make_crossing(name="Irkeshtam", editors_status="open")
        topic = make_topic(title="Irkeshtam in the snow", author=make_user(username="wet_socks"))
        link(topic, crossing)
        badge = give_badge(staff, make_user(username="qarluq"), "KG")
        write_article(staff, kyrgyzstan)
        return {"crossing": crossing, "topic": topic, "badge": badge, "staff": staff, "country": kyrgyzstan}

    CHANGES = {
        "the article": lambda s: write_article(s["staff"], s["country"], "Ride late."),
        "its month": lambda s: write_article(s["staff"], s["country"], month=date(2026, 10, 1)),
        "a status": lambda s: save_place(s, editors_status="closed"),
        "a title": lambda s: save_place(s, name="Erkech-Tam"),
        "a town": lambda s: save_place(s, towns=["Nura"]),
        "a kind": lambda s: save_place(s, kind="rail"),
        "as of": lambda s: save_place(s, as_of=date(2026, 1, 1)),
        "a notice": lambda s: enter(s, ends_on=None),
        "a withdrawn notice": lambda s: notices.withdraw_notice(s["staff"], enter(s, ends_on=None)),
        "a report": lambda s: make_report(s["crossing"]),
        "a new crossing": lambda s: make_crossing(),
        "a link": lambda s: link(make_topic(), s["crossing"]),
        "a removed link": lambda s: set_links(s["topic"].author, s["topic"], []),
        "a reply": lambda s: make_post(topic=s["topic"]),
        "a locked topic": lambda s: topics.lock_topic(s["staff"], s["topic"]),
        "a withdrawn topic": lambda s: posts.withdraw_topic(s["topic"].author, s["topic"]),
        "a member's name": lambda s: rename(s["topic"].author, "dry_socks"),
        "an expert's name": lambda s: rename(s["badge"].user, "karluk"),
        "a new expert": lambda s: give_badge(s["staff"], make_user(), "KG"),
        "a withdrawn badge": lambda s: ExpertBadge.objects.update(withdrawn_at=timezone.now()),
        "access": lambda s: subforums.change_access(s["topic"].subforum, "members"),
    }

    @pytest.mark.parametrize("change", CHANGES)
    def test_a_change_shows_at_once(self, client, shown, change):
        before = client.get(PAGE).content

        self.CHANGES[change](shown)

        after = client.get(PAGE).content
        store.clear()
        assert after == client.get(PAGE).content
        assert (after == before) is (change == "a withdrawn notice")

    @pytest.mark.parametrize("change", ["the article", "a status", "a notice", "a report", "a new crossing"])
    def test_a_change_shows_at_once_on_the_overview(self, client, shown, change):
        client.get("/countries/")

        self.CHANGES[change](shown)

        after = client.get("/countries/").content
        store.clear()
        assert after == client.get("/countries/").content

    def test_control_a_change_that_raises_no_number_stays_unseen(self, client, shown):
        before = client.get(PAGE).content
        Country.objects.update(article_html="<p>Unseen.</p>")

        unseen = client.get(PAGE).content
        Country.objects.update(version=F("version") + 1)

        assert unseen == before
        assert b"Unseen." in client.get(PAGE).content


def save_place(shown, **values):
    crossing = Crossing.objects.get(pk=shown["crossing"].pk)
    marker = wording.marker(wording.of_place(crossing))
    actions.edit_place(shown["staff"], crossing, values=values, reason="Seen it", based_on=marker)


def enter(shown, **values):
    values = {
        "kind": "closure", "text": "Shut.", "source": "https://example.org", "begins_on": update.today(),
    } | values  # fmt: skip
    return notices.enter_notice(shown["staff"], shown["crossing"], values=values)
