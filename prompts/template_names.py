"""Names that a text mentions and nobody fills in: the text could never be said."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Final

from jinja2 import nodes

# what Jinja gives to every macro
_GIVEN: Final = frozenset({"varargs", "kwargs", "caller"})


def unknown(tree: nodes.Template, always: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Every such name in the macros of a template: its line, and what to say.

    Args:
        tree: The template.
        always: Names that every template knows.
    """
    # a macro is called when all of the file has been read: what stands below it is known as well
    of_file = {name for node in tree.body for name in _bound(node)}
    scope = _Scope(frozenset({*always, *of_file, *_GIVEN}))
    for node in tree.body:
        if not isinstance(node, nodes.Macro):
            continue
        for name, here in scope.unknown(node, set()):
            near = get_close_matches(name.name, of_file - here)
            known = ", ".join([*sorted(here), *near])
            hint = f" (known: {known})" if known else ""
            yield name.lineno, f"there is nothing called {name.name} here{hint}"


class _Scope:
    """Looks for names that nothing gives a meaning to.

    Args:
        outside: Names that are known everywhere in the file.
    """

    def __init__(self, outside: frozenset[str]) -> None:
        self._outside = outside

    def unknown(self, node: Any, here: set[str]) -> Iterator[tuple[nodes.Name, set[str]]]:
        """The unknown names of a part, each with those that are known there.

        Args:
            node: The part.
            here: Names that are known where it stands; those that it binds are added.
        """
        match node:
            case nodes.Name(ctx="load"):
                if node.name not in here and node.name not in self._outside:
                    yield node, set(here)
            case nodes.For():
                yield from self.unknown(node.iter, here)
                inside = {*here, *_stored(node.target), "loop"}
                yield from self._all((node.test, *node.body), inside)
                yield from self._all(node.else_, set(here))
            case nodes.Macro() | nodes.CallBlock():
                called = node.call if isinstance(node, nodes.CallBlock) else None
                yield from self._all((called, *node.defaults), here)
                here.update(_bound(node))
                inside = {*here, *(argument.name for argument in node.args)}
                if isinstance(node, nodes.Macro):
                    inside.discard(node.name)
                yield from self._all(node.body, inside)
            case nodes.With():
                yield from self._all(node.values, here)
                inside = here.union(*(_stored(target) for target in node.targets))
                yield from self._all(node.body, inside)
            case nodes.Assign() | nodes.AssignBlock():
                yield from self._all(node.iter_child_nodes(exclude=("target",)), here)
                here.update(_stored(node.target))
            case nodes.Import() | nodes.FromImport():
                here.update(_bound(node))
            case _:
                yield from self._all(node.iter_child_nodes(), here)

    def _all(self, parts: Iterable[Any], here: set[str]) -> Iterator[tuple[nodes.Name, set[str]]]:
        for part in parts:
            if part is not None:
                yield from self.unknown(part, here)


def _bound(node: nodes.Node) -> set[str]:
    """The names that a statement leaves behind."""
    match node:
        case nodes.Macro():
            return {node.name}
        case nodes.Import():
            return {node.target}
        case nodes.FromImport():
            return {name if isinstance(name, str) else name[1] for name in node.names}
        case nodes.Assign() | nodes.AssignBlock():
            return _stored(node.target)
        case _:
            return set()


def _stored(target: nodes.Node) -> set[str]:
    names = [target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name)
    return {name.name for name in names}
