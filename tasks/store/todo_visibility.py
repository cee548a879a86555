"""Who may see which todos: those that hang on a private contact are hidden here (L9)."""

from sqlalchemy import ColumnElement, or_, select

from tasks.store.tables import contacts, step_visits, todos
from tasks.store.visibility import visible_to


def todo_shown_to(viewer: int | None) -> ColumnElement[bool]:
    """Say which todos somebody may see.

    Where a contact entered the step that prescribed a todo, it is for those who may see the
    contact, and for whoever it is delegated to by name.
    """
    free = or_(todos.c.visit_id.is_(None), ~_hidden_from(viewer))
    if viewer is None:
        return free
    return or_(free, todos.c.employee_id == viewer, todos.c.taken_by_id == viewer)


def _hidden_from(viewer: int | None) -> ColumnElement[bool]:
    return (
        select(step_visits.c.id)
        .join(contacts, contacts.c.id == step_visits.c.contact_id)
        .where(step_visits.c.id == todos.c.visit_id, ~visible_to(viewer))
        .correlate(todos)
        .exists()
    )
