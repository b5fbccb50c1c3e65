"""JSON-RPC: lines, messages, requests and their schemas, connections and who is told what."""
