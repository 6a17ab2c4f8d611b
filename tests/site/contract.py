"""Writes web/answers.d.ts: what the page may ask of Python and is answered, as TypeScript sees it.

The types are those of rnn_pkg/page: pydantic makes a JSON schema of them, and of that
json-schema-to-typescript makes the file.
"""

from __future__ import annotations

import inspect
import json
import sys
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typing_extensions
from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from web.tools.steps import NODE_MODULES, WEB, node, scratch_folder

TYPES = WEB / "answers.d.ts"
BANNER = "// Made from rnn_pkg/page by `python3 build.py types`: not to be edited by hand."
PROGRAM = NODE_MODULES / "json-schema-to-typescript" / "dist" / "src" / "cli.js"
OPTIONS = [
    *("--additionalProperties=false", "--style.printWidth=100"),
    f"--bannerComment={BANNER}",
]

Function = Callable[..., Any]


class PageSchema(GenerateJsonSchema):
    """Types as they arrive in JavaScript."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say no: each title would become a type of its own."""
        return False

    def none_schema(self, schema: core_schema.NoneSchema) -> JsonSchemaValue:
        """Pyodide makes None undefined."""
        return {"tsType": "undefined"}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """And so it does where something else may be."""
        return {"anyOf": [self.generate_inner(schema["schema"]), {"tsType": "undefined"}]}

    def any_schema(self, schema: core_schema.AnySchema) -> JsonSchemaValue:
        """It may be anything, not just an object."""
        return {"tsType": "unknown"}

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        """Bytes arrive as an array of them."""
        return {"tsType": "Uint8Array<ArrayBuffer>"}

    def callable_schema(self, schema: core_schema.CallableSchema) -> JsonSchemaValue:
        """A function of the page's is called with what Python has."""
        return {"tsType": "(fromPython: any) => void"}

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """Name a tuple's parts as json-schema-to-typescript knows them."""
        made = super().tuple_schema(schema)
        made["items"] = made.pop("prefixItems", [])
        return made if made["items"] else {"tsType": "[]"}


def contract() -> dict[str, Any]:
    """Return the JSON schema of all methods and jobs."""
    # Before Python 3.12, pydantic knows no other TypedDict than this one.
    typing.TypedDict = typing_extensions.TypedDict
    from rnn_pkg.page import session, team
    from rnn_pkg.page.celldesk import CellDesk
    from rnn_pkg.page.instruments import jobs_of, methods_of, offered
    from rnn_pkg.page.lessons.desk import LessonDesk
    from rnn_pkg.page.numbersdesk import NumbersDesk
    from rnn_pkg.page.seriesinstruments import SeriesInstruments
    from rnn_pkg.page.textdesk import TextDesk

    methods = joined(
        functions(session.Session, session.METHODS),
        functions(TextDesk, offered(TextDesk)),
        functions(NumbersDesk, offered(NumbersDesk)),
        functions(LessonDesk, offered(LessonDesk)),
        functions(CellDesk, offered(CellDesk)),
        functions(team.Team, team.METHODS),
        functions(SeriesInstruments, methods_of(SeriesInstruments)),
    )
    jobs = functions(SeriesInstruments, jobs_of(SeriesInstruments))
    config = ConfigDict(use_attribute_docstrings=True)
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (name, "serialization", TypeAdapter(call_type(function), config=config))
        for name, function in (methods | jobs).items()
    ]
    made, shared = TypeAdapter.json_schemas(
        inputs, ref_template="#/definitions/{model}", schema_generator=PageSchema
    )

    def described(some: dict[str, Function], answer: str) -> dict[str, Any]:
        """Return the schema of an object with parameters and answer of each function."""
        return closed(
            {
                name: described_function(function, answer, *made[name, "serialization"]["items"])
                for name, function in some.items()
            }
        )

    definitions = shared["$defs"] | {
        "Methods": described(methods, "answer"),
        "Jobs": described(jobs, "value"),
    }
    names = ("Methods", "Jobs")
    contract = closed({name: {"$ref": f"#/definitions/{name}"} for name in names})
    return contract | {"title": "Contract", "definitions": definitions}


def functions(owner: type, names: Sequence[str]) -> dict[str, Function]:
    """Return functions of a class by their names."""
    return {name: getattr(owner, name) for name in names}


def joined(*tables: dict[str, Function]) -> dict[str, Function]:
    """Return all functions by their names.

    Raises:
        ValueError: two of one name are called or answer differently, so that the page, which knows
            no more than the name, would have the wrong types.
    """
    every: dict[str, Function] = {}
    for table in tables:
        for name, function in table.items():
            if call_type(every.setdefault(name, function)) != call_type(function):
                raise ValueError(f"{function.__qualname__} is not as {every[name].__qualname__}")
    return every


def call_type(function: Function) -> Any:
    """Return the type of a tuple of the parameters, in a tuple of their own, and the answer."""
    hints = typing.get_type_hints(function)
    answer = hints.pop("return")
    if inspect.isgeneratorfunction(function):  # a job yields fractions and values
        answer = typing.get_args(typing.get_args(answer)[0])[1]
    parameters = [hints[parameter.name] for parameter in named_parameters(function)]
    return tuple[tuple[tuple(parameters)], answer]  # type: ignore[misc]


def named_parameters(function: Function) -> list[inspect.Parameter]:
    """Return the parameters of a method, but for self and for what *takes the rest."""
    _, *parameters = inspect.signature(function).parameters.values()
    return [each for each in parameters if each.kind is not each.VAR_POSITIONAL]


def described_function(
    function: Function, answer: str, parameters: JsonSchemaValue, answered: JsonSchemaValue
) -> dict[str, Any]:
    """Return the schema of an object with a function's parameters and its answer."""
    named = named_parameters(function)
    if named:
        needed = sum(each.default is each.empty for each in named)
        parameters = parameters | {"minItems": needed}
    if len(named) + 1 < len(inspect.signature(function).parameters):
        parameters = parameters | {"additionalItems": {}}
        del parameters["maxItems"]
    summary = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
    return closed({"parameters": parameters, answer: answered}) | {"description": summary}


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has all of these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def write_types(path: Path) -> None:
    """Write the types of the contract into a file."""
    with scratch_folder() as folder:
        schema = folder / "contract.json"
        schema.write_text(json.dumps(contract()), "utf-8")
        files = [f"--input={schema}", f"--output={path}"]
        node("Making the page's types", str(PROGRAM), *files, *OPTIONS)


if __name__ == "__main__":
    write_types(Path(*sys.argv[1:]) if sys.argv[1:] else TYPES)
