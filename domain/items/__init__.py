"""From the lines of an item to the item of the protocol: one function a kind."""
