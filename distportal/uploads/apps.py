from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "distportal.uploads"
    label = "uploads"
    verbose_name = "Uploaded files"
