from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "distportal.web"
    label = "web"
    verbose_name = "Shell"

    def ready(self) -> None:
        # The wiring imports every app's modules, so it must wait until all models are there.
        from distportal.wiring import discover  # noqa: PLC0415

        discover()
