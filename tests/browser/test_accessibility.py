"""axe finds nothing, on phone and desktop, light and dark, signed in and out, and no page scrolls sideways."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.actions import ignore
from accounts.models import ExpertBadge, User
from crossings.editorial import articles, notices
from crossings.freshness import actions
from crossings.links.actions import link_topic
from crossings.models import Country, Crossing, CrossingFact, CrossingName, CrossingReport, StatusChange
from crossings.reports.actions import reports_subforum
from crossings.status import update
from forum.actions import answers, drafts, edits, reactions
from forum.actions.rules import set_rules
from forum.bookmarks.actions import bookmark, edit_bookmark
from forum.models import Post, Topic
from moderation.actions import flags, member_acts
from moderation.filters.banned_words import watch as watch_word
from moderation.log.entries import Why
from notifications.letters import bounces, signed_addresses
from notifications.letters.write import write
from notifications.models import Bounce, Letter, Notification, Watch
from notifications.news.tell import tell
from notifications.survey import responses
from notifications.watches.actions import watch
from tests.crossings.factories import make_country, make_crossing, make_hours, make_notice, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_maps,
    pytest.mark.django_db(transaction=True),
]
LOOKS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
# The pages of second steps are looked at in test_passkeys.py.
OF_SIGNING_IN = [
    "/account/reauthenticate/", "/settings/signing-in/", "/settings/name/", "/settings/profile/", "/invitations/",
    "/kept/",
]  # fmt: skip
LISTS_OF_MEMBERS = ["/members/", "/members/?q=nobody&order=newest", "/notifications/feeds/", "/latest/?only=unread"]
# One look of each page at a time, and as a proof all of them.
in_each_look = pytest.mark.parametrize("looks", [1, pytest.param(len(LOOKS), marks=pytest.mark.proof)])


def a_lived_in_forum(staff):
    """Every kind of thing that a page can show; gives the pages of everybody, of visitors and of members."""
    expert = make_user(username="pass_expert", signature="A phone call is worth ten blogs.", bio="Guide.")
    ExpertBadge.objects.create(
        user=expert, title="Kyrgyzstan & Kazakhstan expert", countries=["KG", "KZ"], given_by=staff,
        given_at=timezone.now(),
    )  # fmt: skip
    topic = make_topic(pinned_at=timezone.now(), title="Torugart with a bicycle in June, and who drives up to the arch")
    table = "| from | to |\n|---|---|\n| Osh | Kashgar |\n\n```\nDriver: name\n```\n\n> quoted\n\n- one\n- two"
    post = make_post(topic=topic, author=expert, source=table)
    answers.accept_answer(topic.author, post)
    edits.edit_post(expert, post, source=table.replace("two", "three"), reason="Counted again", based_on=0)
    hidden = make_post(topic=topic)
    locked = make_topic(subforum=topic.subforum, locked_at=timezone.now())
    Post.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now(), hidden_by=staff)
    Topic.objects.update(opened_at=timezone.now().replace(year=2015, day=1))
    for rules in (["Look for a topic."], ["Look for a topic.", "Say when."]):
        set_rules(staff, topic.subforum, introduction="Look first.", rules=rules, reason="One more")
    for place in (topic, topic.subforum, post):
        drafts.save(staff, place, source="Half a text", title="Half a title")
    slug = topic.subforum.slug
    pages = [
        "/", f"/forums/{slug}/", topic.get_absolute_url(), locked.get_absolute_url(), expert.get_absolute_url(),
        *of_lists(expert, topic.author), "/unanswered/", "/answered/", f"/topics/{topic.pk}/answers/", "/rules/",
        "/help/writing/",
        f"/forums/{slug}/rules/history/", f"/forums/{slug}/rules/history/1/", "/rules/history/",
        "/help/keys/", "/about/", "/theme/", f"/posts/{post.pk}/reactions/", "/nowhere/",
        "/search/", "/search/?q=torugart&titles=on", "/search/?q=torugart+zebra+tandem&experts=on",
        "/search/?q=is+torugart+bycicle+open+next+week", "/search/?q=Kirgistan",
        *pages_of_crossings(topic),
    ]  # fmt: skip
    visitors = [
        "/account/login/", "/account/login/code/", "/account/signup/", "/kept/", "/account/password/reset/",
        "/search/?q=zzyzx&by=nobody",
        "/search/?q=torugart&since=ever", "/find/?q=atlantis+gate", "/find/?q=pass", f"/forums/{slug}/?tab=answered",
    ]  # fmt: skip
    members = [
        *OF_SIGNING_IN, *LISTS_OF_MEMBERS, "/experts/apply/", "/staff/subjects/", "/unread/", "/drafts/",
        *of_reading(staff, post), *of_news(staff),
        f"/posts/{post.pk}/edit/", f"/posts/{topic.opening_post_id}/edit/",
        f"/posts/{post.pk}/history/", f"/posts/{hidden.pk}/history/", f"/forums/{slug}/new/",
        f"/topics/{topic.pk}/reply/?quote={post.pk}", "/settings/", "/staff/", f"/staff/subforums/{slug}/",
        f"/forums/{slug}/rules/", "/members/pass_expert/badges/", "/members/pass_expert/rename/",
        "/members/pass_expert/flag/",
        f"/topics/{make_topic(author=staff).pk}/withdraw/", "/account/password/change/", "/account/logout/",
        "/account/email/", "/report/", "/report/?q=arch", "/crossings/the-arch/report/",
        f"/posts/{topic.opening_post_id}/flag/", *pages_of_moderators(staff, post),
        f"/topics/{topic.pk}/crossings/", f"/reports/{CrossingReport.objects.latest('pk').pk}/edit/",
    ]  # fmt: skip
    of_countries, of_editors = with_crossings(staff, topic)
    members.append(a_full_desk(staff, topic))
    return pages + of_countries, visitors, members + of_editors


def of_reading(staff, post):
    """Bookmarks, whom one ignores, and a page with a folded post and a bookmarked one."""
    loud = make_post(topic=make_topic(title="Loud lorries at the gate"))
    ignore(staff, loud.author)
    edit_bookmark(staff, post, note="Ring before May", remind_on=update.today() + timedelta(days=30))
    bookmark(staff, loud)
    return [
        "/bookmarks/", f"/posts/{post.pk}/bookmark/edit/", "/settings/ignored/",
        f"/members/{post.author.username}/ignore/", loud.author.get_absolute_url(), loud.topic.get_absolute_url(),
    ]  # fmt: skip


def of_lists(expert, asker):
    """Lists about members, of the latest, and of experts."""
    lists = [f"{expert.get_absolute_url()}{name}/" for name in ("posts", "topics", "answers", "reactions", "reports")]
    lists += [f"{asker.get_absolute_url()}reactions/given/", "/latest/", "/latest/posts/?country=KG"]
    return [*lists, "/experts/", "/countries/kg/experts/"]


def a_full_desk(staff, topic):
    """Everything that waits for an expert, who is one of the staff; the topic shows some of it, too."""
    ExpertBadge.objects.create(
        user=staff, title="Pass expert", countries=["KG", "CN"], given_by=staff, given_at=timezone.now()
    )
    crossing = Crossing.objects.get(slug="torugart")
    link_topic(make_topic(title="Any yaks up there?"), crossing, source="author", by=staff)
    outdated, old, recent = make_post(topic=topic), make_post(topic=topic, author=staff), make_post(topic=topic)
    for _ in range(3):
        reactions.react(make_user(trust=User.Trust.MEMBER), outdated, "outdated")
    answers.accept_answer(topic.author, recent)
    actions.confirm_answer(staff, recent)
    Post.objects.filter(pk=old.pk).update(written_at=timezone.now() - timedelta(days=900))
    said = make_topic(title="Is the gate open on Fridays?")
    link_topic(said, crossing, source="author", by=staff)
    contradicted = make_post(topic=said, author=staff)
    Post.objects.filter(pk=contradicted.pk).update(written_at=timezone.now() - timedelta(days=9))
    StatusChange.objects.create(
        crossing=crossing, changed_on=update.today(), before="open", after="closed", source="reports",
        noted_at=timezone.now(),
    )  # fmt: skip
    make_report(crossing, outcome="found-closed", reason="shut")
    return "/desk/"


def with_crossings(staff, topic):
    """Two crossings with everything the editors know; gives the pages of countries, and those of the editors."""
    china, kyrgyzstan = make_country("CN", "China"), make_country("KG", "Kyrgyzstan")
    crossing = make_crossing(slug="torugart", name="Torugart Pass", towns=["Kashgar", "Naryn"], names=("吐尔尕特",))
    make_report(make_crossing(name="Irkeshtam"), days_ago=4)
    CrossingFact.objects.create(
        crossing=crossing, kind="papers", text="A visa.", as_of=crossing.as_of, source="A sign", confidence="high"
    )
    values = {"kind": "closure", "text": "Shut.", "source": "https://example.org", "begins_on": update.today()}
    notice = notices.enter_notice(staff, crossing, values=values | {"ends_on": None})
    hours = make_hours(crossing, "b")
    make_notice(make_crossing(name="Khunjerab Pass"), begins=3, ends=5)
    watch(staff, crossing, travel_on=update.today())
    for other in (crossing.country_a, make_subforum(), make_user()):
        watch(staff, other, level=Watch.Level.MENTIONS)
    topic = make_topic(author=staff)
    link_topic(topic, crossing, source="author", by=staff)
    for number, text in enumerate(("Ride **early**.", "Ride **late**.\n\n- [Torugart](/crossings/torugart/)\n- Osh")):
        articles.edit_article(staff, kyrgyzstan, article=text, as_of=crossing.as_of, reason="Seen it", based_on=number)
    of_countries = ["/countries/", "/countries/kg/", china.get_absolute_url(), "/countries/kg/history/"]
    of_editors = [
        "/staff/crossings/new/", "/crossings/torugart/edit/", "/crossings/torugart/edit/facts/",
        "/crossings/torugart/edit/names/", "/crossings/torugart/notices/new/",
        f"/crossings/torugart/notices/{notice.pk}/", f"/crossings/torugart/notices/{notice.pk}/withdraw/",
        "/crossings/torugart/hours/", "/crossings/torugart/hours/new/", "/crossings/torugart/hours/clocks/",
        f"/crossings/torugart/hours/{hours.pk}/", f"/crossings/torugart/hours/{hours.pk}/withdraw/",
        "/countries/kg/edit/", "/members/pass_expert/trade/",
    ]  # fmt: skip
    return of_countries, of_editors


def of_news(staff):
    """News, read and unread, the settings of letters that came back, and the page behind the link that ends letters."""
    words = {"words": "Please keep it kind.", "url": "/rules/"}
    tell(staff.pk, Notification.Kind.MODERATION, "one", subject="A word from a moderator", **words)
    Notification.objects.update(read_at=timezone.now())
    news = tell(staff.pk, Notification.Kind.MODERATION, "two", subject="Another word", **words)
    letter = Letter.objects.select_related("user").get(pk=news.letter_id)
    stop = f"/letters/{signed_addresses.stop_token(letter)}/stop/"
    watched = of_watches(staff)
    for number in range(2):
        bounces.record(staff, Bounce.Kind.HARD, f"bounce-{number}")
    return ["/notifications/", "/settings/letters/", stop, *watched]


def of_watches(staff):
    """What is watched, the form for it, and the page behind the letter that asks: before an answer, after, too late."""
    crossing = make_crossing(name="Kulma Pass", slug="kulma")
    watch(staff, crossing, travel_on=update.today())
    for other in (crossing.country_a, make_subforum(), make_user()):
        watch(staff, other, level=Watch.Level.MENTIONS)
    topic = make_topic(author=staff)
    day = update.today() - timedelta(days=3)
    open_, told = (write(staff.pk, Letter.Kind.THROUGH, key, crossing=crossing, travel_on=day)[0] for key in "ab")
    facts = {"crossed_on": day, "direction": "a-b", "mode": "bus", "outcome": "crossed"}
    responses.file(told, CrossingReport(crossing=crossing, **facts), source="Quick.")
    return [
        "/watches/", f"/watches/topic/{topic.pk}/", "/crossings/kulma/", "/crossings/kulma/watch/",
        "/through/nonsense/",
        *(f"/through/{signed_addresses.through_token(letter, 'found-closed')}/" for letter in (open_, told)),
    ]  # fmt: skip


def pages_of_moderators(staff, post):
    """Words that are watched, and a member who was flagged, warned and noted, and of whom a post waits."""
    watch_word(staff, "cheap permits", act="hold", note="Sellers.")
    flags.flag_post(staff, post, reason="rules", rule=1, words="An advertisement.")
    Post.objects.filter(pk=make_post(author=post.author).pk).update(held_at=timezone.now())
    member_acts.add_note(staff, post.author, "Writes in good faith.")
    warned = member_acts.warn(staff, post.author, Why(rule=1, reason="Please look first."), post=post)
    User.objects.filter(pk=post.author_id).update(trust=User.Trust.TRUSTED)
    return [
        "/moderation/words/", f"/moderation/members/{post.author.username}/", f"/posts/{post.pk}/flag/",
        f"/moderation/posts/{post.pk}/address/", f"/moderation/entries/{warned.pk}/erase/",
    ]  # fmt: skip


def pages_of_crossings(topic):
    """A crossing about which everything is told that can be told."""
    crossing = make_crossing(
        name="The Arch", slug="the-arch", names=("Торугарт", "خنجراب"), post_a="Topa", altitude_m=3752
    )
    crossing.facts.create(
        kind="papers", text="A permit", as_of="2024-05-01", source="https://news.example/1", confidence="low"
    )
    make_crossing(name="The other one")
    link_topic(topic, crossing, source="author", by=topic.author)
    for outcome in ("crossed", "conditions", "found-closed"):
        make_report(crossing, outcome=outcome, minutes_at_exit=70, papers=["visa"], is_delayed=outcome == "crossed")
    make_report(crossing, days_ago=500, is_hearsay=True, mode="car", direction="b-a")
    make_notice(crossing, kind="danger")
    make_hours(crossing, "a", "10:00", pause="13:30-15:30", zone="Asia/Shanghai", weekdays="12345")
    make_hours(crossing, "b", pause="12:00-13:00", as_of="2024-01-01")
    make_hours(crossing, "b", "", "22:00", audience="cars", withdrawn_at=timezone.now())
    url = crossing.get_absolute_url()
    of_hours = [f"{url}hours/", f"{url}window/", f"{url}window/?to=zz&by=bicycle"]
    report_topic = CrossingReport.objects.latest("pk").post.topic
    of_reports = [f"{url}why/", f"{url}reports/", f"{url}topics/", report_topic.get_absolute_url()]
    return ["/crossings/", url, *of_hours, *of_reports]


@pytest.fixture
def staff():
    return make_user(is_staff=True, username="kind_staff", joined_at=timezone.now() - timedelta(days=900))


@in_each_look
def test_no_page_has_a_barrier_for_visitors(open_page, violations, staff, looks, settings):
    settings.ACCOUNT_LOGIN_BY_CODE_ENABLED = True
    of_all, visitors, _ = a_lived_in_forum(staff)
    page = open_page()

    assert barriers_on(page, visitors + some_of(of_all, looks, 0), violations, looks) == {}


@in_each_look
def test_no_page_has_a_barrier_for_members(open_page, violations, staff, looks):
    of_all, _, members = a_lived_in_forum(staff)
    page = open_page("/", staff)

    assert barriers_on(page, members + some_of(of_all, looks, 1), violations, looks) == {}


@in_each_look
def test_no_barrier_stands_before_the_first_report(open_page, violations, staff, looks):
    make_crossing(slug="torugart")
    set_rules(staff, reports_subforum(), introduction="Look first.", rules=["Write what you saw.", "No names."])
    page = open_page("/", make_user())

    assert barriers_on(page, ["/crossings/torugart/report/"], violations, looks) == {}


def test_no_barrier_stands_where_two_were_writing(open_page, violations, staff):
    post = make_post(source="Open on Monday.")
    page = open_page(f"/posts/{post.pk}/edit/", staff)
    page.get_by_label("Your post").fill("Open on Tuesday.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    found = {"preview": barriers(page, violations)}

    edits.edit_post(post.author, post, source="Open on Friday.", based_on=0)
    page.get_by_role("button", name="Save post").click()
    expect(page.get_by_role("heading", name="Somebody else edited this meanwhile")).to_be_visible()
    found["edit"] = barriers(page, violations)

    page.goto(f"/topics/{post.topic_id}/reply/")
    page.get_by_label("Your reply").fill("Closed.")
    make_post(topic=post.topic)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("1 reply arrived while you wrote.")).to_be_visible()
    found["reply"] = barriers(page, violations)

    assert found == {"preview": [], "edit": [], "reply": []}


def test_no_barrier_stands_in_a_passport_or_beside_a_new_address(open_page, violations, staff):
    member = make_user(username="rider", trust=2)
    for outcome in ("crossed", "conditions", "found-closed"):
        make_report(make_crossing(), author=member, outcome=outcome)
    reactions.react(member, make_post(), "helpful")
    page, found = open_page("/members/rider/reports/", staff), {}
    found["reports"] = barriers(page, violations)
    for path in ("/members/rider/", "/members/rider/reactions/given/"):
        page.goto(path)
        found[path] = barriers(page, violations)

    page.goto("/notifications/feeds/")
    page.get_by_role("button", name="Make an address").first.click()
    expect(page.get_by_role("heading", name="Your new address")).to_be_visible()
    found["address"] = barriers(page, violations)

    assert {path: barrier for path, barrier in found.items() if barrier} == {}


def test_no_barrier_stands_where_two_editors_were_writing(open_page, violations, staff):
    with_crossings(staff, make_topic())
    page, found = open_page("/crossings/torugart/edit/facts/", staff), {}
    page.get_by_text("Road").click()
    page.locator("#id_road-text").fill("Gravel")
    page.get_by_label("Why").fill("Seen it")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="As of")).to_be_visible()
    found["errors"] = barriers(page, violations)

    page.goto("/crossings/torugart/edit/names/")
    page.get_by_label("Names", exact=True).fill("Torugart Pass\nТоругарт")
    page.get_by_label("Why").fill("Seen it")
    CrossingName.objects.create(crossing=Crossing.objects.get(slug="torugart"), text="Torugart")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What your text would change")).to_be_visible()
    found["names"] = barriers(page, violations)

    page.goto("/countries/kg/edit/")
    page.get_by_label("The article").fill("Ride at noon.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    page.get_by_label("Why").fill("Seen it")
    Country.objects.filter(pk="KG").update(article="Ride at night.", article_number=7)
    page.get_by_role("button", name="Save article").click()
    expect(page.get_by_role("heading", name="Somebody else edited this meanwhile")).to_be_visible()
    found["article"] = barriers(page, violations)

    assert found == {"errors": [], "names": [], "article": []}


def some_of(pages, looks, first):
    """If not in all looks, visitors and members share the pages that both see."""
    return pages if looks == len(LOOKS) else pages[first::2]


def barriers_on(page, paths, violations, looks):
    """By page, in so many of its looks: if not in all, they take turns from page to page."""
    found = {}
    for number, path in enumerate(paths):
        answer = page.goto(path)
        problems = barriers(page, violations, [LOOKS[(number + look) % len(LOOKS)] for look in range(looks)])
        if not page.url.endswith(path) or answer.status not in {200, 400, 404}:
            problems.append(f"{answer.status} {page.url}")
        if problems:
            found[path] = problems
    return found


def barriers(page, violations, looks=None):
    """What stands in somebody's way on this page, in any of these looks, or of all four."""
    problems, widths = [], set()
    for width, scheme in looks or LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is on its way to another
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{width} {scheme}: scrolls sideways")
        only_colours = width in widths  # the other rules find the same in both schemes
        found = violations(page, only_colours=only_colours)
        problems += [f"{width} {scheme}: {violation}" for violation in found]
        widths.add(width)
    return problems
