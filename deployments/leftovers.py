"""Runs that a killed process left behind: Prefect would show them as running for ever."""

import httpx

UNENDED = ["RUNNING", "CANCELLING"]
CRASHED = {"type": "CRASHED", "message": "its process was gone when Kontaktwerk started again"}


def end_leftovers(api_url: str) -> int:
    """Mark every run that seems to go on as crashed, before any is started; gives how many.

    What such a run had committed stays; what it had not is done by the next one.
    """
    wanted = {"flow_runs": {"state": {"type": {"any_": UNENDED}}}}
    with httpx.Client(base_url=api_url, timeout=30) as api:
        found = api.post("/flow_runs/filter", json=wanted).raise_for_status().json()
        for run in found:
            change = {"state": CRASHED, "force": True}
            api.post(f"/flow_runs/{run['id']}/set_state", json=change).raise_for_status()
    return len(found)
