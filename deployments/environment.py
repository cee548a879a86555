"""How Prefect's processes are told to keep to this installation, before any imports Prefect."""

from tasks.settings import Settings


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Give the environment in which Prefect's processes keep to this installation."""
    return {
        "PREFECT_HOME": str(settings.folder / "prefect"),
        "PREFECT_API_URL": f"http://{settings.host}:{settings.port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # it calls an analytics host all the same
        "DO_NOT_TRACK": "1",
    }
