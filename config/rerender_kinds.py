"""All kinds of texts whose stored HTML `manage.py rerender` renders again."""

from crossings.editorial import articles
from forum.actions import rerender
from forum.actions.rerender import Kind
from forum.site_texts import actions

KINDS = [
    Kind("Posts", lambda: rerender.outdated_posts().count(), rerender.rerender_posts),
    Kind("Rules", lambda: rerender.outdated_rules().count(), rerender.rerender_rules),
    Kind("Texts of the site", lambda: actions.outdated().count(), actions.rerender),
    Kind("Articles", lambda: articles.outdated().count(), articles.rerender),
]
