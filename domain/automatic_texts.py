"""The words by which automatic answers and receipts are known, in the languages they come in.

All are matched at a subject's beginning: a person's "Re: Ihre Abwesenheitsnotiz" is none.
"""

import re

_TAG = r"\s*(?:\[[^\]]{1,30}\]\s*)?"  # such as a gateway's [EXTERN]

_BEFORE_A_COLON = (
    "automatische antwort",
    "automatische rückantwort",
    "automatic reply",
    "automated reply",
    "automatic response",
    "auto[- ]?reply",
    "auto[- ]?response",
    "abwesend",
    "abwesenheit",
    "urlaub",
    "vacation(?: reply)?",
    "réponse automatique",
    "absence du bureau",
    "respuesta automática",
    "fuera de (?:la )?oficina",
    "risposta automatica",
    "fuori (?:sede|ufficio)",
    "automatisch antwoord",
    "afwezig",
    "resposta automática",
    "autosvar",
    "automatisk svar",
    "automatiskt svar",
    "automaattinen vastaus",
    "odpowiedź automatyczna",
    "automatická odpověď",
    "automatikus válasz",
)
_WHOLE = (
    "(?:auto: ?)?abwesenheits(?:notiz|meldung|nachricht|benachrichtigung|info|agent|assistent)",
    "out of (?:the )?office(?: (?:auto[- ]?reply|reply|response|notification|notice|message))?",
    "i(?:['’]m| am) (?:currently )?out of (?:the )?office",
    "ich bin (?:derzeit |zurzeit |zur zeit )?(?:im urlaub|nicht im (?:büro|haus)|abwesend)",
    "message d['’]absence",
    "afwezigheids(?:bericht|melding)",
    "urlaubs(?:notiz|meldung|benachrichtigung)",
    "frånvaromeddelande",
    "automatische antwort",
    "automatic reply",
)
_AFTER_THE_WHOLE = r"(?:\s*[:!(–-]|\s*$|\.\s*$|\s+(?:bis|von|vom|ab|until|from|till|re|aw)\b)"

ANSWER_SUBJECT = re.compile(
    rf"{_TAG}(?:(?:{'|'.join(_BEFORE_A_COLON)})\s?:|(?:{'|'.join(_WHOLE)}){_AFTER_THE_WHOLE})",
    re.IGNORECASE,
)
AUTO_SUBJECT = re.compile(rf"{_TAG}auto\s?:", re.IGNORECASE)
ABSENCE = re.compile(
    r"\b(?:nicht im (?:büro|haus|dienst)|außer haus|abwesen(?:d|heit)|im urlaub"
    r"|out of (?:the )?office|on (?:vacation|leave|holiday)|away from (?:my|the) (?:desk|office)"
    r"|absent|automati(?:sch|c|cally|que|ca)\w*)\b",
    re.IGNORECASE,
)

READ_SUBJECT = re.compile(
    rf"{_TAG}(?:gelesen|ungelesen gelöscht|nicht gelesen|read|not read|lu|non lu|leído|letto"
    r"|gelezen|lesebestätigung|read receipt|return receipt|empfangsbestätigung"
    r"|disposition notification"
    r"|zugestellt|übermittelt|delivered|relayed|remis|entregado|bezorgd)\b",
    re.IGNORECASE,
)
READ_TEXT = re.compile(
    r"wurde (?:am .{6,60} )?(?:gelesen|geöffnet|angezeigt|zugestellt|übermittelt)"
    r"|was (?:read|opened|displayed|deleted without being read)|return receipt"
    r"|has been (?:read|delivered|displayed)|(?:erfolgreich|successfully) (?:zugestellt|delivered)"
    r"|a été (?:lu|remis)|se ha (?:leído|entregado)|è stato (?:letto|recapitato)|is gelezen",
    re.IGNORECASE,
)

DELAY_SUBJECT = re.compile(
    rf"{_TAG}(?:delivery (?:is )?delayed|delayed mail|mail delivery delayed"
    r"|delivery status notification \(delay\)|message delivery delay"
    r"|warning: (?:message .{1,60} delayed|could not send message)|delivery delay"
    r"|(?:die )?(?:zustellung|übermittlung|nachricht|e-mail)(?: ist| wird| wurde)? verzögert"
    r"|verzögert|verzögerte (?:zustellung|übermittlung)|zustellungsverzögerung"
    r"|remise (?:différée|retardée)|retard(?:é|ée)? de remise|entrega (?:demorada|retrasada)"
    r"|recapito (?:ritardato|posticipato)|bezorging vertraagd)",
    re.IGNORECASE,
)
