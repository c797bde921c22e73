"""Whatever is typed into any field or written into any address, the answer is never a failure of ours."""

import os
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client

from crossings.editorial import notices
from crossings.status import update
from forum.actions import edits
from moderation.actions import appeals, flags, post_acts, topic_acts
from moderation.log.entries import Why
from notifications.letters import signed_addresses
from notifications.letters.write import write
from notifications.models import Letter
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.naughty import strings

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
STRINGS = strings()
CHUNK = 12
# Each string visits a share of the places and each place meets a share of the strings; NAUGHTY_STRINGS names a file of
# strings that meet all places.
SHARE = 1 if os.environ.get("NAUGHTY_STRINGS") else 3
KEY = "3f1c7a52-4a6e-4a59-8f5e-0d6a1b6c7d11"


class World:
    def __init__(self):
        self.staff = make_user(is_staff=True, username="kind_staff")
        self.topic = make_topic(author=self.staff)
        self.post = make_post(topic=self.topic, author=self.staff)
        edits.edit_post(self.staff, self.post, source="Edited.", based_on=0)
        self.post.refresh_from_db()
        self.by_another = make_post(topic=self.topic)
        self.crossing = make_crossing(slug="kulma")
        self.report = make_report(self.crossing, author=self.staff)
        values = {"kind": "closure", "text": "Shut.", "source": "https://example.org", "begins_on": update.today()}
        letter, _ = write(
            make_user().pk, Letter.Kind.THROUGH, "through", crossing=self.crossing, travel_on=update.today()
        )
        self.through = f"/through/{signed_addresses.through_token(letter, 'crossed')}/"
        self.stop = f"/letters/{signed_addresses.stop_token(letter)}/stop/"
        self.item = flags.flag_post(make_user(), self.by_another, reason="other", words="Look.").item
        self.entry = topic_acts.lock(self.staff, make_topic(), Why(reason="Done."))
        asked = post_acts.hide(make_user(is_staff=True), make_post(topic=self.topic), Why(reason="No."))
        self.appeal = appeals.appeal(asked.member, asked, "Why?")
        own = topic_acts.lock(make_user(is_staff=True), make_topic(author=self.staff), Why())
        self.appeal_address = f"/moderation/entries/{own.pk}/appeal/"
        self.notice = notices.enter_notice(self.staff, self.crossing, values=values | {"ends_on": None})


def in_addresses(world, text):
    """Every parameter of every page, and every part of an address that takes words."""
    value = quote(text.encode("utf-8", "surrogatepass"))
    slug = world.topic.subforum.slug
    yield from (f"/search/?{name}={value}" for name in ("q", "after", "order"))
    yield from (f"/search/?q=x&{name}={value}" for name in ("forum", "by", "answered", "titles", "since", "after"))
    yield from (f"/forums/{slug}/?{name}={value}" for name in ("page", "tab", value or "x"))
    yield f"/topics/{world.topic.pk}/reply/?quote={value}"
    yield from (f"/unanswered/?page={value}", f"/unread/?page={value}", f"/theme/?next={value}")
    yield f"/moderation/members/{value}/"
    yield from (f"/moderation/?{name}={value}" for name in ("order", "kind", "done"))
    yield from (f"/moderation/topics/{world.topic.pk}/?{name}={value}" for name in ("page", "post"))
    yield from (f"/moderation/log/?member={value}", f"/log/?before={value}", f"/moderation/forums/{value}/")
    yield from (f"/members/{value}/", f"/forums/{value}/", f"/topics/{value}/", f"/posts/{value}/", f"/{value}")
    yield from (f"/topics/{world.topic.pk}-{value}/", f"/posts/{world.post.pk}/history/{value}/")
    yield f"/forums/{slug}/rules/history/{value}/"
    yield from (f"/countries/{value}/", f"/countries/kg/?page={value}", f"/countries/kg/history/{value}/")
    yield from (f"/crossings/{value}/edit/", f"/crossings/kulma/notices/{value}/", f"/members/{value}/trade/")
    yield f"/account/login/?next={value}"
    crossing = world.crossing.get_absolute_url()
    yield from (f"/crossings/?{name}={value}" for name in ("country", "mode", "kind", "status", "page", "region"))
    yield from (f"/crossings/{value}.json", f"/crossings/{value}/feed/", f"/countries/{value}/feed/")
    yield from (f"/sitemap-{value}.xml", f"/crossings.geojson?{value}={value}")
    yield from (f"{crossing}reports/?{name}={value}" for name in ("mode", "direction", "outcome", "before"))
    yield from (f"{crossing}topics/?only={value}", f"/report/?q={value}", f"/crossings/{value}/")
    yield from (f"/forums/{slug}/new/?crossing={value}", f"/posts/{world.post.pk}/report/?crossing={value}")
    yield f"/posts/{world.post.pk}/report/?q={value}"
    yield from (f"/notifications/?before={value}", f"/letters/{value}/stop/")
    yield from (f"/through/{value}/", f"/crossings/{value}/watch/")


def in_forms(world, text):
    """Every field of every form, alone in it where the others are right."""
    slug, topic, post = world.topic.subforum.slug, world.topic.pk, world.post.pk
    right = {"title": "A title long enough", "source": "Words.", "idempotency_key": KEY}
    for name in right:
        yield f"/forums/{slug}/new/", right | {name: text}
    for name in ("source", "idempotency_key", "seen", "preview", "save", "rules_read"):
        yield f"/topics/{topic}/reply/", {"source": "Words.", name: text}
    yield f"/topics/{topic}/reply/", {"source": text, "preview": "1"}
    for name in ("source", "title", "reason", "based_on"):
        yield f"/posts/{post}/edit/", {"source": "Words.", "based_on": 1, name: text}
    yield "/read/", {"until": text}
    for name in ("one", "until"):
        yield "/notifications/read/", {name: text}
    for name in ("travel_on", "direction"):
        yield "/crossings/kulma/watch/", {name: text}
    yield "/theme/", {"theme": text, "next": text}
    for name in ("location", "bio", "signature", "languages", "countries_known", "home_page", "travels_by", "bio_for"):
        yield "/settings/profile/", {name: text}
    for name in ("theme", "time_zone"):
        yield "/settings/", {"time_zone": "UTC", name: text}
    yield f"/members/{world.staff.username}/rename/", {"name": text}
    for name in ("title", "countries", "subject"):
        yield f"/members/{world.staff.username}/badges/", {"title": "Yaks", "subject": "yaks", name: text}
    for name in ("introduction", "rules", "reason", "based_on"):
        yield f"/forums/{slug}/rules/", {"introduction": "Look.", "rules": "One.", "based_on": 0, name: text}
    for name in ("name", "slug", "description", "icon", "position", "access", "moderators", "section"):
        yield "/staff/subforums/new/", {"name": "New", "slug": "new", "access": "open", name: text}
    yield "/staff/sections/new/", {"name": text, "position": text}
    yield f"/forums/{slug}/new/", right | {"crossings": text}
    yield f"/topics/{topic}/crossings/", {"crossings": text}
    told = {"crossed_on": "2026-01-01", "direction": "a-b", "mode": "bus", "outcome": "crossed", "based_on": 0}
    fee = {"fees-TOTAL_FORMS": 1, "fees-INITIAL_FORMS": 0, "fees-0-amount": 5, "fees-0-currency": "CNY"}
    fee["fees-0-purpose"] = "a car"
    for name in (*told, *fee, "source", "reason", "minutes_at_exit", "days_waiting", "papers", "checks", "staff"):
        yield f"{world.crossing.get_absolute_url()}report/", told | fee | {"source": "Words.", name: text}
        yield f"/reports/{world.report.pk}/edit/", told | fee | {name: text}
    yield from of_crossings(world, text)
    yield from of_moderation(world, text)


def of_crossings(world, text):
    place = {
        "name": "Kulma Pass", "latitude": "38", "longitude": "74", "kind": "road", "editors_status": "open",
        "as_of": "2025-12", "source": "A map", "confidence": "low", "reason": "Seen it",
    }  # fmt: skip
    for name in (*place, "post_a", "altitude_m", "towns", "in_conflict_zone", "based_on"):
        yield "/crossings/kulma/edit/", place | {name: text}
    for name in ("slug", "country_a", "country_b"):
        yield "/staff/crossings/new/", place | {"slug": "new", "country_a": "CN", "country_b": "KG", name: text}
    fact = {"papers-text": "Visa.", "papers-as_of": "2025-12", "papers-source": "A", "papers-confidence": "low"}
    for name in fact:
        yield "/crossings/kulma/edit/facts/", fact | {"reason": "Seen it", name: text}
    yield "/crossings/kulma/edit/names/", {"names": f"{world.crossing.name}\n{text}", "reason": text}
    notice = {"kind": "danger", "text": "Mud.", "source": "https://example.org", "begins_on": "2026-01-01"}
    for name in (*notice, "ends_on", "based_on"):
        yield "/crossings/kulma/notices/new/", notice | {name: text}
    yield f"/crossings/kulma/notices/{world.notice.pk}/", notice | {"text": text, "based_on": text}
    article = {"source": "Words.", "as_of": "2025-12", "reason": "News", "based_on": 0}
    for name in (*article, "preview"):
        yield "/countries/kg/edit/", article | {name: text}
    yield f"/members/{world.staff.username}/trade/", {"trade": text}


def of_moderation(world, text):
    for name in ("reason", "rule", "other", "other_address", "words"):
        yield f"/posts/{world.by_another.pk}/flag/", {"reason": "duplicate", name: text}
    for name in ("pattern", "act", "subforum", "note"):
        yield "/moderation/words/", {"pattern": "visa", "act": "hold", name: text}
    yield "/moderation/words/", {"try": "1", "text": text}
    yield f"/moderation/members/{world.topic.author.username}/", {"text": text}
    yield f"/moderation/members/{world.by_another.author.username}/", {"text": text}
    why, topic = ("rule", "reason", "private_note"), world.topic
    for name in (*why, "act", "other"):
        yield f"/moderation/queue/{world.item.pk}/act/", {"act": "dismiss", name: text}
    yield f"/moderation/queue/{world.item.pk}/note/", {"text": text}
    for name in ("item", "next"):
        yield f"/moderation/entries/{world.entry.pk}/undo/", {name: text}
    yield f"/moderation/entries/{world.entry.pk}/undo/", {"next": f"/moderation/{text}"}
    acts = {"act": "retitle", "new_title": "Another title", "posts": world.by_another.pk}
    for name in (*why, *acts, "subforum", "points"):
        yield f"/moderation/topics/{topic.pk}/", acts | {name: text}
    for act in ("lock", "split", "warn"):
        yield f"/moderation/topics/{topic.pk}/", acts | {"act": act, "new_title": text, "reason": text}
    for name in ("other", "similar"):
        yield f"/moderation/topics/{topic.pk}/", {"act": "merge", name: text}
    for name in (*why, "act", "topics", "subforum"):
        yield f"/moderation/forums/{topic.subforum.slug}/", {"act": "lock", "topics": topic.pk, name: text}
    for name in (*why, "source", "based_on"):
        yield f"/moderation/posts/{world.by_another.pk}/edit/", {"source": "Words.", "based_on": 0, name: text}
    for name in (*why, "act", "points", "days"):
        yield f"/moderation/members/{world.by_another.author.username}/act/", {"act": "suspend", "days": 3, name: text}
    yield f"/moderation/appeals/{world.appeal.pk}/", {"uphold": "1", "answer": text}
    yield world.appeal_address, {"words": text}


def for_visitors(world, text):
    for name in ("login", "password", "remember", "next"):
        yield "/account/login/", {"login": "somebody", "password": "x", name: text}
    for name in ("email", "username", "password1", "website", "began"):
        yield "/account/signup/", {"email": "a@example.org", "username": "abc", "password1": "x", name: text}
    yield "/account/password/reset/", {"email": text}
    told = {"crossed_on": "2026-01-01", "direction": "a-b", "mode": "bus", "outcome": "crossed"}
    for name in (*told, "source", "reason", "passport_group", "is_delayed", "again"):
        yield world.through, told | {name: text}
    yield world.stop, {"stop": text}


@pytest.mark.parametrize("first", range(0, len(STRINGS), CHUNK))
def test_no_string_anywhere_makes_the_server_fail(first, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "999999/1h")
    settings.ACCOUNT_RATE_LIMITS = False
    world, failed = World(), []
    member, visitor = Client(raise_request_exception=False), Client(raise_request_exception=False)
    member.force_login(world.staff)

    def ask(client, method, path, data):
        before = transaction.savepoint_create()
        answer = client.generic(method, path, _form(data), content_type="application/x-www-form-urlencoded")
        transaction.savepoint_rollback(before)
        if answer.status_code >= 500 and answer.status_code != 503:
            failed.append((answer.status_code, path, data))

    for number, text in enumerate(STRINGS[first : first + CHUNK]):
        places = [(member, "GET", path, None) for path in in_addresses(world, text)]
        places += [(member, "POST", path, data) for path, data in in_forms(world, text)]
        places += [(visitor, "POST", path, data) for path, data in for_visitors(world, text)]
        for place in places[number % SHARE :: SHARE]:
            ask(*place)

    assert failed == []


def _form(data):
    """As a browser sends it, but with halves of surrogate pairs, which no browser sends."""
    fields = [(name, str(text).encode("utf-8", "surrogatepass")) for name, text in (data or {}).items()]
    return urlencode(fields)
