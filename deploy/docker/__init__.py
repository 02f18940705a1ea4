"""Kelmu in containers: one image, and what runs in it before the services do."""
