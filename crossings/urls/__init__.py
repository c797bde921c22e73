from django.urls import path

from crossings import views
from crossings.urls import staff, times
from crossings.views import data, expert_desk, similar_topics
from crossings.views.lists import badge_applications, dumps

app_name = "crossings"

urlpatterns = [
    path("crossings/", views.crossings, name="crossings"),
    path("find/", views.find_crossing, name="find-crossing"),
    path("crossings/<slug:slug>/", views.crossing, name="crossing"),
    path("crossings/<slug:slug>.json", data.crossing_data, name="crossing-data"),
    path("crossings.geojson", data.crossings_data, name="crossings-data"),
    path("data/", dumps.data, name="data"),
    path("data/<str:day>/<str:name>", dumps.data_file, name="data-file"),
    path("crossings/<slug:slug>/feed/", data.crossing_feed, name="crossing-feed"),
    path("countries/<slug:code>/feed/", data.country_feed, name="country-feed"),
    path("crossings/<slug:slug>/why/", views.why, name="why"),
    path("crossings/<slug:slug>/reports/", views.reports, name="reports"),
    path("crossings/<slug:slug>/topics/", views.topics, name="topics"),
    path("crossings/<slug:slug>/ask/", views.ask, name="ask"),
    path("crossings/<slug:slug>/report/", views.report, name="report"),
    path("report/", views.choose_crossing, name="choose-crossing"),
    path("posts/<id:post_id>/report/", views.attach_report, name="attach-report"),
    path("reports/<id:report_id>/edit/", views.edit_report, name="edit-report"),
    path("reports/<id:report_id>/history/", views.report_history, name="report-history"),
    path("experts/", views.experts, name="experts"),
    path("experts/apply/", badge_applications.apply_for_badge, name="apply-for-badge"),
    path("experts/applications/", badge_applications.badge_applications, name="badge-applications"),
    path("experts/applications/<id:application_id>/", badge_applications.badge_application, name="badge-application"),
    path(
        "experts/applications/<id:application_id>/endorse/",
        badge_applications.endorse_application,
        name="endorse-application",
    ),
    path(
        "experts/applications/<id:application_id>/not-endorse/",
        badge_applications.take_endorsement_back,
        name="take-endorsement-back",
    ),
    path(
        "experts/applications/<id:application_id>/take-back/",
        badge_applications.take_application_back,
        name="take-application-back",
    ),
    path("countries/<slug:code>/experts/", views.country_experts, name="country-experts"),
    path("latest/", views.latest_topics, name="latest-topics"),
    path("latest/posts/", views.latest_posts, name="latest-posts"),
    path("members/<str:username>/reports/", views.member_reports, name="member-reports"),
    path("topics/<id:topic_id>/crossings/", views.edit_links, name="edit-links"),
    path("desk/", expert_desk.desk, name="desk"),
    path("posts/<id:post_id>/confirm/", expert_desk.confirm_answer, name="confirm-answer"),
    *times.urlpatterns,
    *staff.urlpatterns,
    path("forums/<subforum:slug>/suggestions/", similar_topics.suggest, name="suggest"),
    path("topics/<id:topic_id>/suggested/", similar_topics.suggestion, name="suggestion"),
    path("topics/<id:topic_id>/similar/", similar_topics.similar, name="similar"),
    path("topics/<id:topic_id>/similar/<id:other_id>/unrelated/", similar_topics.mark_unrelated, name="mark-unrelated"),
    path(
        "topics/<id:topic_id>/similar/<id:other_id>/related/", similar_topics.unmark_unrelated, name="unmark-unrelated"
    ),
    path("staff/similar-topics/", similar_topics.similarity_figures, name="similarity-figures"),
]
