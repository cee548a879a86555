"""The words of bounces: how servers say that they gave up, or that they did not.

A standard report needs none of them; the many notices that follow no standard are known by these.
"""

import re

_TAG = r"\s*(?:\[[^\]]{1,30}\]\s*|\*{2,5}spam\*{2,5}\s*)?"
_FORMAL_SUBJECTS = (
    # English
    r"undeliver(?:able|ed)(?: mail| message| e-?mail)?(?:\s*:| returned to sender|\s*$)",
    r"mail delivery (?:failed|failure|error|system)\b",
    r"(?:e-?mail |message )?delivery (?:failure|failed|error|has failed|problem)\b",
    r"delivery (?:status )?notification(?: \(failure\)|\s*:?\s*(?:failure|failed)|\s*$)",
    r"delivery notification: delivery has failed",
    r"message (?:delivery (?:failure|failed)|could not be delivered|undeliverable|not delivered)",
    r"message status - undeliverable",
    r"failure notice|failure delivery|nondeliverable mail|non[- ]delivery (?:report|notification)",
    r"returned (?:mail|to sender|e-?mail)\b|mail returned\b|rejected:|bounced? (?:mail|message)",
    r"mail(?: system)? error\b|your message (?:couldn['’]t|could not|cannot) be delivered",
    r"(?:sms|mms|text message)(?: message)? (?:delivery )?(?:failed|failure|not delivered)",
    r"warning: e-?mail .{0,40} (?:contained a virus|not delivered)",
    r"(?:virus|banned (?:file|contents?)) .{0,40}(?:in (?:your )?mail|alert|from you)",
    r"request to mailing list .{1,80} rejected|ezmlm (?:warning|response)",
    # German
    r"unzustellbar(?:e (?:nachricht|e-?mail|mail))?(?:\s*:|\s*$|\s+zurück)",
    r"(?:ihre )?(?:nachricht|e-?mail|mail)(?: ist| war)? (?:unzustellbar|nicht zustellbar)",
    r"(?:fehler bei der (?:nachrichten|e-?mail-|mail-)?(?:zustellung|übermittlung))",
    r"(?:nachrichten)?(?:zustellung|übermittlung|zustell\w*) (?:fehlgeschlagen|nicht möglich)",
    r"zustellungs?(?:fehler|fehlermeldung)|nicht zustellbar|rückläufer\s*:",
    r"benachrichtigung (?:zum|über den) (?:über)?(?:mittlungs|zustellungs?)status \(fehlgeschlagen",
    r"zustell(?:ungs)?benachrichtigung \(fehler\)",
    r"ihre (?:e-?mail|nachricht|sms|mms) konnte nicht (?:zugestellt|gesendet|übermittelt) werden",
    # French, Spanish, Italian, Dutch
    r"non remis\s*:|échec de (?:la )?(?:remise|distribution)|message non (?:distribué|délivré)",
    r"(?:notification d['’]état de )?remise .{0,30}échec|courrier retourné",
    r"no se puede entregar|no entregado|mensaje (?:devuelto|no entregado)|error de entrega",
    r"(?:notificación|informe) .{0,40}(?:estado de (?:la )?entrega|no entrega)",
    r"non recapitabile|messaggio non (?:consegnato|recapitato)|mancat[oa] (?:recapito|consegna)",
    r"notifica .{0,40}(?:mancato|stato) .{0,20}(?:recapito|consegna)",
    r"onbestelbaar|niet bezorgd|bezorging mislukt|bericht niet (?:bezorgd|afgeleverd)",
)
BOUNCE_SUBJECT = re.compile(f"{_TAG}(?:{'|'.join(_FORMAL_SUBJECTS)})", re.IGNORECASE)

ANSWERED_SUBJECT = re.compile(r"\s*(?:re|aw|antw|wg|fwd?|tr|rv|i|sv|vs)\s?:", re.IGNORECASE)

_STATEMENTS = (
    # English
    r"(?:could|can|was|were|is|has|have|will)(?: ?not|n['’]t) (?:yet )?(?:been |be )?"
    r"(?:deliver(?:ed|able)|sent to|accepted)",
    r"(?:not|n['’]t) (?:be )?able to deliver|unable to (?:deliver|send|relay)|undeliverable",
    r"did(?: not|n['’]t) reach|delivery (?:to .{3,200} )?(?:has |have )?(?:failed|failure)",
    r"(?:addresse?s?|address\(es\)|recipients?) (?:had (?:permanent )?(?:fatal |delivery )?errors"
    r"|failed|(?:could|can)not be (?:reached|delivered))",
    r"failed (?:addresse?s|recipients?)|permanent (?:fatal )?(?:delivery )?errors?\b",
    r"recipient\(s\) can ?not be reached|(?:error|problem) occurred while trying to deliver",
    r"was(?: not|n['’]t) delivered|has been (?:returned|rejected|bounced|blocked)",
    r"automatically rejected|message (?:was|is) (?:rejected|refused|returned|undeliverable)",
    r"delivery failed|mail could not be|couldn['’]t be delivered|address not found",
    r"(?:is an )?invalid (?:mobile|phone|recipient) (?:number|address)|no such (?:user|subscriber)",
    r"returned (?:to|for) (?:the )?(?:sender|following reason)",
    # German
    r"nicht (?:zugestellt|übermittelt|ausgeliefert|versendet|gesendet|angenommen) "
    r"(?:werden|worden)",
    r"(?:konnte|wurde|kann)n? (?:leider |auch |endgültig )*nicht (?:zugestellt|übermittelt"
    r"|ausgeliefert|gesendet|weitergeleitet werden)",
    r"nicht (?:erreicht|zustellbar)|unzustellbar|fehler bei der \w*zustellung",
    r"adresse nicht gefunden",
    r"zustellung .{0,120}(?:fehlgeschlagen|gescheitert|nicht möglich)|endgültig gescheitert",
    # French, Spanish, Italian, Dutch
    r"n['’](?:a|ont) (?:pas )?pu être (?:remis|distribué|délivré|envoyé)|échec de (?:la )?remise",
    r"n['’]a pas été (?:remis|distribué|délivré)|adresse introuvable",
    r"no (?:se )?(?:ha podido|pudo|puede|ha sido posible) (?:ser )?entreg|no se (?:pudo|ha) entreg",
    r"no se ha encontrado la dirección|error (?:al entregar|en la entrega)",
    r"(?:non è stato|impossibile|non (?:può|è possibile)) (?:possibile )?(?:essere )?"
    r"(?:recapit|consegn)|indirizzo non trovato|recapito .{0,60}non riuscito",
    r"(?:kon|is|kan)(?:den)? niet (?:worden )?(?:bezorgd|afgeleverd)|adres niet gevonden",
)
UNDELIVERED = re.compile("|".join(_STATEMENTS), re.IGNORECASE)

STILL_TRYING = re.compile(
    r"(?:will|shall) (?:continue|keep) (?:to )?(?:retry|try)"
    r"|will (?:be )?(?:retr(?:y|ied)|try again)"
    r"|has not yet been delivered|no action is required on your part|warning message only"
    r"|do not need to resend|delivery attempts will continue|(?:is|has been) (?:delayed|queued)"
    r"|still being (?:tried|attempted)|transient non-fatal errors"
    r"|noch nicht zugestellt|bisher nicht zugestellt|weitere(?:n)? zustell(?:ungs)?versuche"
    r"|(?:wird|werden) (?:weiterhin )?(?:erneut |weiter )versucht"
    r"|verzögert(?:e)? (?:sich|zustellung)"
    r"|wird verzögert|n['’]a pas encore (?:été|pu)|aún no se ha|non è ancora|nog niet",
    re.IGNORECASE,
)
WAITS_FOR_A_PERSON = re.compile(
    r"(?:confirm|verify) (?:that )?(?:you|your (?:message|e-?mail|address|identity))"
    r"|(?:awaits|awaiting|pending|waiting for) (?:moderator|approval|confirmation|your)"
    r"|held (?:for|until)|in (?:the )?quarantine|quarantäne zurückgehalten"
    r"|bestätigen sie (?:bitte )?(?:ihre|dass|diese|den)|wartet auf (?:freigabe|ihre bestätigung)"
    r"|messages to you .{0,80}(?:seem to have been|have been) bounc"
    r"|(?:click|klicken sie) .{0,60}(?:deliver|release|zustell|freigabe|bestätig)",
    re.IGNORECASE,
)
COPY_FOLLOWS = re.compile(
    r"^[ \t>]*(?:[-_=*|]{2,}[ \t]?(?:below this line is a copy|this is a copy of|included is a copy"
    r"|original (?:message|e-?mail|headers)|unsent message|message (?:header|follows|text)"
    r"|returned message|undelivered message|body of (?:the )?message"
    r"|urspr(?:ü|ue)ngliche (?:nachricht|e-?mail)|originalnachricht|kopfzeilen|header der"
    r"|message d['’]origine|mensaje original|messaggio originale|enclosed is a copy).*"
    r"|(?:urspr(?:ü|ue)ngliche nachrichtenkopfzeilen|originalnachrichtenkopfzeilen"
    r"|nachrichtenkopfzeilen|original message (?:headers|follows)|message headers(?: follow)?"
    r"|the (?:original|undelivered) message (?:follows|headers)|en-têtes du message d['’]origine"
    r"|es folgt (?:eine kopie|der kopf) .{0,60}|received|return-path)[ \t]*:.*)$",
    re.IGNORECASE | re.MULTILINE,
)

SOFT_REASON = re.compile(
    r"gr[ae]y-?list|try(?:ing)? (?:again|later)|temporar|over ?quota|quota .{0,20}exceed"
    r"|exceed\w* .{0,40}quota|(?:mailbox|inbox|postfach|storage|account)\b.{0,30}\b(?:full|voll)\b"
    r"|insufficient (?:system )?storage|out of storage|not enough (?:space|storage)"
    r"|zu wenig speicher|speicherplatz|vorübergehend|später (?:noch einmal|erneut|wieder)"
    r"|timed? ?out|time-?out|zeitüberschreitung|retry time(?:out)? (?:not reached|exceeded)"
    r"|connection (?:refused|reset|lost|dropped)|network is unreachable|no route to host"
    r"|too (?:many|much) (?:messages|connections|mail)|rate limit|host or domain name not found"
    r". name service error for .{0,200}try again|boîte pleine|buzón lleno|casella piena"
    r"|in the queue too long|message expired|expired in queue|delivery time expired",
    re.IGNORECASE,
)
