from django.urls import path

from clinic.office import views

app_name = "office"
urlpatterns = [
    path("mail/", views.messages, name="messages"),
]
