"""The composer's suggestions for a title: the crossing with its status, and topics that may answer it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from crossings.gazetteer import matcher, spelling
from crossings.models import Crossing, DuplicateSaved
from crossings.models.crossing import CrossingQuerySet
from crossings.similar import ranking, tasks, terms
from crossings.similar.ranking import Suggestion
from crossings.status import update
from forum.extensions.fragments import Part
from forum.models import Subforum, Topic
from pagecache.prepared import MARK
from pagecache.prepared_models import instances

FROM_LETTERS = 3
ANSWERS_SHOWN = 2


@dataclass
class Panel:
    """What is known of a title so far; empty while it is too short to say anything."""

    crossing: Crossing | None = None
    answers: list[Suggestion] = field(default_factory=list)
    # The same question, which nobody has answered yet.
    asked: list[Suggestion] = field(default_factory=list)
    others: list[Suggestion] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)  # what the title names, where no crossing is known

    @property
    def is_empty(self) -> bool:
        return not (self.crossing or self.has_topics)

    @property
    def has_topics(self) -> bool:
        return bool(self.answers or self.asked or self.others)


def panel_of(user: User, title: str, body: str = "") -> Panel:
    """What to show beside this title, of the topics whose words are known: what is missing comes by a task."""
    title = title.strip()
    if len(title) < (1 if spelling.SPACELESS.search(title) else FROM_LETTERS):
        return Panel()
    _catch_up_soon()
    about = matcher.find(title, body)
    found = ranking.suggest(title, body, user=user, about=about)
    answers = [suggestion for suggestion in found if suggestion.may_answer][:ANSWERS_SHOWN]
    asked = [one for one in found if one.is_same_question and not one.topic.is_answered][:ANSWERS_SHOWN]
    others = [one for one in found if one not in answers and one not in asked]
    return Panel(_crossing(about), answers, asked, others, [] if about else _countries(title))


def _countries(title: str) -> list[str]:
    """Two countries and more have topics about what lies between them; one alone is too wide."""
    known = matcher.current()
    found = sorted(known.country_titles[code] for code in known.countries_in(title))
    return found if len(found) > 1 else []


def _catch_up_soon() -> None:
    """Enqueue the task that reads topics of an import, unless it is enqueued or running."""
    if terms.is_behind():
        with transaction.atomic():
            if terms.claim_catch_up():
                tasks.catch_up.enqueue()


def _crossing(pk: int | None) -> Crossing | None:
    today = update.today()
    found = instances(("suggested crossing", today), lambda: _with_status(today), pk) if pk else []
    return found[0] if found else None


def _with_status(today: date) -> CrossingQuerySet:
    return Crossing.objects.with_status(today).with_countries().filter(pk=MARK)


def in_composer(user: User, subforum: Subforum, title: str, source: str) -> Part:
    """The panel beside the forms of a new topic; a script asks for it again while one types."""
    return {"template": "crossings/_suggestions.html", "panel": panel_of(user, title, source), "subforum": subforum}


def count_saved(member: User, topic: Topic, *, was_answer: bool) -> None:
    """The member left the composer for this topic: counted once a day."""
    DuplicateSaved.objects.get_or_create(
        member=member, topic=topic, day=timezone.now().date(), defaults={"was_answer": was_answer}
    )


def saved_since(days: int) -> dict[str, int]:
    """How often that was, and how often the topic was thought to be the answer."""
    saved = DuplicateSaved.objects.filter(day__gt=timezone.now().date() - timedelta(days=days))
    return {"count": saved.count(), "answers": saved.filter(was_answer=True).count(), "days": days}
