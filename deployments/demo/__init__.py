"""A company to try everything on: mail server, directory and a stream of real messages."""
