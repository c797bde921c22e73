"""What rounds ask of Django, in a process of its own: a line of JSON a question, a line of JSON an answer."""

import json
import os
import sys
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from datetime import timedelta  # noqa: E402

from django.db import connection  # noqa: E402
from django.db.models import F, QuerySet  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from accounts.models import User  # noqa: E402
from config.worker.tries import put_off  # noqa: E402
from forum.actions import posts  # noqa: E402
from forum.counters.recount import recount  # noqa: E402
from forum.models import Reading, Section, Subforum, Topic  # noqa: E402
from notifications.letters import threads  # noqa: E402
from notifications.models import Letter, Notification  # noqa: E402
from notifications.news.tell import Cause, tell_all  # noqa: E402
from notifications.watches.actions import watch  # noqa: E402

TITLES = ["Torugart with a bicycle in June", "Erkeshtam by bus", "Astara on foot", "Khorgos at night", "Bachty in snow"]


def plant(members: int, watchers: int, topics: int) -> dict:
    """Members who may write as much as they like, two moderators, watchers, and topics in two subforums."""
    section = Section.objects.create(name="On the ground")
    places = [Subforum.objects.create(section=section, name=f"Road {n}", slug=f"road-{n}", position=n) for n in (1, 2)]
    writers = [_member(f"writer_{number}") for number in range(members)]
    opened = open_topics(topics)
    watching = [_member(f"watcher_{number}") for number in range(watchers)]
    for watcher in watching:
        watch(watcher, Topic.objects.get(pk=opened[0]))
    return {
        "members": [_session(user) for user in writers],
        "moderators": [_session(_member(f"moderator_{number}", is_staff=True)) for number in (1, 2)],
        "watchers": [user.pk for user in watching],
        "topics": opened,
        "page": page_of(opened[0]),
        "subforums": [place.pk for place in places],
    }


def open_topics(topics: int) -> list[int]:
    """New topics, by turns in each subforum."""
    author, places = User.objects.get(username="writer_0"), list(Subforum.objects.order_by("pk"))
    return [
        posts.open_topic(
            author, places[number % len(places)], title=TITLES[number % len(TITLES)], source="And now?"
        ).topic_id
        for number in range(topics)
    ]


def page_of(topic: int) -> str:
    return Topic.objects.get(pk=topic).get_absolute_url()


def tell(watchers: list[int]) -> None:
    """News that come at once, as those of a moderator do."""
    tell_all(watchers, Cause(Notification.Kind.MODERATION, str(uuid4()), "/rules/", subject="A word"))


def _member(name: str, **fields: object) -> User:
    fields |= {"email": f"{name}@example.org", "email_confirmed_at": timezone.now(), "trust": User.Trust.TRUSTED}
    return User.objects.create_user(name, password=None, **fields)


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["session"].value


def drift() -> list[str]:
    return [str(found) for found in recount(mend=False)]


def mend() -> int:
    return len(recount(mend=True))


def forget_tasks() -> None:
    """What earlier rounds enqueued, in which no worker was at work: thousands of tasks that nobody waits for."""
    DBTaskResult.objects.all().delete()


def letters() -> dict:
    """The Message-IDs of all letters that were asked for, and of those that were sent, by whatever worker; and how many
    letters and tasks are not done yet."""
    tasks = DBTaskResult.objects.exclude(status="SUCCESSFUL")
    return {
        "ids": _message_ids(Letter.objects.filter(dropped_at=None)),
        "sent": _message_ids(Letter.objects.exclude(sent_at=None)),
        "dropped": list(Letter.objects.exclude(dropped_at=None).values_list("problem", flat=True)),
        "open": Letter.objects.waiting().count() + tasks.filter(status__in=["READY", "RUNNING"]).count(),
        "failed": tasks.filter(status="FAILED").count(),
    }


def _message_ids(letters_found: QuerySet[Letter]) -> list[str]:
    return [threads.message_id(letter) for letter in letters_found]


def wait_a_quarter_of_an_hour() -> None:
    """What waits for a time is due now, as if the time had passed: letters (also of members who were just reading the
    topic, and are left in peace for a while) and tasks that are tried again."""
    ago = timedelta(minutes=16)
    Reading.objects.update(seen_at=F("seen_at") - ago)
    Letter.objects.waiting().filter(begun_at__isnull=False).update(begun_at=F("begun_at") - ago)
    Letter.objects.waiting().update(due_at=F("due_at") - ago)
    put_off().update(run_after=F("run_after") - ago)


ASKED = [plant, open_topics, page_of, tell, drift, mend, letters, forget_tasks, wait_a_quarter_of_an_hour]
QUESTIONS = {question.__name__: question for question in ASKED}

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        answer = QUESTIONS[asked.pop("do")](**asked)
        connection.close()  # the next question comes to a database that may have been killed
        print(json.dumps(answer), flush=True)
