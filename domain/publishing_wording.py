"""Why a contact is not published, in the words that people read."""

from collections.abc import Mapping
from enum import StrEnum

from domain.publishing import PublishingReason

PUBLISHING_REFUSALS: Mapping[StrEnum, tuple[str, str]] = {
    PublishingReason.NO_SERVICE_CALL: (
        "The contact's main case is no service call, so no customer follows it.",
        "Der Hauptvorgang des Kontakts ist kein Servicecall, also verfolgt ihn kein Kunde.",
    ),
    PublishingReason.STATUS_FORBIDS: (
        "Only a contact whose status is *created* or *done* can be published.",
        "Nur ein Kontakt mit dem Status *angelegt* oder *erledigt* kann veröffentlicht werden.",
    ),
    PublishingReason.IS_PRIVATE: (
        "The contact is private, and is never published.",
        "Der Kontakt ist privat und wird nie veröffentlicht.",
    ),
    PublishingReason.FILE_UNKNOWN: (
        "The contact has no file at position {about}.",
        "Der Kontakt hat keine Datei an Position {about}.",
    ),
}
