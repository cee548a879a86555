"""Run as `python -m deployments.desk`: serve the desk until interrupted."""

import uvicorn

from deployments.desk.app import desk
from tasks.settings import settings

if __name__ == "__main__":
    # No log of what is asked for: the address of a feed is its secret.
    uvicorn.run(
        desk(),
        host=settings().host,
        port=settings().desk_port,
        access_log=False,
        server_header=False,
    )
