"""The doors: how clients come to the service."""
