"""A client of an app-server, ours or the real one.

    async with Client.at("unix:///run/threadstore.sock") as client:
        async for thread in client.threads():
            print(thread["id"], thread["preview"])

`calls` is the protocol without any input or output: which line asks, and what a line that came in means.
`wires` carries lines: over the pipes of a process, over WebSocket, or to a service in this process.
`client` puts the two together and gives the calls their names.
"""
