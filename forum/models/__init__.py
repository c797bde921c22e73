from forum.models.answer import Answer
from forum.models.bookmark import Bookmark
from forum.models.draft import Draft
from forum.models.former_address import FormerAddress
from forum.models.post import Post, PostReference, PostWord
from forum.models.reaction import Reaction, WeeklyThanks
from forum.models.reading import Reading, SubforumReading
from forum.models.rearrangement import FormerPlace, Rearrangement, TopicPointer
from forum.models.revision import PostRevision
from forum.models.rules import RulesBanner, RulesRead, RulesVersion
from forum.models.site_version import SiteVersion
from forum.models.subforum import Section, Subforum
from forum.models.topic import Topic

__all__ = [
    "Answer",
    "Bookmark",
    "Draft",
    "FormerAddress",
    "FormerPlace",
    "Post",
    "PostReference",
    "PostRevision",
    "PostWord",
    "Reaction",
    "Reading",
    "Rearrangement",
    "RulesBanner",
    "RulesRead",
    "RulesVersion",
    "Section",
    "SiteVersion",
    "Subforum",
    "SubforumReading",
    "Topic",
    "TopicPointer",
    "WeeklyThanks",
]
