"""The sentence of each rule in Korean: what ``Rule.sentence`` says in English. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import assert_never

from harness.language.properties.agreement import Agreement, OutcomesAgreement
from harness.language.properties.base import Rule
from harness.language.properties.compile_error import CompileError, Error
from harness.language.properties.count import Count
from harness.language.properties.ending import EndingRule, Endless, Report
from harness.language.properties.hang import Hang
from harness.language.properties.order import Order
from harness.language.properties.outcome_entries import Entry
from harness.language.properties.outcomes import Outcomes
from harness.language.properties.overlap import Overlap
from harness.language.properties.relation import Relation
from harness.language.properties.sections import Kind, Sections
from harness.language.properties.selectors import Selector
from harness.language.properties.speed import Speed
from harness.language.properties.values import Values
from harness.site.phrases_ko import phrase_in_korean
from harness.values.program import Scope, Side
from harness.values.run import Ending, Exited, Signalled

GRADES = {
    "acceptable": "허용",
    "interesting": "눈여겨볼 것",
    "required": "반드시 나타나야 함",
    "forbidden": "금지",
}

SIDES = {Side.PYTHON: "파이썬", Side.RUST: "러스트"}

_WITH_VALUES = {
    "are": "정확히 {numbers}이다",
    "prefix-of": "{numbers}의 앞부분이다",
    "permutation-of": "어떤 순서로든 {numbers} 전부를 한 번씩 담는다",
    "among": "모두 {numbers} 안에 있다",
}
_FLAGS = {"increasing": "점점 커진다", "distinct": "서로 모두 다르다"}
_WAYS = {"sequence": "열(순서 포함)", "multiset": "모음(개수 포함)", "set": "집합"}


def sentence_in_korean(rule: Rule) -> str:  # noqa: C901, PLR0912 - a case for each family
    """The rule in plain Korean, without a full stop; raises TypeError for an unknown family."""
    match rule:
        case Count():
            return _count(rule)
        case Values():
            return _values(rule)
        case Order():
            return _order(rule)
        case Sections():
            return _sections(rule)
        case Overlap(one=one, other=other):
            return f"`{one}` 줄들과 `{other}` 줄들이 서로 섞여 나온다"
        case Relation(holds=holds):
            return f"출력된 값에 대해 다음이 성립한다: `{holds.text}`"
        case Agreement() | OutcomesAgreement():
            return _agreement(rule)
        case Outcomes():
            return _outcomes(rule)
        case Speed():
            return _speed(rule)
        case Endless(lines=number):
            return f"끝나지 않는다: {number}줄 넘게 계속 출력한다"
        case EndingRule():
            return _ending(rule)
        case CompileError():
            return _compile_error(rule)
        case Hang(after=after):
            lines = ", ".join(f"`{selector}`" for selector in after)
            return f"{lines} 줄이 나온 뒤 멈춘다. 더 출력하지 않고 끝나지도 않는다"
        case _:
            raise TypeError(f"no Korean sentence for the family {rule.family}")


def scope_in_korean(scope: Scope) -> str:
    """``every-run`` or ``some-run``."""
    match scope:
        case Scope.EVERY_RUN:
            return "모든 실행에서"
        case Scope.SOME_RUN:
            return "적어도 한 번의 실행에서"
        case _:
            assert_never(scope)


_FINALS = frozenset("013678lmnkpbg")
"""Letters and digits that Korean reads with a closing consonant at the end."""


def with_particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """A word in backticks or not, with the form of a particle that its sound asks for."""
    last = next((c for c in reversed(word.lower()) if c.isalnum()), "")
    is_syllable = "가" <= last <= "힣"
    is_closed = bool((ord(last) - ord("가")) % 28) if is_syllable else last in _FINALS
    return word + (after_consonant if is_closed else after_vowel)


def _each(name: str) -> str:
    return f"{name.replace('`', '')}의 값마다 따로 보아 " if name else ""


def _named(selectors: tuple[Selector, ...]) -> str:
    return " 또는 ".join(f"`{selector}`" for selector in selectors)


def _count(rule: Count) -> str:
    names = f"{_each(rule.same)}{_named(rule.of)} 줄"
    if rule.least == rule.most:
        return f"{names}이 정확히 {rule.most}개 나온다" if rule.most else f"{names}은 나오지 않는다"
    if rule.bounds.startswith("at least"):
        return f"{names}이 {rule.least}개 이상 나온다"
    if rule.least:
        return f"{names}이 {rule.least}개 이상 {rule.most}개 이하 나온다"
    return f"{names}이 {rule.most}개 이하로 나온다"


def _values(rule: Values) -> str:
    each = _each(rule.same)
    if rule.numbers is None:
        return f"{each}`{rule.of}`의 값은 {_FLAGS[rule.mode]}"
    return f"{each}`{rule.of}`의 값은 {_WITH_VALUES[rule.mode].format(numbers=rule.numbers)}"


def _order(rule: Order) -> str:
    stages = [_named(stage) for stage in rule.chain]
    if rule.first:
        links = [
            f"{before} 줄의 처음이 {after} 줄의 처음보다 먼저" for before, after in _links(stages)
        ]
    else:
        links = [f"모든 {before} 줄이 모든 {after} 줄보다 먼저" for before, after in _links(stages)]
    return f"{_each(rule.same)}{', '.join(links)} 나온다"


def _links(stages: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(stages))


def _between(kind: Kind) -> str:
    return f"{with_particle(f'`{kind.enter}`', '과', '와')} `{kind.leave}` 사이"


def _sections(rule: Sections) -> str:
    between = _between(rule.kind)
    parts = []
    if rule.most is not None:
        parts.append(f"{between}에는 어느 순간에도 많아야 {rule.most}개가 있다")
    if rule.reaches is not None:
        parts.append(f"{between}에 {rule.reaches}개가 함께 있는 순간이 있다")
    if rule.other is not None:
        parts.append(f"{between}에 누가 있는 동안 {_between(rule.other)}에는 아무도 없다")
    by = f"같은 `{rule.who}`의 것이다" if rule.who else "안에 있던 쪽의 것이다"
    kept = "" if rule.must_leave else " (모두 나갈 필요는 없다)"
    parts.append(f"각 `{rule.kind.leave}` 줄은 {by}{kept}")
    return _each(rule.per) + "; ".join(parts)


def _agreement(rule: Agreement | OutcomesAgreement) -> str:
    names = ", ".join(f"{SIDES[side]}의 `{name}`" for side, name in rule.programs.items())
    where = f" ({names})" if names else ""
    if isinstance(rule, OutcomesAgreement):
        return f"두 쪽에서 `{rule.name}`의 같은 결과들이 나타난다{where}"
    if rule.of is None:
        return f"모든 실행에서 두 쪽의 출력이 글자 하나까지 같다{where}"
    return f"모든 실행에서 두 쪽의 `{rule.of}` 값의 {_WAYS[rule.way]}이 같다{where}"


def _outcomes(rule: Outcomes) -> str:
    def said(entry: Entry) -> str:
        return entry.text if rule.of else phrase_in_korean(entry.text) or entry.text

    allowed = [f"{said(e)} ({GRADES[e.grade]})" for e in rule.entries if e.grade != "forbidden"]
    forbidden = [said(e) for e in rule.entries if e.grade == "forbidden"]
    never = f". 다음은 결코 나오지 않는다: {', '.join(forbidden)}" if forbidden else ""
    return f"{_subject(rule)} {' 또는 '.join(allowed) or '그 밖의 무엇이든'} 중 하나이다{never}"


def _subject(rule: Outcomes) -> str:
    names = ", ".join(f"`{name}`" for name in rule.of)
    if not rule.of:
        return "끝나는 방식은"
    if isinstance(rule.of[0], Selector):
        return f"{with_particle(names, '이', '가')} 처음 나오는 순서는"
    return f"{names}의 결과는"


def _speed(rule: Speed) -> str:
    bound = f"{rule.least:g}배 이상" if rule.least is not None else f"{rule.most:g}배 이하"
    if rule.ratio is None:
        return f"프로세서 시간이 경과 시간의 {bound}이다"
    return f"{with_particle(f'`{rule.ratio[0]}`', '이', '가')} `{rule.ratio[1]}`의 {bound}이다"


def _ending(rule: EndingRule) -> str:
    how = f"{_how(rule.ending)} 끝나고"
    if not rule.reports:
        return f"{how}, stderr에는 아무 보고도 없다"
    order = "순서에 상관없이" if rule.any_order else "차례로"
    reports = ", ".join(map(_report, rule.reports))
    return f"{how}, stderr에는 {order} 다음 보고만 나온다: {reports}"


def _how(ending: Ending) -> str:
    match ending:
        case Exited(code=code):
            return with_particle(
                f"종료 코드 {code}", "으로" if code % 10 not in (1, 7, 8) else "로", "로"
            )
        case Signalled(name=name):
            return f"시그널 {name}에 의해"
        case _:
            return "스스로"


def _report(report: Report) -> str:
    kind = report.exception or "패닉"
    message = f' "{report.message}"' if report.message is not None else ""
    thread = f"스레드 {report.thread}" if report.thread else ""
    place = f"`{report.at}`" if report.at else ""
    where = ", ".join(filter(None, (thread, place)))
    return f"{kind}{message} ({where})" if where else f"{kind}{message}"


def _compile_error(rule: CompileError) -> str:
    errors = " 및 ".join(map(_error, rule.errors))
    mended = with_particle(f"`{rule.mended}`", "은", "는")
    return f"컴파일러가 {errors} 오류만으로 거부한다. 고친 프로그램 {mended} 컴파일된다"


def _error(error: Error) -> str:
    message = f'"{error.message}"' if error.message is not None else ""
    place = f"(`{error.at}`)" if error.at else ""
    return " ".join(part for part in (error.code, message, place) if part)
