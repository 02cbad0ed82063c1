"""Mutants of programs that never run: the compiler's errors are all there is of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from harness.bench.subject import unmet_of
from harness.language.properties.compile_error import is_summary
from harness.proof.copies import Copy
from harness.proof.mutants.fates import Fate, TriedMutant
from harness.proof.mutants.mutant import Mutant
from harness.proof.mutants.originals import Original
from harness.proof.yard import Yard
from harness.values.toolchain import Build, Diagnostic, NotBuilt, Refused

_UNRESOLVED = frozenset({
    "E0404", "E0405", "E0407", "E0408", "E0411", "E0412", "E0422", "E0423", "E0424", "E0425",
    "E0426", "E0431", "E0432", "E0433", "E0434", "E0531", "E0532", "E0574", "E0576",
})  # fmt: skip
"""Codes that say that a name means nothing where it stands. The compiler gives up there, so that
none of the errors that the program is about is looked for: such a mutant is no program at all."""


def judge_refusal(
    yard: Yard, copy: Copy, mutant: Mutant, build: Build, original: Original
) -> TriedMutant:
    """What became of a mutant whose original the spec says the compiler refuses.

    Its errors are compared with the original's first, and only where they
    differ is the spec asked: a spec that says little can so be seen to. What
    the original breaks itself kills nothing.
    """
    before = original.refusals.get((mutant.side, mutant.program))
    if isinstance(build, NotBuilt):
        return TriedMutant(mutant=mutant, fate=Fate.ERRORED, reason=build.reason)
    if not isinstance(before, Refused):
        reason = "the compiler does not refuse the original, as its spec says"
        return TriedMutant(mutant=mutant, fate=Fate.ERRORED, reason=reason)
    if isinstance(build, Refused):
        if unresolved := _unresolved(before, build):
            return TriedMutant(mutant=mutant, fate=Fate.NOT_BUILDABLE, reason=said_of(unresolved))
        if _errors(before) == _errors(build):
            reason = "the compiler says the very same of it, and it never runs"
            return TriedMutant(mutant=mutant, fate=Fate.REFUSED_ALIKE, reason=reason)
    if killers := _killers(yard, copy, original):
        return TriedMutant(mutant=mutant, fate=Fate.KILLED, killed_by=killers)
    reason = "the compiler says otherwise than of the original: "
    said = said_of(build.diagnostics[0]) if isinstance(build, Refused) else "it compiles"
    return TriedMutant(mutant=mutant, fate=Fate.SURVIVED, reason=reason + said)


def _killers(yard: Yard, copy: Copy, original: Original) -> tuple[str, ...]:
    """The properties that the build of a mutant breaks, and that of the original did not."""
    side = copy.program.side
    findings = yard.judge_build(copy, unmet_of(copy.spec, yard.toolchains[side]))
    innocent = original.broken_on(side)
    names = (finding.property for finding in findings)
    return tuple(dict.fromkeys(name for name in names if name not in innocent))


def _errors(build: Refused) -> Counter[tuple[str, str, str]]:
    """What the compiler said, whatever the order and the numbers of the lines."""
    return Counter(
        (error.code, error.message, error.place.text.strip() if error.place else "")
        for error in _told(build)
    )


def _told(build: Refused) -> Iterable[Diagnostic]:
    return (error for error in build.diagnostics if not is_summary(error))


def _unresolved(before: Refused, build: Refused) -> Diagnostic | None:
    """An error that only the mutant has, of a name that means nothing."""
    known = {error.code for error in before.diagnostics}
    codes = _UNRESOLVED - known
    return next((error for error in build.diagnostics if error.code in codes), None)


def said_of(error: Diagnostic) -> str:
    """The code and the headline of an error."""
    return f"{error.code}: {error.message}" if error.code else error.message
