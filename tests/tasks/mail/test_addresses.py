"""Address lists as people's mailers write them."""

import pytest

from domain.mail import MailAddress
from tasks.mail.addresses import MAX_ADDRESSES, read_addresses


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        (b"hans@x.example", "", "hans@x.example"),
        (b"<hans@x.example>", "", "hans@x.example"),
        (b"Hans Maier <hans@x.example>", "Hans Maier", "hans@x.example"),
        (b'"Maier, Hans" <hans@x.example>', "Maier, Hans", "hans@x.example"),
        (b"Maier, Hans <hans@x.example>", "Maier, Hans", "hans@x.example"),
        (b'"\\"Hans\\" M." <hans@x.example>', '"Hans" M.', "hans@x.example"),
        (b"'Hans Maier' <hans@x.example>", "Hans Maier", "hans@x.example"),
        (b"hans@x.example (Hans Maier)", "Hans Maier", "hans@x.example"),
        (b"hans@x.example <evil@evil.example>", "hans@x.example", "evil@evil.example"),
        (b'"hans@x.example" <evil@evil.example>', "hans@x.example", "evil@evil.example"),
        (b"Hans Maier [hans@x.example]", "Hans Maier", "hans@x.example"),
        (b"Hans Maier hans@x.example", "Hans Maier", "hans@x.example"),
        (b'"Hans Maier <hans@x.example>', "Hans Maier", "hans@x.example"),
        (b"Hans <hans@x.example", "Hans", "hans@x.example"),
        (b"<<hans@x.example>>", "", "hans@x.example"),
        (b"<mailto:hans@x.example>", "", "hans@x.example"),
        (b"'hans@x.example'", "", "hans@x.example"),
        (b"<@a.example,@b.example:hans@x.example>", "", "hans@x.example"),
        (b"hans . maier @ x . example", "", "hans.maier@x.example"),
        (b"Hans (the (tall) one) <hans(!)@x.example>", "Hans", "hans@x.example"),
        (b'"hans maier"@x.example', "", '"hans maier"@x.example'),
        (b'Hans <"a>b"@x.example>', "Hans", '"a>b"@x.example'),
        (b"hans@[192.0.2.1]", "", "hans@[192.0.2.1]"),
        (b"=?utf-8?Q?M=C3=BCller,_Eva?= <eva@y.example>", "Müller, Eva", "eva@y.example"),
        (b'"=?utf-8?Q?M=C3=BCller?=" <eva@y.example>', "Müller", "eva@y.example"),
        (b"=?utf-8?Q?Eva_<eva@y.example>?=", "Eva", "eva@y.example"),
        (b"=?utf-8?Q?eva?=@y.example", "", "=?utf-8?Q?eva?=@y.example"),
        ("Jörg <jörg@müller.example>".encode(), "Jörg", "jörg@müller.example"),
        ("Jörg <j@x.example>".encode("latin-1"), "Jörg", "j@x.example"),
    ],
)
def test_an_address_and_its_name_are_told_apart(value, name, address):
    assert read_addresses(value) == (MailAddress(name, address),)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (b"a@x.example, b@y.example", ["a@x.example", "b@y.example"]),
        (b"a@x.example; b@y.example;", ["a@x.example", "b@y.example"]),
        (b"a@x.example,, ,b@y.example,", ["a@x.example", "b@y.example"]),
        (b"a@x.example b@y.example", ["a@x.example", "b@y.example"]),
        (b"A <a@x.example> B <b@y.example>", ["a@x.example", "b@y.example"]),
        (b"Team: a@x.example, B <b@y.example>;", ["a@x.example", "b@y.example"]),
        (b"Team: a@x.example;, b@y.example", ["a@x.example", "b@y.example"]),
        (b"undisclosed-recipients:;", []),
        (b'"', []),
        (b"<@>", []),
        (b"<>", []),
        (b"nobody", []),
        (b"", []),
    ],
)
def test_a_list_gives_every_address_that_can_be_seen(value, addresses):
    assert [mailbox.address for mailbox in read_addresses(value)] == addresses


def test_a_giant_list_ends():
    value = b", ".join(b"a%d@x.example" % number for number in range(10_000))

    assert len(read_addresses(value)) == MAX_ADDRESSES
