from django.urls import URLPattern

app_name = "treatment_plans"
urlpatterns: list[URLPattern] = []
