"""The story: what the automation does, told as Prefect flows."""
