"""E-mail addresses: which texts are some, by their form alone, and how they are spelled."""

from email_validator import EmailNotValidError, ValidatedEmail, validate_email


def mail_address(text: str) -> str:
    """Spell an address as is usual; ValueError says in a sentence why a text is none."""
    return _known(text).normalized


def is_mail_address(text: str) -> bool:
    """Tell whether a text is an e-mail address."""
    try:
        _known(text)
    except EmailNotValidError:
        return False
    return True


def ascii_domain(domain: str) -> str:
    """Write an international domain in ASCII; ValueError where it cannot exist.

    By IDNA 2008 (RFC 5891), as browsers do: the standard library's IDNA 2003 takes strasse for
    straße, which is another's domain.
    """
    return domain if domain.isascii() else _known(f"anyone@{domain}").ascii_domain


def _known(address: str) -> ValidatedEmail:
    """Judge without asking the DNS; the test environment lets domains like x.test be."""
    return validate_email(address, check_deliverability=False, test_environment=True)
