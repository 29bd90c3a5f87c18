from django.urls import path

from clinic.office import views

app_name = "office"
urlpatterns = [
    path("office/mail/", views.messages, name="messages"),
    path("office/access/", views.access_search, name="access_search"),
    path("office/staff/", views.staff, name="staff"),
    path("office/staff/<id:person>/deactivate/", views.deactivate, name="deactivate"),
    path("office/settings/", views.clinic_settings, name="settings"),
    path("client/<id:client>/access/", views.access, name="access"),
]
