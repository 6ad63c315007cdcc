from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "distportal.web"
    label = "web"
    verbose_name = "Shell"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        from distportal.web import checks  # noqa: F401, PLC0415  registers what `check --deploy` asks
        from distportal.web.session_limits import note_sign_in  # noqa: PLC0415

        user_logged_in.connect(note_sign_in)
