"""The log as an event store of `eventsourcing`: recorder, factory, subscription, notes."""
