"""Waiting for a condition, with a deadline; there is nothing else to wait for."""

import asyncio
import time


async def until(condition, seconds=20.0):
    """Wait until a condition gives something, in an event loop that works meanwhile; gives that."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)
    return value
