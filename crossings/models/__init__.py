from crossings.models.confirmation import AnswerConfirmation
from crossings.models.country import ArticleRevision, Country
from crossings.models.crossing import (
    Confidence,
    Crossing,
    CrossingEdit,
    CrossingFact,
    CrossingName,
    Status,
    StatusChange,
    StatusSource,
)
from crossings.models.drawn_map import DrawnMap
from crossings.models.link import CrossingTopic
from crossings.models.notice import Notice
from crossings.models.report import CrossingReport, Direction, Mode, Outcome, ReportFee, ReportRevision
from crossings.models.similar import (
    DuplicateSaved,
    Matter,
    NamesVersion,
    SimilarTopic,
    TermState,
    TermWeight,
    TopicTerms,
)

__all__ = [
    "AnswerConfirmation",
    "ArticleRevision",
    "Confidence",
    "Country",
    "Crossing",
    "CrossingEdit",
    "CrossingFact",
    "CrossingName",
    "CrossingReport",
    "CrossingTopic",
    "Direction",
    "DrawnMap",
    "DuplicateSaved",
    "Matter",
    "Mode",
    "NamesVersion",
    "Notice",
    "Outcome",
    "ReportFee",
    "ReportRevision",
    "SimilarTopic",
    "Status",
    "StatusChange",
    "StatusSource",
    "TermState",
    "TermWeight",
    "TopicTerms",
]
