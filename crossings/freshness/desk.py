"""The experts' desk: questions and ageing answers for the countries of an expert's badges, a section for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.readers import badges_of
from crossings.freshness import desk_queries, queries
from crossings.freshness.desk_queries import SHOWN
from crossings.freshness.panels import contradiction_in_words
from crossings.freshness.rules import Known, State, Verdict
from crossings.models import Country, Crossing, StatusChange
from crossings.models.crossing import CrossingQuerySet
from crossings.permissions import is_expert
from crossings.status import update
from forum import markup
from forum.extensions.menu import Sign
from forum.models import Post
from forum.pages.values import TopicRow
from pagecache.prepared import array_of, is_any, statement
from pagecache.prepared_models import instances


def sign(user: User) -> list[Sign]:
    """The way to the desk, in the menu of those who have one."""
    return [Sign("desk", reverse("crossings:desk"), "Experts' desk", icon="shield")] if is_expert(user) else []


@dataclass
class DeskRow:
    """An answer on the desk, with as much around it as it takes to decide."""

    found: queries.Found
    verdict: Verdict
    topic_id: int
    title: str
    author: str
    crossings: list[Crossing]
    contradiction: dict[str, object]
    is_own: bool
    excerpt: str = ""

    @property
    def pk(self) -> int:
        return self.found.post_id

    @property
    def shown(self) -> tuple:
        """Everything that its fragment shows (crossings/_waiting.html)."""
        facts = self.found.facts
        called = (facts.marked_on, facts.called_on, facts.called_by_expert_on, facts.outdated_count)
        about = tuple((crossing.slug, crossing.name) for crossing in self.crossings)
        contradiction = tuple(self.contradiction.items())
        words = (self.title, self.author, self.excerpt)
        return self.pk, self.topic_id, *words, self.is_own, self.verdict, called, contradiction, about


@dataclass
class Section:
    """Questions and answers of one country; own answers about anything else have a section without a country."""

    country: Country | None = None
    questions: list[TopicRow] = field(default_factory=list)
    outdated: list[DeskRow] = field(default_factory=list)
    contradicted: list[DeskRow] = field(default_factory=list)
    ageing: list[DeskRow] = field(default_factory=list)
    # Whether more waits than is shown.
    has_more: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.questions or self.answers)

    @property
    def answers(self) -> list[DeskRow]:
        return self.outdated + self.contradicted + self.ageing

    def put(self, what: TopicRow | DeskRow) -> None:
        listed = self._list_for(what)
        if len(listed) < SHOWN:
            listed.append(what)
        else:
            self.has_more = True

    def _list_for(self, what: TopicRow | DeskRow) -> list[Any]:
        if isinstance(what, TopicRow):
            return self.questions
        lists = {State.OUTDATED: self.outdated, State.CONTRADICTED: self.contradicted}
        return lists.get(what.verdict.state, self.ageing)


def desk_of(user: User) -> list[Section]:
    """One section for each country that the user's badges speak for, and one for own answers about anything else."""
    spoken_for = badges_of(user).countries
    found = instances("countries of the desk", _countries, array_of(spoken_for)) if spoken_for else []
    countries = {country.code: country for country in found}
    codes = [code for code in dict.fromkeys(spoken_for) if code in countries]
    sections = {code: Section(countries[code]) for code in codes}
    elsewhere = Section()
    for code, topic in _once(desk_queries.questions(user, codes)):
        sections[code].put(topic)
    told = _once_each([*desk_queries.called_outdated(user, codes), *desk_queries.own_answers(user, codes)])
    for one in _judged(user, told):
        sections.get(_country_of(one, codes), elsewhere).put(one)
    shown = [*sections.values(), *([] if elsewhere.is_empty else [elsewhere])]
    _tell_excerpts([one for section in shown for one in section.answers])
    return shown


def _countries() -> QuerySet[Country]:
    spoken_for = is_any("crossings_country.code", "varchar")
    return Country.objects.filter(spoken_for).defer("article", "article_html")


def _once(questions: list[tuple[str, TopicRow]]) -> list[tuple[str, TopicRow]]:
    """A crossing lies between two countries, and its questions stand under the first."""
    return list({topic.pk: (code, topic) for code, topic in reversed(questions)}.values())[::-1]


def _once_each(told: list[dict]) -> list[dict]:
    return list({one["pk"]: one for one in reversed(told)}.values())[::-1]


def _country_of(one: DeskRow, codes: Sequence[str]) -> str:
    here = {code for crossing in one.crossings for code in (crossing.country_a_id, crossing.country_b_id)}
    return next((code for code in codes if code in here), "")


def _judged(user: User, told: list[dict]) -> Iterator[DeskRow]:
    """What needs somebody: whatever is fresh is left out."""
    today = update.today()
    crossings = _crossings({pk for one in told for pk in one["crossings"]}, today)
    for one in told:
        found = queries.of_json(one)
        about = [crossings[pk][0] for pk in one["crossings"]]
        verdict = found.judge(about, [crossings[pk][1] for pk in one["crossings"]], today)
        if verdict.state != State.FRESH:
            contradiction = _contradiction(verdict, crossings, today)
            is_own = found.author_id == user.pk
            yield DeskRow(found, verdict, one["topic_id"], one["title"], one["author"], about, contradiction, is_own)


def _crossings(ids: set[int], today: date) -> dict[int, tuple[Crossing, Known]]:
    pks = array_of(sorted(ids))
    crossings = instances(("crossings of the desk", today), lambda: _with_newest(today), pks) if ids else []
    history: dict[int, list[StatusChange]] = {}
    for change in instances("changes of the desk", _changes, pks) if ids else []:
        history.setdefault(change.crossing_id, []).append(change)
    return {
        crossing.pk: (
            crossing, queries.known_of(crossing, history.get(crossing.pk, []), crossing.newest_report, today),
        )
        for crossing in crossings
    }  # fmt: skip


def _with_newest(today: date) -> CrossingQuerySet:
    crossings = Crossing.objects.filter(is_any("crossings_crossing.id")).with_status(today)
    return crossings.select_related("newest_report").defer("cells", "evidence", "figures", "kept_hours")


def _changes() -> QuerySet[StatusChange]:
    return StatusChange.objects.filter(is_any("crossings_statuschange.crossing_id")).order_by("-changed_on", "-pk")


def _contradiction(verdict: Verdict, crossings: dict[int, tuple[Crossing, Known]], today: date) -> dict[str, object]:
    if verdict.crossing_id is None:
        return {}
    crossing, _ = crossings[verdict.crossing_id]
    return contradiction_in_words(crossing, crossing.newest_report, verdict.before, today)


def _tell_excerpts(shown: list[DeskRow]) -> None:
    pks = array_of(one.pk for one in shown)
    html: dict[int, str] = dict(statement("texts of the desk", _texts).rows(pks)) if shown else {}
    for one in shown:
        one.excerpt = markup.words_of(html.get(one.pk, ""))


def _texts() -> QuerySet:
    return Post.objects.filter(is_any("forum_post.id")).values_list("pk", "html")
