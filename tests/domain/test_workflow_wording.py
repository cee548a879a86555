import pytest

from domain.refusals import Refusal
from domain.wording import Language, refusal_sentence
from domain.workflow_wording import WorkflowReason


@pytest.mark.parametrize("reason", WorkflowReason)
def test_every_reason_is_a_sentence_in_both_languages(reason):
    english, german = (
        refusal_sentence(Refusal(reason, "SC-1042"), language)
        for language in (Language.ENGLISH, Language.GERMAN)
    )

    assert english != german
    assert all(said.endswith(".") and "{" not in said for said in (english, german))
