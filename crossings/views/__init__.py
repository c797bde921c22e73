from crossings.views.border_search import find_crossing
from crossings.views.crossing_page import ask, crossing, reports, topics, why
from crossings.views.edit_links import edit_links
from crossings.views.listing import crossings
from crossings.views.lists.expert_lists import country_experts, experts
from crossings.views.lists.latest_lists import latest_posts, latest_topics
from crossings.views.lists.member_reports import member_reports
from crossings.views.report_pages import attach_report, choose_crossing, edit_report, report, report_history

__all__ = [
    "ask",
    "attach_report",
    "choose_crossing",
    "country_experts",
    "crossing",
    "crossings",
    "edit_links",
    "edit_report",
    "experts",
    "find_crossing",
    "latest_posts",
    "latest_topics",
    "member_reports",
    "report",
    "report_history",
    "reports",
    "topics",
    "why",
]
