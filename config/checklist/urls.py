from django.urls import path

from config.checklist import views
from config.worker import staff

app_name = "site"

urlpatterns = [
    path("staff/checklist/", views.checklist, name="checklist"),
    path("staff/checklist/<slug:key>/put-away/", views.put_away, name="put-away"),
    path("staff/checklist/<slug:key>/bring-back/", views.bring_back, name="bring-back"),
    path("staff/crossings/", views.crossings, name="crossings"),
    path("staff/doctor/", views.doctor, name="doctor"),
    path("staff/tasks/", staff.tasks, name="tasks"),
    path("staff/tasks/again/", staff.try_all_again, name="try-all-again"),
    path("staff/tasks/<uuid:task_id>/again/", staff.try_again, name="try-again"),
    path("staff/tasks/<uuid:task_id>/drop/", staff.drop_task, name="drop-task"),
]
