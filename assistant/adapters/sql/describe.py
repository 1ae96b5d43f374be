"""A library's own table (one that the product does not declare) described in JSON, and made again from that in any database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from assistant.errors import UsageError

_TYPES: dict[str, Any] = {t.__name__: t for t in (JSON, BigInteger, Boolean, Date, DateTime, Float, Integer, LargeBinary, String, Text)}


def described(table: Table) -> dict[str, Any]:
    """Columns with their plain types, the key, and what is unique.

    Raises:
        UsageError: a column is of a type that not every database has.
    """
    columns = []
    for column in table.c:
        plain = column.type.as_generic(allow_nulltype=True)
        kind = next((name for name in (type(plain).__name__, *(b.__name__ for b in type(plain).__mro__)) if name in _TYPES), None)
        if kind is None:
            raise UsageError("ops.table_unknown", table=f"{table.name}.{column.name}")
        length = getattr(plain, "length", None) if kind == "String" else None
        columns.append({"name": column.name, "type": kind, "length": length, "key": column.primary_key, "empty": bool(column.nullable)})
    unique = [[c.name for c in u.columns] for u in table.constraints if isinstance(u, UniqueConstraint)]
    unique += [[c.name for c in i.columns] for i in table.indexes if i.unique]
    return {"columns": columns, "unique": unique}


def made(name: str, description: dict[str, Any]) -> Table:
    """The table as described."""
    columns = [
        Column(c["name"], _TYPES[c["type"]](c["length"]) if c["length"] else _TYPES[c["type"]](), primary_key=c["key"], nullable=c["empty"])
        for c in description["columns"]
    ]
    return Table(name, MetaData(), *columns, *(UniqueConstraint(*names) for names in description["unique"]))
