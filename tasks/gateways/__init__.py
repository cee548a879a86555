"""Gateways that carry contacts over HTTP; nothing here knows of Prefect."""
