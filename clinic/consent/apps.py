from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "clinic.consent"
    label = "consent"
