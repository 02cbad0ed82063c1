"""Changes to modules when the program imports them: no run pays for what it does not use."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, Callable, Optional

    Change = Callable[[ModuleType], None]


class _Finder:
    """A finder that finds what the others find, and has a change made to the loaded module."""

    __slots__ = ("_changes",)

    def __init__(self, changes: dict[str, Change]) -> None:
        self._changes = changes

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[ModuleSpec]:
        """Find the module `name` if a change waits for it; a change is made once."""
        change = self._changes.pop(name, None)
        if change is None:
            return None
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target) if finder is not self else None
            if spec is not None:
                spec.loader = _Loader(spec.loader, change)  # type: ignore[assignment] # a loader by its two methods
                return spec
        return None


class _Loader:
    """A module's own loader, and after it the change."""

    __slots__ = ("_change", "_loader")

    def __init__(self, loader: Any, change: Change) -> None:
        self._loader = loader
        self._change = change

    def create_module(self, spec: ModuleSpec) -> Any:
        """As the module's own loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As the module's own loader does; then make the change, leaving no sign of this loader."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._change(module)


def after_import(changes: dict[str, Change]) -> None:
    """Make each change when its module is imported, or now if it has been."""
    for name in [name for name in changes if name in sys.modules]:
        changes.pop(name)(sys.modules[name])
    finder: Any = _Finder(changes)
    sys.meta_path.insert(0, finder)
