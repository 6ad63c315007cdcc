"""Starts the wiring once every model is there."""

from django.apps import AppConfig

from distportal.observability.starting import start_tracing


class DistportalConfig(AppConfig):
    name = "distportal"
    verbose_name = "Distribution operations portal"

    def ready(self) -> None:
        # Both import the apps' modules, which need the models: they cannot stand at the top.
        import distportal.celery  # noqa: F401, PLC0415  hints go out through this application
        from distportal.wiring import discover  # noqa: PLC0415

        discover()
        start_tracing()
