"""Where events are sent, each message on its way, and each try; who posts events to us, and each of these."""

from distportal.webhooks.models.inbound import Received, Sender
from distportal.webhooks.models.outbound import Attempt, Delivery, Endpoint

__all__ = ["Attempt", "Delivery", "Endpoint", "Received", "Sender"]
