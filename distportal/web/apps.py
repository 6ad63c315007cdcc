from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "distportal.web"
    label = "web"
    verbose_name = "Shell"

    def ready(self) -> None:
        from distportal.web import checks  # noqa: F401, PLC0415  registers what `check --deploy` asks
