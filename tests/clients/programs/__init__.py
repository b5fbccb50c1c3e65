"""One program a client: each is run by a Python that has that client, with where the server is.

Every program lists the threads page by page, reads each with its turns, walks the turns of each where its
client can, and prints `{"listed": [...], "read": [...], "walked": {...}}` as JSON.
"""
