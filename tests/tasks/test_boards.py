"""What others wrote is shown on boards as they wrote it, and as nothing else."""

import pytest

from tasks.boards import plain


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("550 5.1.1 no such user", "550 5.1.1 no such user"),
        ("[Helpdesk] Fehler", r"\[Helpdesk\] Fehler"),
        ("![](http://spy.example/x.png)", r"\!\[\](http\://spy.example/x.png)"),
        ("see http://evil.example", r"see http\://evil.example"),
        ("see www.evil.example", r"see www\.evil.example"),
        ("<script>a</script>", r"\<script\>a\</script\>"),
        ("one\ntwo\t three", "one two three"),
        ("a|b `c` ~~d~~ __e__", r"a\|b \`c\` \~\~d\~\~ \_\_e\_\_"),
    ],
)
def test_nothing_in_it_is_markdown(written, shown):
    assert plain(written) == shown
