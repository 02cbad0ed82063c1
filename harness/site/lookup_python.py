"""What a Python program uses of the standard library, from its imports and calls. Pure.

A name is followed through imports, assignments, annotations, ``with … as``,
loops over a list of new objects and the futures that an executor hands out,
which is as far as teaching programs go.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.language.python_syntax import parsed

_NOT_WORTH_LOOKING_UP = frozenset({"__future__", "typing", "collections.abc", "collections"})
_EXECUTORS = frozenset(
    f"concurrent.futures.{name}"
    for name in ("Executor", "ThreadPoolExecutor", "ProcessPoolExecutor")
)
_LIBRARIES = frozenset(f"ctypes.{name}" for name in ("CDLL", "OleDLL", "PyDLL", "WinDLL"))
"""Classes of libraries written elsewhere: what they hold is not of the standard one."""


def names_in_python(source: str) -> frozenset[str]:
    """Full names such as ``threading.Lock`` and ``threading.Thread.join``.

    Raises SyntaxError for what is no Python.
    """
    tree = parsed(source)
    scope = _NameScope()
    for node in ast.walk(tree):
        scope.learn_import(node)
    for _ in range(2):  # what a loop is over may be bound further down
        for node in ast.walk(tree):
            scope.learn_binding(node)
    return frozenset(scope.used(tree))


@dataclass(slots=True)
class _NameScope:
    """What names stand for. ``kinds`` are the classes of objects, ``items`` those in a list."""

    modules: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)

    def learn_import(self, node: ast.AST) -> None:
        """Note what a name stands for after an import: a module, or something in one."""
        match node:
            case ast.Import(names=names):
                for alias in names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self.modules[bound] = alias.name if alias.asname else bound
            case ast.ImportFrom(module=str(module), names=names):
                for alias in names:
                    self.modules[alias.asname or alias.name] = f"{module}.{alias.name}"

    def learn_binding(self, node: ast.AST) -> None:
        """Note of what kind a name or an attribute is from here on, as far as one can see."""
        match node:
            case ast.Assign(targets=[target], value=value):
                self._bind(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, value)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._bind(target, value)
            case ast.arg(arg=name, annotation=ast.expr() as annotation):
                if kind := self._full_name(annotation):
                    self.kinds[name] = kind
            case ast.For(target=ast.Name(id=name), iter=over):
                if kind := self._item_of(over):
                    self.kinds[name] = kind

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        """What a target is, and what its items are, by the value that it gets."""
        key = _key(target)
        if kind := self._made_by(value):
            self.kinds[key] = kind
        if kind := self._item_of(value):
            self.items[key] = kind

    def _item_of(self, value: ast.expr) -> str:
        """Of what kind the items of a list are, told by its first; empty if nobody knows."""
        match value:
            case ast.ListComp(elt=element) | ast.List(elts=[element, *_]):
                return self._made_by(element)
            case ast.BinOp(left=left):
                return self._item_of(left)
            case _:
                return self.items.get(_key(value), "")

    def _made_by(self, value: ast.expr) -> str:
        """The class of what an expression makes, as far as its name tells."""
        if isinstance(value, ast.Call):
            name = self._full_name(value.func)
            owner, _, last = name.rpartition(".")
            if last == "submit" and owner in _EXECUTORS:
                return "concurrent.futures.Future"
            return name if last[:1].isupper() else ""
        return self.kinds.get(_key(value), "")

    def _full_name(self, node: ast.expr) -> str:
        """The name with its module, ``threading.Lock``; empty if it is none of a library's."""
        match node:
            case ast.Name(id=name):
                return self.modules.get(name, "")
            case ast.Attribute(value=value, attr=attribute):
                owner = self._full_name(value) or self._made_by(value)
                return f"{owner}.{attribute}" if owner and owner not in _LIBRARIES else ""
            case ast.Subscript(value=value):
                return self._full_name(value)
            case _:
                return ""

    def used(self, tree: ast.AST) -> Iterator[str]:
        """The names that are used, beyond being imported; a module alone is none."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                name = self._full_name(node)
                if _is_worth_looking_up(name):
                    yield name


def _is_worth_looking_up(name: str) -> bool:
    """Whether a reader may look it up.

    Something in a module of the standard library, not the module.
    """
    module = name.rpartition(".")[0]
    known = name.partition(".")[0] in sys.stdlib_module_names
    return bool(module) and known and module not in _NOT_WORTH_LOOKING_UP and not _is_module(name)


def _is_module(name: str) -> bool:
    return name in {"concurrent.futures", "multiprocessing.shared_memory"}


def _key(node: ast.expr) -> str:
    """What a binding is known by: attributes of one name count as one, whoever's they are."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=attribute):
            return f".{attribute}"
        case _:
            return ""
