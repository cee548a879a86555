"""The automation that comes with it: an example of what admins can build on its events."""

from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.events import Automation, AutomationCore, EventTrigger
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import Posture

from domain.events import EMITTED, EventName

MANY_BOUNCES = "kontaktwerk: many bounces"
MANY = 10
WITHIN = timedelta(hours=1)


def many_bounces(report_bounces: UUID) -> AutomationCore:
    """Let a report be made where much comes back: a list is old, or a server has blocked us."""
    return AutomationCore(
        name=MANY_BOUNCES,
        description=f"{MANY} dispatches bounced within an hour: they are counted on a board.",
        trigger=EventTrigger(
            expect={EventName.CONTACT_BOUNCED},
            match={"prefect.resource.id": f"{EMITTED[EventName.CONTACT_BOUNCED].resource}*"},
            posture=Posture.Reactive,
            threshold=MANY,
            within=WITHIN,
        ),
        actions=[RunDeployment(deployment_id=report_bounces, parameters={"hours": 1})],
    )


async def deploy_automation(report_bounces: UUID) -> None:
    """Create the automation where there is none of its name; an admin's changes of it stay.

    Only where it would run a report that was deployed before, and is gone, it is made anew.
    """
    async with get_client() as client:
        there = await client.read_automations_by_name(MANY_BOUNCES)
        gone = [each for each in there if not await _is_alive(client, each)]
        for automation in gone:
            await client.delete_automation(automation.id)
        if len(gone) == len(there):
            await client.create_automation(many_bounces(report_bounces))


async def _is_alive(client: PrefectClient, automation: Automation) -> bool:
    """Whether every deployment that an automation runs exists."""
    runs = [each for each in automation.actions if isinstance(each, RunDeployment)]
    ids = {str(each.deployment_id) for each in runs if each.deployment_id}
    wanted = {"deployments": {"id": {"any_": sorted(ids)}}}
    answer = await client.request("POST", "/deployments/filter", json=wanted)
    return len(answer.json()) == len(ids)
