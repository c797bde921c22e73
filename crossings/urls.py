from django.urls import path

from crossings import similar_urls, staff_urls, views

app_name = "crossings"

urlpatterns = [
    path("crossings/", views.crossings, name="crossings"),
    path("crossings/<slug:slug>/", views.crossing, name="crossing"),
    path("crossings/<slug:slug>/why/", views.why, name="why"),
    path("crossings/<slug:slug>/reports/", views.reports, name="reports"),
    path("crossings/<slug:slug>/topics/", views.topics, name="topics"),
    path("crossings/<slug:slug>/ask/", views.ask, name="ask"),
    path("crossings/<slug:slug>/report/", views.report, name="report"),
    path("report/", views.choose_crossing, name="choose-crossing"),
    path("posts/<id:post_id>/report/", views.attach_report, name="attach-report"),
    path("reports/<id:report_id>/edit/", views.edit_report, name="edit-report"),
    path("reports/<id:report_id>/history/", views.report_history, name="report-history"),
    path("topics/<id:topic_id>/crossings/", views.edit_links, name="edit-links"),
    *staff_urls.urlpatterns,
    *similar_urls.routes,
]
