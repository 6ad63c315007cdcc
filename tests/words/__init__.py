"""The portal in other languages."""
