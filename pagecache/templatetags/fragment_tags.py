"""{% finished "name" value … %} … {% endfinished %}: a template fragment, cached by its name and values."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils import timezone

from pagecache import fragment_cache

register = template.Library()


@register.tag("finished")
def do_finished(parser: Parser, token: Token) -> "FinishedNode":
    """The values are the cache key: they must name everything that the fragment shows."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodes = parser.parse(("endfinished",))
    parser.delete_first_token()
    return FinishedNode(values, nodes)


class FinishedNode(template.Node):
    child_nodelists = ("nodes",)

    def __init__(self, values: list[FilterExpression], nodes: NodeList) -> None:
        self.values = values
        self.nodes = nodes

    def render(self, context: template.Context) -> str:
        key = ("part", *(value.resolve(context) for value in self.values), timezone.get_current_timezone_name())
        return fragment_cache.parts.get_or_make(key, lambda: self.nodes.render(context))
