from forum.models.post import Post, PostReference
from forum.models.reaction import Reaction
from forum.models.rules import RulesBanner
from forum.models.subforum import Section, Subforum
from forum.models.topic import Topic

__all__ = ["Post", "PostReference", "Reaction", "RulesBanner", "Section", "Subforum", "Topic"]
