"""Each task may run twice: what it did once, a second run leaves as it is, whether the first one was noted or not."""

import importlib
import pkgutil
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.tasks import Task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import ExpertBadge
from crossings.editorial import notices
from crossings.freshness.actions import confirm_answer
from crossings.links.actions import link_topic
from crossings.models import AnswerConfirmation, BadgeApplication
from crossings.status import update
from forum import markup
from forum.actions import answers, edits, reactions
from forum.sections import removal
from moderation.actions import post_acts
from moderation.log.entries import Why
from moderation.models import ModerationEntry
from notifications.models import Notification
from notifications.watches.actions import watch
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.notifications.letters.factories import tell_of

pytestmark = pytest.mark.django_db
# Versions of pages may grow with each run, and rows may be replaced by equal ones.
NOT_COMPARED = "'{id,version}'::text[]"
OTHER_TABLES = {"django_tasks_db_dbtaskresult", "config_doctorrun"}
# Takes long, and tests/crossings/editorial/test_importer.py loads twice.
ELSEWHERE = {"crossings.editorial.tasks.load_crossings"}


def tasks_of_the_code() -> dict[str, Task]:
    """Every task, by its path."""
    found = {}
    for app in ("pagecache", "accounts", "forum", "crossings", "moderation", "notifications", "config"):
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if module.name.endswith("tasks") and "worker" not in module.name:
                loaded = importlib.import_module(module.name)
                found |= {one.module_path: one for one in vars(loaded).values() if isinstance(one, Task)}
    return found


TASKS = tasks_of_the_code()


class World:
    """A little of everything that tasks look at."""

    def __init__(self):
        self.staff, self.expert, self.asker = make_user(is_staff=True), make_user(trust=2), make_user(trust=2)
        ExpertBadge.objects.create(
            user=self.expert, title="Pass expert", countries=["KG", "CN"], given_by=self.staff, given_at=timezone.now()
        )
        self.sleeper = make_user()
        ExpertBadge.objects.create(
            user=self.sleeper,
            title="Yak expert",
            given_by=self.staff,
            given_at=timezone.now(),
            asleep_at=timezone.now(),
        )
        self.application = BadgeApplication.objects.create(
            applicant=self.asker, countries=["KG"], words="I know.", made_at=timezone.now()
        )
        self.crossing = make_crossing(name="Torugart Pass", slug="torugart")
        update.judge(self.crossing.pk)
        watch(self.asker, self.crossing, travel_on=timezone.localdate() + timedelta(days=9))
        self.topic = make_topic(author=self.asker)
        make_topic(title="Torugart with a bicycle in July")
        link_topic(self.topic, self.crossing, source="author", by=self.asker)
        quoted = markup.quote(self.asker.username, self.topic.opening_post_id, "Is the arch open?")
        self.post = make_post(topic=self.topic, author=self.expert, source=f"{quoted}Yes, @{self.staff.username}.")
        answers.accept_answer(self.asker, self.post)
        reactions.react(self.asker, self.post, "helpful")
        confirm_answer(self.expert, make_post(topic=self.topic))
        edits.edit_post(self.expert, self.post, source=f"{quoted}Yes, @{self.asker.username}.", based_on=0)
        self.report = make_report(self.crossing, outcome="refused-exit", reason="shut", trust=2)
        values = {"kind": "danger", "text": "Mud.", "source": "https://example.org", "begins_on": update.today()}
        self.notice = notices.enter_notice(self.staff, self.crossing, values=values | {"ends_on": None})
        self.hidden = make_post(topic=self.topic)
        post_acts.hide(self.staff, self.hidden, Why(reason="Not here"))
        self.entry = ModerationEntry.objects.latest("pk")
        self.letter = tell_of(make_user()).letter
        self.leaving, self.target = make_subforum(), make_subforum()
        make_topic(subforum=self.leaving)
        removal.begin(self.staff, self.leaving, self.target)

    def arguments(self, path):
        """What the task is called with here."""
        topic, post, subforum = self.topic.pk, self.post.pk, self.topic.subforum_id
        confirmed = AnswerConfirmation.objects.get()
        return {
            "config.health.tasks.run_doctor": [],
            "crossings.similar.tasks.catch_up": [],
            "crossings.similar.tasks.leave_tables": [topic],
            "crossings.similar.tasks.leave_tables_of_subforum": [subforum],
            "crossings.similar.tasks.refresh_tables": [topic],
            "crossings.similar.tasks.write_missing_vectors": [],
            "crossings.similar.tasks.write_vector": [topic],
            "crossings.tasks.draw_maps": [],
            "crossings.tasks.follow_countries": [self.crossing.pk],
            "crossings.tasks.judge_by_new_rule": [],
            "crossings.tasks.judge_crossings": [[self.crossing.pk]],
            "forum.experts.tasks.count_replies": [self.expert.pk],
            "forum.experts.tasks.wake_badges": [[self.sleeper.pk, topic]],
            "forum.sections.tasks.go_on_removing": [self.leaving.pk],
            "forum.tasks.render_moved": [topic],
            "forum.tasks.render_naming": [self.asker.pk],
            "forum.tasks.render_quoting_subforum": [subforum],
            "forum.tasks.render_referrers": [self.topic.opening_post_id],
            "moderation.tasks.clear_ended_state": [topic],
            "moderation.tasks.end_pages_that_name_subforum": [subforum],
            "moderation.tasks.end_pages_that_name_topic": [topic],
            "moderation.tasks.look_for_duplicate": [topic],
            "notifications.news_tasks.count_news_of_post": [post],
            "notifications.news_tasks.count_news_of_subforum": [subforum],
            "notifications.news_tasks.count_news_of_topic": [topic],
            "notifications.news_tasks.tell_of_acceptance": [post],
            "notifications.news_tasks.tell_of_act": [self.entry.pk],
            "notifications.news_tasks.tell_of_application": [self.application.pk],
            "notifications.news_tasks.tell_of_sleep": [self.sleeper.badges.get().pk, 1],
            "notifications.news_tasks.tell_of_confirmation": [
                confirmed.post_id, confirmed.by_id, confirmed.confirmed_at.date().isoformat(),
            ],
            "notifications.news_tasks.tell_of_edit": [post, 1, self.expert.pk],
            "notifications.news_tasks.tell_of_links": [topic],
            "notifications.news_tasks.tell_of_notice": [self.notice.pk],
            "notifications.news_tasks.tell_of_post": [post, True],
            "notifications.news_tasks.tell_of_reaction": [post, self.asker.pk, "helpful"],
            "notifications.news_tasks.tell_of_report": [self.report.pk],
            "notifications.news_tasks.tell_of_status": [self.crossing.status_changes.latest("pk").pk],
            "notifications.news_tasks.write_letters": [],
            "notifications.tasks.send_letter": [self.letter.pk],
        }[path]  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    return sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - OTHER_TABLES)


def state(tables):
    """A fingerprint of the rows of each table."""
    rows = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(line, E'\\n' ORDER BY line), '')) "
        f"FROM (SELECT (to_jsonb(one) - {NOT_COMPARED})::text AS line FROM {table} AS one) AS lines"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(rows)
        return dict(cursor.fetchall())


def test_a_task_that_runs_twice_does_what_it_does_once(tables):
    world = World()
    changed = {}
    for path in sorted(TASKS.keys() - ELSEWHERE):
        arguments = world.arguments(path)
        TASKS[path].call(*arguments)
        once = state(tables)

        TASKS[path].call(*arguments)

        twice = state(tables)
        if different := [name for name in tables if once[name] != twice[name]]:
            changed[path] = different

    assert changed == {}


def test_all_of_them_in_any_order_tell_nothing_twice(tables):
    """As after a restore, or a worker that was killed before it noted anything: the whole queue again, backwards."""
    World()
    queued = [(row.task, row.args_kwargs["args"]) for row in DBTaskResult.objects.order_by("enqueued_at")]
    for task, arguments in queued:
        task.call(*arguments)
    told = Notification.objects.count()
    once = state(tables)

    for task, arguments in reversed(queued):
        task.call(*arguments)

    twice = state(tables)
    assert told > 3
    assert {name for name in tables if once[name] != twice[name]} == set()


def test_control_a_task_that_writes_each_time_is_found(tables):
    once = state(tables)
    tell_of(make_user(), key=str(uuid4()))

    assert state(tables) != once
