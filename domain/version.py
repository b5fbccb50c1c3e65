"""The version of this program, and of the release whose protocol it speaks."""

__version__ = "0.1.0"

PROTOCOL_RELEASE = "0.131.0"
