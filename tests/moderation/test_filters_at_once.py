"""Administrators who set up the filters at the same time. Every race has a control that must fail."""

import threading
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import SignUpBlock, User
from forum.models import Topic
from moderation.filters import banned_words, gate
from moderation.models import WatchedWord
from tests.factories import make_user
from tests.forum.factories import make_subforum
from tests.forum.test_at_once import at_once
from tests.moderation.factories import make_admin

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TIMES = 4
DOMAINS = [f"mail{number}.example" for number in range(20)]
PATTERNS = [f"casino{number}" for number in range(20)]


def test_the_same_list_pasted_at_once_is_blocked_once():
    admins = [make_admin() for _ in range(TIMES)]

    failures = at_once(*[lambda user=user: gate.block(user, "domain", DOMAINS, address="") for user in admins])

    assert failures == []
    assert SignUpBlock.objects.count() == len(DOMAINS)


def test_control_who_looks_and_then_writes_without_a_lock_fails():
    admin, both_have_looked = make_admin(), threading.Barrier(2)

    def careless():
        with transaction.atomic():
            is_new = not SignUpBlock.objects.filter(folded="mail.example").exists()
            both_have_looked.wait()
            if is_new:
                SignUpBlock.objects.create(
                    kind="domain", value="mail.example", folded="mail.example", by=admin, at=timezone.now()
                )

    failures = at_once(careless, careless)

    assert [type(failure) for failure in failures] == [IntegrityError]


def test_the_same_words_pasted_and_watched_at_once_are_watched_once():
    admins = [make_admin() for _ in range(TIMES)]
    pastes = [lambda user=user: banned_words.watch_all(user, PATTERNS, act="hold") for user in admins]
    single = [lambda user=user: banned_words.watch(user, PATTERNS[9], act="hold") for user in admins]

    failures = at_once(*pastes, *single)

    assert failures == []
    assert WatchedWord.objects.count() == len(PATTERNS)


def test_two_who_open_equal_titles_at_once_both_may():
    subforum = make_subforum()
    writers = [make_user(trust=User.Trust.MEMBER) for _ in range(2)]
    statuses = []

    def send(user):
        client = Client()
        client.force_login(user)
        form = {"title": "Torugart with a bicycle", "source": f"By {user.username}.", "idempotency_key": uuid.uuid4()}
        statuses.append(client.post(f"/forums/{subforum.slug}/new/", form).status_code)

    failures = at_once(*[lambda user=user: send(user) for user in writers])

    assert failures == []
    assert sorted(statuses) in ([302, 302], [302, 409])
    assert Topic.objects.count() == statuses.count(302)
