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
from crossings.models.link import CrossingTopic
from crossings.models.notice import Notice
from crossings.models.report import CrossingReport, Direction, Mode, Outcome, ReportFee, ReportRevision

__all__ = [
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
    "Mode",
    "Notice",
    "Outcome",
    "ReportFee",
    "ReportRevision",
    "Status",
    "StatusChange",
    "StatusSource",
]
