from crossings.models.badge_application import BadgeApplication, Endorsement
from crossings.models.confirmation import AnswerConfirmation
from crossings.models.country import ArticleRevision, Country
from crossings.models.crossing import (
    Confidence,
    Crossing,
    CrossingName,
    Status,
    StatusChange,
    StatusSource,
)
from crossings.models.drawn_map import DrawnMap
from crossings.models.edit import CrossingEdit
from crossings.models.fact import CrossingFact
from crossings.models.hours import Hours, HoursConfirmation
from crossings.models.link import CrossingTopic
from crossings.models.notice import Notice
from crossings.models.report import CrossingReport, Direction, Mode, Outcome, ReportFee, ReportRevision
from crossings.models.similar import (
    DuplicateSaved,
    FollowedSuggestion,
    Matter,
    NamesVersion,
    SimilarTopic,
    TermState,
    TermWeight,
    TopicTerms,
    TopicVector,
    UnrelatedTopics,
)

__all__ = [
    "AnswerConfirmation",
    "ArticleRevision",
    "BadgeApplication",
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
    "Endorsement",
    "FollowedSuggestion",
    "Hours",
    "HoursConfirmation",
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
    "TopicVector",
    "UnrelatedTopics",
]
