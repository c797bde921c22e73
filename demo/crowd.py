"""Members and subforums of the big demo: those of the demo itself, and many more."""

import random
from bisect import bisect_right
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from accounts.models import ExpertBadge, User
from accounts.text import names
from accounts.text.slugs import slug_of
from demo import board, texts
from demo.texts import Writer
from forum.actions.rules import set_rules
from forum.models import Section, Subforum
from forum.sections.preset_tree import RULES_OF_THE_FORUM, SECTIONS

BADGE_EVERY = 25  # members


class Crowd:
    """Members in the order in which they joined."""

    def __init__(self, members: list[User]) -> None:
        self.members = sorted(members, key=lambda user: (user.joined_at, user.pk))
        self.joined = [user.joined_at for user in self.members]

    def one_at(self, when: datetime, dice: random.Random) -> User:
        """A random member who had joined by that time; earlier members are more likely."""
        count = bisect_right(self.joined, when)
        return self.members[int(count * dice.random() ** 2)]


def make_members(count: int, *, since: datetime, until: datetime) -> list[User]:
    """Create the demo's members, and others up to that number, who join from the year before `since` on."""
    known = board.make_members(board.read_topics())
    missing = count - len(known)
    first = since - timedelta(days=365)
    writer, password = Writer("members"), known["kettle"].password
    made = [
        _member(name, writer, first + (until - first) * number / missing, password)
        for number, name in zip(range(missing), texts.usernames(), strict=False)
    ]
    User.objects.bulk_create(made)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    _give_badges(made, known["borderline_bo"])
    return [user for user in [*known.values(), *made] if user.is_active]


def _member(name: str, writer: Writer, joined: datetime, password: str) -> User:
    return User(
        username=name,
        username_skeleton=names.skeleton(name),
        email=f"{name}@demo.example",
        password=password,
        signature=writer.signature() if writer.dice.random() < 0.3 else "",
        joined_at=joined,
        email_confirmed_at=joined,
    )


def _give_badges(members: list[User], giver: User) -> None:
    ExpertBadge.objects.bulk_create(
        ExpertBadge(user=user, title="Expert", subject="Crossings", given_by=giver, given_at=user.joined_at)
        for user in members[::BADGE_EVERY]
    )


def make_subforums(count: int) -> list[Subforum]:
    """Create subforums that everybody may read, in some sections, with rules."""
    administrator = User.objects.get(is_staff=True)
    sections = [Section.objects.create(name=name, position=at) for at, name in enumerate(texts.section_names())]
    rules = [(row["introduction"], row["rules"]) for _, rows in SECTIONS for row in rows]
    found = []
    for at, name in enumerate(texts.subforum_names()[:count]):
        subforum = _subforum(name, at, sections[at % len(sections)])
        introduction, lines = rules[at % len(rules)]
        set_rules(administrator, subforum, introduction=introduction, rules=lines)
        found.append(subforum)
    set_rules(administrator, None, **RULES_OF_THE_FORUM)
    return found


def _subforum(name: str, at: int, section: Section) -> Subforum:
    icons = texts.icons()
    return Subforum.objects.create(
        section=section,
        name=name,
        slug=slug_of(name),
        description=f"{name}: questions, answers, and what you saw yourself.",
        icon=icons[at % len(icons)],
        position=at,
    )
