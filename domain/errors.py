"""What can go wrong, named by what happened and split by what to do next."""

from collections.abc import Sequence

from domain.refusals import Refusal
from domain.wording import refusal_sentences


class KontaktwerkError(Exception):
    """Something that Kontaktwerk can say in one sentence."""


class ConfigurationError(KontaktwerkError):
    """A setting is wrong: a person must change it."""


class DefinitionError(ConfigurationError):
    """A workflow's definition is wrong; problems say where, and what."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class MailServerError(KontaktwerkError):
    """A mail server did not do what was asked of it."""


class ServerUnreachable(MailServerError):
    """No connection could be made, or it broke: try again later."""


class CertificateRefused(MailServerError):
    """The server could not prove who it is: nothing was sent to it."""


class LoginRefused(MailServerError):
    """The server refused the login: a person must correct it."""


class FolderMissing(MailServerError):
    """The account has no such folder: a person must correct its name."""


class PrefectUnreachable(KontaktwerkError):
    """The Prefect server does not answer: start it, or try again later."""


class LeaseLost(KontaktwerkError):
    """Somebody else has taken over: stop, and write nothing."""


class StoreUnavailable(KontaktwerkError):
    """The database cannot be reached or written."""


class UnknownRecord(KontaktwerkError):
    """There is no such record, or none that this person may see."""


class BadFilter(KontaktwerkError):
    """A list cannot be asked for like this: a filter, a search or a page key is wrong."""


class Refused(KontaktwerkError):
    """An employee may not do this; the refusals say why, for any language."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal_sentences(refusals)))
        self.refusals = tuple(refusals)


class TooLate(KontaktwerkError):
    """What was to be held back has happened already."""
