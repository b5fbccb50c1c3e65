"""The service: JSON-RPC methods over the read models and the log."""
