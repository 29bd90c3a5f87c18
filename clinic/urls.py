from django.urls import include, path

from clinic.office.views import home

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("", include("clinic.office.urls")),
    path("", include("intake.urls")),
    path("", include("screening.urls")),
    path("", include("treatment_plans.urls")),
    path("", include("clinic.consent.urls")),
    path("", include("follow_up.urls")),
    path("", include("caseload.urls")),
]
