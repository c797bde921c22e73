"""A farm of new accounts that does all it may for a month: what it wants, and what it reached.

It works through the verbs of the forum, as its pages do; that pages ask the same is for the matrix to prove.
"""

from contextlib import suppress
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.models import ExpertBadge, User
from accounts.text import names
from crossings.models import Crossing, CrossingReport
from crossings.similar import suggestions
from crossings.status import update
from forum.actions import reactions
from forum.extensions.screeners import Refused
from forum.models import Post, Reaction, Reading, Topic
from forum.permissions import NotAllowed
from moderation.actions import flags
from moderation.filters.trust import promote_all
from moderation.models import Flag
from tests.crossings.factories import make_crossing, make_report
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic

ACCOUNTS, DAYS = 20, 30
Trust = User.Trust


class Forum:
    """Those whom the farm is against: members who were there before it, and what they wrote."""

    def __init__(self) -> None:
        long_ago = timezone.now() - timedelta(days=200)
        self.members = [make_user(trust=Trust.MEMBER, joined_at=long_ago) for _ in range(4)]
        self.trusted = make_user("oldhand", trust=Trust.TRUSTED, joined_at=long_ago)
        self.expert = make_user("naryn_guide", trust=Trust.MEMBER, joined_at=long_ago)
        ExpertBadge.objects.create(
            user=self.expert, title="Kyrgyzstan expert", countries=["KG"], given_at=long_ago,
            given_by=make_user(is_staff=True),
        )  # fmt: skip
        self.open, self.closed, self.untold, self.busy = (make_crossing(editors_status="unknown") for _ in range(4))
        for days, member in enumerate(self.members):
            make_report(self.open, author=member, days_ago=days)
            make_report(self.closed, author=member, days_ago=days, outcome="found-closed")
        self.question = make_topic(author=self.members[0])
        self.written = [
            make_post(topic=self.question, author=author, source="Two stamps, half an hour.")
            for author in (*self.members, self.trusted, self.expert)
        ]
        self.topics = [make_topic(author=self.trusted) for _ in range(12)]

    def a_report_comes(self, day: int) -> None:
        """Others go on travelling: one report in three days at the busy crossing, one a week at the others."""
        author = self.members[day % len(self.members)]
        if day % 3 == 0:
            make_report(self.busy, author=author)
        if day % 7 == 0:
            make_report(self.open, author=author)
            make_report(self.closed, author=author, outcome="found-closed")


class Farm:
    """ACCOUNTS accounts of one age, each with an address of its own."""

    def __init__(self, forum: Forum) -> None:
        self.forum = forum
        self.accounts = [make_user(f"fresh{number}", trust=Trust.NEW) for number in range(ACCOUNTS)]
        self.today: list[User] = []
        self.refused = 0

    def work(self, day: int) -> None:
        """What a quarter of them tries on one day: each account comes every fourth day."""
        self.today = self.accounts[day % 4 :: 4]
        for number, account in enumerate(self.today):
            account.refresh_from_db()
            with suppress(Refused):
                make_post(author=account, topic=self.forum.topics[(day + number) % 12], source=f"Yes, I agree. {day}")
        if day == 0:
            self._read_everything()
        for plan in (self._report, self._flag, self._call_outdated, self._send_suggestions):
            plan(day)
        self._thank_each_other()

    def _report(self, day: int) -> None:
        """They lie where others told the truth; and each tells it once, where others will confirm it."""
        wanted = [(self.forum.open, "found-closed"), (self.forum.closed, "crossed"), (self.forum.untold, "crossed")]
        crossing, outcome = wanted[day % 3]
        for account in self.today:
            make_report(crossing, author=account, outcome=outcome)
        for account in self.accounts[day : day + 1]:
            make_report(self.forum.busy, author=account)

    def _flag(self, day: int) -> None:
        told = CrossingReport.objects.exclude(post__author__in=self.accounts).values_list("post", flat=True)
        targets = list(Post.objects.filter(pk__in=[*told, *(post.pk for post in self.forum.written)]).order_by("pk"))
        for account in self.today:
            address = f"203.0.113.{self.accounts.index(account)}"
            self._try(flags.flag_post, account, targets[day % len(targets)], reason="advertising", address=address)
            self._try(flags.flag_post, account, self.forum.question.opening_post, reason="rules", address=address)

    def _call_outdated(self, day: int) -> None:
        for account in self.today:
            self._try(reactions.react, account, self.forum.written[day % 6], "outdated")

    def _send_suggestions(self, day: int) -> None:
        for account in self.today:
            suggestions.count_saved(account, self.forum.topics[day % 12], was_answer=True)

    def _thank_each_other(self) -> None:
        theirs = Post.objects.filter(author__in=self.accounts).readable().order_by("-pk")[:5]
        for post in theirs:
            for account in self.today:
                self._try(reactions.react, account, post, "helpful")

    def _read_everything(self) -> None:
        Reading.objects.bulk_create(
            [Reading(user=account, topic=topic, number=1) for account in self.accounts for topic in self.forum.topics],
            ignore_conflicts=True,
        )

    def _try(self, verb, *values, **fields) -> None:
        try:
            verb(*values, **fields)
        except NotAllowed:
            self.refused += 1


def a_day_passes() -> None:
    """All that is stored becomes a day older, and the worker does its nightly chores."""
    day = timedelta(days=1)
    User.objects.update(joined_at=F("joined_at") - day)
    Post.objects.update(written_at=F("written_at") - day)
    Topic.objects.update(opened_at=F("opened_at") - day)
    Reaction.objects.update(given_at=F("given_at") - day)
    Flag.objects.update(at=F("at") - day)
    CrossingReport.objects.update(crossed_on=F("crossed_on") - day)
    promote_all()
    update.judge_all()


class Reached:
    """What the farm got on any of the days, and its story to print."""

    def __init__(self) -> None:
        self.turned: set[str] = set()
        self.hidden: set[str] = set()
        self.lines: list[str] = []

    def look(self, forum: Forum, day: int) -> None:
        """After the night: flags hide at once and for good, and statuses are judged then as by day."""
        shown = {name: _status(getattr(forum, name)) for name in ("open", "closed", "untold")}
        wanted = {"open": {"closed"}, "closed": {"open", "limited"}, "untold": {"open", "limited"}}
        self.turned |= {f"{name} is {status}" for name, status in shown.items() if status in wanted[name]}
        theirs = Post.objects.exclude(author__username__startswith="fresh")
        self.hidden |= {f"post {post.pk}" for post in theirs.exclude(held_at=None)}
        if day % 7 == 0:
            self.lines.append(f"day {day}: " + ", ".join(f"{name} is {status}" for name, status in shown.items()))

    def count(self, farm: Farm) -> None:
        accounts = User.objects.filter(username__startswith="fresh")
        self.members = accounts.filter(trust__gte=Trust.MEMBER).count()
        self.badges = ExpertBadge.objects.filter(user__in=accounts).count()
        self.dated = Reaction.objects.filter(user__in=accounts).exclude(kind=Reaction.Kind.HELPFUL).count()
        self.names = sum(
            names.skeleton(name) != names.skeleton("oldhand") for name in ("0ldhand", "оldhand", "OLDHAND")
        )
        self.lines += [
            f"statuses turned: {sorted(self.turned) or 'none'}",
            f"posts of others hidden: {sorted(self.hidden) or 'none'}",
            f"accounts that became members: {self.members}; badges: {self.badges}",
            f"answers called outdated: {self.dated}; refused: {farm.refused} times",
            f"names that look like a trusted member's: {self.names} of 3",
            f"open flags for moderators to dismiss: {Flag.objects.open().count()}",
        ]


def _status(crossing: Crossing) -> str:
    return Crossing.objects.with_status(update.today()).get(pk=crossing.pk).shown_status


def month_of_the_farm() -> Reached:
    forum = Forum()
    farm, reached = Farm(forum), Reached()
    for day in range(DAYS):
        forum.a_report_comes(day)
        farm.work(day)
        a_day_passes()
        reached.look(forum, day)
    reached.count(farm)
    return reached
