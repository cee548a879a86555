"""What admins enter in the Prefect UI: blocks, read as the domain's values with their names."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import httpx
from prefect.blocks.core import Block
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import BlockDocument
from pydantic import BaseModel, ValidationError

from domain.errors import ConfigurationError, PrefectUnreachable
from domain.services import Problem

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class BlockKind(Generic[T]):
    """A kind of block: its form in the UI, and the value that it is read as."""

    form: type[Block]
    value: type[T]
    called: str  # in sentences, such as "mail account"

    async def all(self) -> tuple[list[T], list[Problem]]:
        """Read all blocks of this kind; a bad one is named, and the others go on."""
        values, problems = [], []
        for document in await self._documents():
            try:
                values.append(self._read(document))
            except ValidationError as error:
                problems.append(Problem(document.name or "?", in_one_sentence(error)))
        return values, problems

    async def one(self, name: str) -> T:
        """Read one by its name; ConfigurationError where there is none, or a bad one."""
        for document in await self._documents():
            if document.name == name:
                try:
                    return self._read(document)
                except ValidationError as error:
                    problem = in_one_sentence(error)
                    raise ConfigurationError(f"{self.called} {name}: {problem}") from error
        raise ConfigurationError(f"there is no {self.called} {name}")

    async def save(self, name: str, value: T) -> None:
        """Save a value as a block, or bring it up to date."""
        block = self.form(**value.model_dump(exclude={"name"}))
        await block.save(name, overwrite=True)

    async def _documents(self) -> list[BlockDocument]:
        """Read all blocks; this one reading is not paged, whatever its parameters promise."""
        slug = self.form.get_block_type_slug()
        async with get_client() as client:
            try:
                return await client.read_block_documents_by_type(slug, include_secrets=True)
            except httpx.HTTPStatusError as error:
                if error.response.status_code != httpx.codes.NOT_FOUND:
                    raise
                return []  # nobody has registered the type yet
            except httpx.TransportError as error:
                raise PrefectUnreachable(
                    f"the Prefect server does not answer at {client.api_url}: "
                    "is `kontakt up` running?"
                ) from error

    def _read(self, document: BlockDocument) -> T:
        known = self.value.model_fields
        values = {name: value for name, value in document.data.items() if name in known}
        return self.value(**{**values, "name": document.name})


def in_one_sentence(error: ValidationError) -> str:
    """Say what is wrong with a form, field by field, without showing what was entered."""
    return "; ".join(
        f"{'.'.join(map(str, each['loc'])) or 'the entry'}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)
    ).replace(": Value error, ", ": ")
