"""Why a todo is not written or changed, in the words that people read."""

from collections.abc import Mapping
from enum import StrEnum

from domain.todos import TodoReason

TODO_REFUSALS: Mapping[StrEnum, tuple[str, str]] = {
    TodoReason.NO_PERMISSION: (
        "You lack the permission Office | CRM | Kontaktmanagement (crm.contacts).",
        "Ihnen fehlt das Recht Office | CRM | Kontaktmanagement (crm.contacts).",
    ),
    TodoReason.NOT_YOURS: (
        "You neither created this todo nor is it delegated to you or a team of yours, and you "
        "lack the permission Office | CRM | Kontakte ändern (auch fremde) "
        "(crm.contacts.edit_others).",
        "Sie haben diese Aufgabe nicht angelegt, sie ist weder Ihnen noch einem Ihrer Teams "
        "übertragen, und Ihnen fehlt das Recht Office | CRM | Kontakte ändern (auch fremde) "
        "(crm.contacts.edit_others).",
    ),
    TodoReason.NO_ASSIGNEE: (
        "The todo is for nobody: name an employee or a team.",
        "Die Aufgabe ist niemandem übertragen: Bitte eine Person oder ein Team angeben.",
    ),
    TodoReason.TWO_ASSIGNEES: (
        "A todo is for an employee or for a team, not for both.",
        "Eine Aufgabe ist für eine Person oder für ein Team, nicht für beide.",
    ),
    TodoReason.DUE_BEFORE_BEGIN: (
        "The todo is due before it begins.",
        "Die Aufgabe ist fällig, bevor sie beginnt.",
    ),
    TodoReason.OUT_OF_RANGE: (
        "A todo can begin and be due in the years from 1970 to 2199.",
        "Eine Aufgabe kann in den Jahren von 1970 bis 2199 beginnen und fällig sein.",
    ),
    TodoReason.NO_MATCHCODE: (
        "The todo says nothing: give it a matchcode.",
        "Die Aufgabe sagt nichts: Bitte einen Matchcode angeben.",
    ),
    TodoReason.CONTROL_CHARACTERS: (
        "The matchcode contains a line break, or it or the text another control character: take "
        "it out.",
        "Der Matchcode enthält einen Zeilenumbruch, oder er oder der Text ein anderes "
        "Steuerzeichen: bitte entfernen.",
    ),
    TodoReason.NO_COMMENT: (
        "The comment is empty.",
        "Der Kommentar ist leer.",
    ),
    TodoReason.ACTIVITY_TYPE_UNKNOWN: (
        "There is no activity type {about}.",
        "Es gibt keine Aktivitätsart {about}.",
    ),
    TodoReason.EMPLOYEE_UNKNOWN: (
        "There is no employee with the personnel number {about}.",
        "Es gibt niemanden mit der Personalnummer {about}.",
    ),
    TodoReason.EMPLOYEE_LEFT: (
        "{about} does not work here any more.",
        "{about} arbeitet nicht mehr hier.",
    ),
    TodoReason.TEAM_UNKNOWN: (
        "There is no team {about}.",
        "Es gibt kein Team {about}.",
    ),
    TodoReason.NOT_OF_A_TEAM: (
        "The todo is delegated to one employee, so nobody can take it: delegate it.",
        "Die Aufgabe ist einer Person übertragen, niemand kann sie übernehmen: bitte übertragen.",
    ),
    TodoReason.NOT_IN_TEAM: (
        "You are not in the team that the todo is delegated to.",
        "Sie gehören nicht zu dem Team, dem die Aufgabe übertragen ist.",
    ),
    TodoReason.TAKEN: (
        "{about} has taken the todo already.",
        "{about} hat die Aufgabe bereits übernommen.",
    ),
    TodoReason.TAKEN_BY_ANOTHER: (
        "{about} has taken the todo: only they give it back, or who holds the permission Office | "
        "CRM | Kontakte ändern (auch fremde) (crm.contacts.edit_others).",
        "{about} hat die Aufgabe übernommen: Zurückgeben kann sie nur diese Person, oder wer das "
        "Recht Office | CRM | Kontakte ändern (auch fremde) (crm.contacts.edit_others) hat.",
    ),
    TodoReason.NOT_TAKEN: (
        "Nobody has taken the todo.",
        "Niemand hat die Aufgabe übernommen.",
    ),
    TodoReason.IS_DONE: (
        "The todo is done.",
        "Die Aufgabe ist erledigt.",
    ),
    TodoReason.CASE_UNKNOWN: (
        "There is no case {about}.",
        "Es gibt keinen Vorgang {about}.",
    ),
    TodoReason.PARENT_UNKNOWN: (
        "There is no todo {about} that you may see, so nothing can be a part of it.",
        "Es gibt keine Aufgabe {about}, die Sie sehen dürfen, also auch keinen Teil davon.",
    ),
    TodoReason.PARENT_IS_DONE: (
        "The todo is done, and gets no more parts: undo it first.",
        "Die Aufgabe ist erledigt und bekommt keine Teile mehr: Bitte zuerst wieder öffnen.",
    ),
    TodoReason.TOO_DEEP: (
        "Todos are divided into parts at most {about} deep.",
        "Aufgaben lassen sich höchstens {about} Ebenen tief teilen.",
    ),
    TodoReason.PARTS_ARE_OPEN: (
        "The todo cannot be done yet; open parts: {about}.",
        "Die Aufgabe kann noch nicht erledigt werden; offene Teile: {about}.",
    ),
    TodoReason.OUTCOME_UNKNOWN: (
        "The workflow knows no outcome {about} of this todo.",
        "Der Workflow kennt für diese Aufgabe kein Ergebnis {about}.",
    ),
    TodoReason.OUTCOME_MISSING: (
        "Say with which outcome the todo is done: {about}.",
        "Bitte angeben, mit welchem Ergebnis die Aufgabe erledigt ist: {about}.",
    ),
}
