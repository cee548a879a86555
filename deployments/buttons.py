"""Lists and actions that people run on demand, each by its form, and what is said above it."""

from typing import Any

from prefect import Flow

from flows.appointment_actions import (
    book_appointment,
    cancel_appointment,
    change_appointment_cases,
    change_equipment,
    edit_appointment,
)
from flows.contact_actions import (
    edit_contact,
    set_contact_case,
    set_contact_status,
    set_reception_kind,
)
from flows.lists import (
    list_appointments,
    list_cases,
    list_contacts,
    list_todos,
    search_contacts,
)
from flows.staff_plan import staff_plan
from flows.todo_actions import (
    comment_todo,
    delegate_todo,
    edit_todo,
    give_back_todo,
    mark_todo_done,
    take_todo,
    write_todo,
)

OPENLY = "All admins see it, so it has **nothing private**, whoever is named."
ENTERED = "All admins see **what is entered**: use `kontakt` for what is private."

BUTTONS: tuple[tuple[Flow[..., Any], str], ...] = (
    (list_contacts, f"Lists contacts: filtered, searched and page by page, as a table. {OPENLY}"),
    (
        list_appointments,
        f"Lists appointments: filtered, searched and page by page, as a table. {OPENLY}",
    ),
    (list_todos, f"Lists todos: filtered, searched and page by page, as a table. {OPENLY}"),
    (list_cases, f"Lists cases: filtered, searched and page by page, as a table. {OPENLY}"),
    (search_contacts, f"Finds contacts by their words, and shows where they say them. {OPENLY}"),
    (
        staff_plan,
        "Shows what everybody does in a week, and what equipment is booked for. "
        "What is private is *busy*.",
    ),
    (
        edit_contact,
        f"Changes a contact's matchcode and text, as long as it was not sent. {ENTERED}",
    ),
    (
        set_contact_status,
        "Sets where a contact stands: *created*, *in_progress*, *done* or *discarded*.",
    ),
    (set_contact_case, "Gives a contact another **main case**, or other cases beside it."),
    (
        set_reception_kind,
        "Sets how a contact reaches a recipient: *to*, *cc*, *bcc* or *none*, until it is sent.",
    ),
    (write_todo, f"Writes a todo for an employee or a team, or a part of one. {ENTERED}"),
    (edit_todo, f"Changes what a todo says, and when it begins and is due. {ENTERED}"),
    (delegate_todo, "Delegates a todo to another employee or team."),
    (take_todo, "Takes a todo of a team, so that nobody else does the same work."),
    (give_back_todo, "Gives a todo that somebody has taken back to its team."),
    (comment_todo, f"Comments on a todo. {ENTERED}"),
    (
        mark_todo_done,
        "Marks a todo as done, with an outcome where its workflow asks for one, or as not done.",
    ),
    (
        book_appointment,
        "Books an appointment, or a contact's follow-up; says who and what is in two places then. "
        f"{ENTERED}",
    ),
    (
        edit_appointment,
        f"Changes what an appointment says, and who is responsible for it. {ENTERED}",
    ),
    (
        change_equipment,
        "Adds equipment to an appointment, or removes it; says what is needed twice.",
    ),
    (change_appointment_cases, "Adds an appointment to cases, or removes it from them."),
    (cancel_appointment, "Cancels an appointment, or what is to come of a series; it stays there."),
)
