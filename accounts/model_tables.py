"""A migration operation that creates the tables of many models at once, for migrations that squash others."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """`CreateModel` for a list of models, whose classes are rendered once for all of them.

    After each CreateModel Django renders every model related to the new one again, here nearly all: for the tables of
    an empty database that was most of the time. Foreign keys may also go in circles, since they are added when all
    tables are there, so each table keeps the order of columns that an AddField would change.
    """

    category = OperationCategory.ADDITION

    def __init__(self, models: list[CreateModel]):
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # a cached property: the next who asks for it renders the whole state
        for create in self.models:
            create.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for create in self.models:
            create.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for create in reversed(self.models):
            create.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create models {', '.join(create.name for create in self.models)}"

    @property
    def migration_name_fragment(self) -> str:
        return "_".join(create.name_lower for create in self.models)

    def references_model(self, name: str, app_label: str) -> bool:
        return any(create.references_model(name, app_label) for create in self.models)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [], {"models": self.models}
