"""The operator's pages: every list and a page of each kind of row; what verbs write is only looked at."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crossings.models import Matter
from forum.models import RulesRead
from forum.read_only_admin import LookOnly
from moderation.actions import claims, flags, member_acts, post_acts, topic_acts
from moderation.filters.banned_words import watch as watch_word
from moderation.log.entries import Why
from moderation.models import Flag, Hold, ModerationEntry, PostAddress, Suspension
from notifications.letters import bounces
from notifications.models import Bounce, Subscription
from tests.accounts.signin.steps import prove
from tests.forum.factories import make_post, make_topic
from tests.made_once import made_once
from tests.matrix.world import make_world

OURS = {"accounts", "forum", "crossings", "moderation", "notifications"}
REGISTERED = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda model: model._meta.label
)
LOOKED_AT = [model for model in REGISTERED if isinstance(admin.site._registry[model], LookOnly)]


@pytest.fixture(scope="module")
def administrator(django_db_setup, django_db_blocker):
    """In a forum that has at least one row of everything the operator may look at."""
    with made_once(django_db_blocker):
        yield with_everything(make_world())


def with_everything(world):
    staff, here = world["admin"], world["subforum"]
    topic = make_topic(subforum=here)
    flag = flags.flag_post(world["member"], topic.opening_post, reason=Flag.Reason.ADVERTISING)
    claims.note(staff, flag.item, "Ask first.")
    Hold.objects.create(item=flag.item, post=topic.opening_post, reason="other", words="x", at=flag.at)
    member_acts.add_note(staff, world["new"], "Writes in good faith.")
    entry = ModerationEntry.objects.get(pk=world["act"].pk)
    Suspension.objects.create(member=world["new"], entry=entry, begins_at=entry.at)
    watch_word(staff, "cheap permits", act="hold", note="Sellers.")
    topic_acts.move(staff, make_topic(subforum=here), world["members"], Why())
    topic_acts.merge(staff, make_topic(subforum=here), topic, Why())
    post_acts.hide(staff, make_post(topic=topic), Why(reason="For order."))
    RulesRead.objects.create(user=world["new"], subforum=here, read_at=entry.at)
    Matter.objects.create(name="Visas", words=["visa"])
    Subscription.objects.get_or_create(user=world["new"], category="topics", frequency="week")
    bounces.record(world["new"], Bounce.Kind.SOFT, "one")
    return staff


@pytest.fixture
def operator(client, administrator, db):
    """That administrator, signed in."""
    client.force_login(administrator)
    prove(client)
    client.staff = administrator
    return client


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_list_and_a_page_of_each_kind_is_served(operator):
    rows = {model: model._default_manager.first() for model in REGISTERED}
    assert [model for model, row in rows.items() if row is None] == []

    lists = {model: operator.get(page(model, "changelist")).status_code for model in REGISTERED}
    pages = {model: operator.get(page(model, "change", row.pk)).status_code for model, row in rows.items()}

    assert set(lists.values()) | set(pages.values()) == {200}


def test_what_verbs_write_is_neither_added_nor_changed_nor_deleted_by_hand(operator):
    rows = {model: model._default_manager.first() for model in LOOKED_AT}

    codes = {
        (model, verb): operator.post(path, {"post": "yes"}).status_code
        for model, row in rows.items()
        for verb, path in {
            "add": page(model, "add"),
            "change": page(model, "change", row.pk),
            "delete": page(model, "delete", row.pk),
        }.items()
    }

    assert len(LOOKED_AT) >= 20
    assert ModerationEntry in LOOKED_AT
    assert set(codes.values()) == {403}
    assert all(model.objects.filter(pk=row.pk).exists() for model, row in rows.items())


def test_addresses_of_posts_are_not_there_because_a_look_at_them_is_logged():
    assert PostAddress not in admin.site._registry


def test_a_list_asks_the_same_however_long_it_is(operator):
    operator.get(page(ModerationEntry, "changelist"))  # the first one also learns which models there are
    with CaptureQueriesContext(connection) as few:
        operator.get(page(ModerationEntry, "changelist"))
    topic = make_topic()
    for _ in range(6):
        post_acts.hide(operator.staff, make_post(topic=topic), Why(reason="For order."))

    with CaptureQueriesContext(connection) as many:
        operator.get(page(ModerationEntry, "changelist"))

    assert len(few) == len(many)
