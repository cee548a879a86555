"""IMAP and MIME, without Prefect."""
