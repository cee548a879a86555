"""Why an appointment is not booked or changed, in the words that people read."""

from collections.abc import Mapping
from enum import StrEnum

from domain.appointments import BookingReason

BOOKING_REFUSALS: Mapping[StrEnum, tuple[str, str]] = {
    BookingReason.NO_PERMISSION: (
        "You lack the permission Office | CRM | Kontaktmanagement (crm.contacts).",
        "Ihnen fehlt das Recht Office | CRM | Kontaktmanagement (crm.contacts).",
    ),
    BookingReason.NOT_YOURS: (
        "You neither created this appointment nor take part in it, and lack the permission "
        "Office | CRM | Kontakte ändern (auch fremde) (crm.contacts.edit_others).",
        "Sie haben diesen Termin nicht angelegt und nehmen nicht teil, und Ihnen fehlt das Recht "
        "Office | CRM | Kontakte ändern (auch fremde) (crm.contacts.edit_others).",
    ),
    BookingReason.END_BEFORE_BEGIN: (
        "The appointment ends before it begins.",
        "Der Termin endet, bevor er beginnt.",
    ),
    BookingReason.NOT_WHOLE_DAYS: (
        "An appointment of whole days begins at midnight and ends at the midnight after its last "
        "day.",
        "Ein ganztägiger Termin beginnt um Mitternacht und endet um Mitternacht nach seinem "
        "letzten Tag.",
    ),
    BookingReason.UNKNOWN_ZONE: (
        "There is no time zone {about}: write it as Europe/Berlin.",
        "Es gibt keine Zeitzone {about}: Bitte wie Europe/Berlin schreiben.",
    ),
    BookingReason.OUT_OF_RANGE: (
        "An appointment can be in the years from 1970 to 2199.",
        "Ein Termin kann in den Jahren von 1970 bis 2199 liegen.",
    ),
    BookingReason.NO_MATCHCODE: (
        "The appointment says nothing: give it a matchcode.",
        "Der Termin sagt nichts: Bitte einen Matchcode angeben.",
    ),
    BookingReason.CONTROL_CHARACTERS: (
        "The matchcode or the place contains a line break or another control character: take it "
        "out.",
        "Der Matchcode oder der Ort enthält einen Zeilenumbruch oder ein anderes Steuerzeichen: "
        "bitte entfernen.",
    ),
    BookingReason.EMPLOYEE_UNKNOWN: (
        "There is no employee with the personnel number {about}.",
        "Es gibt niemanden mit der Personalnummer {about}.",
    ),
    BookingReason.EMPLOYEE_LEFT: (
        "{about} does not work here any more.",
        "{about} arbeitet nicht mehr hier.",
    ),
    BookingReason.EQUIPMENT_UNKNOWN: (
        "There is no equipment {about}.",
        "Es gibt kein Equipment {about}.",
    ),
    BookingReason.EQUIPMENT_GONE: (
        "The equipment {about} is not there any more.",
        "Das Equipment {about} gibt es nicht mehr.",
    ),
    BookingReason.CASE_UNKNOWN: (
        "There is no case {about}.",
        "Es gibt keinen Vorgang {about}.",
    ),
    BookingReason.CONTACT_UNKNOWN: (
        "There is no contact {about} that you may see.",
        "Es gibt keinen Kontakt {about}, den Sie sehen dürfen.",
    ),
    BookingReason.BAD_GUEST: (
        "{about} is no valid e-mail address of a guest.",
        "{about} ist keine gültige E-Mail-Adresse eines Gastes.",
    ),
    BookingReason.BAD_RULE: (
        "The recurrence rule {about} cannot be read: write it as FREQ=WEEKLY;COUNT=10 (RFC 5545), "
        "by days, weeks, months or years.",
        "Die Wiederholungsregel {about} ist nicht lesbar: Bitte wie FREQ=WEEKLY;COUNT=10 "
        "schreiben (RFC 5545), nach Tagen, Wochen, Monaten oder Jahren.",
    ),
    BookingReason.ENDLESS_RULE: (
        "The recurrence rule never ends: give it COUNT or UNTIL.",
        "Die Wiederholungsregel endet nie: Bitte COUNT oder UNTIL angeben.",
    ),
    BookingReason.EMPTY_RULE: (
        "By this recurrence rule the appointment never takes place.",
        "Nach dieser Wiederholungsregel findet der Termin nie statt.",
    ),
    BookingReason.TOO_MANY: (
        "The recurrence rule gives more than {about} occurrences: let it end earlier.",
        "Die Wiederholungsregel ergibt mehr als {about} Termine: Bitte früher enden lassen.",
    ),
    BookingReason.OFF_THE_RULE: (
        "The series cannot be moved there as a whole, for its recurrence rule {about} names other "
        "days or times: move its occurrences one by one, or cancel it and book another series.",
        "Die Serie lässt sich nicht als Ganzes dorthin verschieben, denn ihre Wiederholungsregel "
        "{about} nennt andere Tage oder Zeiten: Bitte die Termine einzeln verschieben, oder die "
        "Serie absagen und eine andere anlegen.",
    ),
    BookingReason.ALARM_OF_SERIES: (
        "The alarm of recurring appointments is set to so long before their begin; one of them "
        "can have an alarm at any time.",
        "Der Alarm eines Serientermins wird mit einem Vorlauf vor dem Beginn gesetzt; ein "
        "einzelner Termin der Serie kann einen Alarm zu jeder Zeit haben.",
    ),
    BookingReason.ALARM_AFTER_END: (
        "The alarm time lies after the end of the appointment.",
        "Die Alarmzeit liegt nach dem Ende des Termins.",
    ),
    BookingReason.ALARM_OF_ONE_AFTER_END: (
        "The occurrence that begins at {about} has an alarm time of its own, which would lie after "
        "its new end: set that alarm to another time first, or clear it.",
        "Die Wiederholung, die um {about} beginnt, hat eine eigene Alarmzeit, die nach ihrem neuen "
        "Ende läge: Bitte diesen Alarm zuerst anders setzen oder entfernen.",
    ),
    BookingReason.BAD_LEAD: (
        "An alarm can be set to the begin, or to up to 366 days before it.",
        "Ein Alarm kann auf den Beginn gesetzt werden oder auf bis zu 366 Tage davor.",
    ),
    BookingReason.NO_SUCH_OCCURRENCE: (
        "The appointment has no occurrence that begins at {about}.",
        "Der Termin hat keine Wiederholung, die um {about} beginnt.",
    ),
    BookingReason.IS_CANCELLED: (
        "The appointment is cancelled.",
        "Der Termin ist abgesagt.",
    ),
    BookingReason.HAS_BEGUN: (
        "Each occurrence has begun already, and none is left to cancel: name one by its begin to "
        "cancel it all the same.",
        "Alle Wiederholungen haben schon begonnen, es ist keine mehr abzusagen: Bitte eine mit "
        "ihrem Beginn nennen, um sie dennoch abzusagen.",
    ),
    BookingReason.RESPONSIBLE_STAYS: (
        "{about} is responsible for the appointment: name somebody else as responsible first.",
        "{about} ist für den Termin verantwortlich: Bitte zuerst jemand anderen bestimmen.",
    ),
}
