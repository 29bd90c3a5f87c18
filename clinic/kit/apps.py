from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "clinic.kit"
    label = "kit"
