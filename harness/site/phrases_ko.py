"""What findings, conditions and endings say, in Korean. Pure.

The harness words them in English, from a small stock of phrases with names
and numbers in them; here is each phrase as a pattern, and what a Korean
reader is told instead. What is no such phrase stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_A, _B = r'(?P<a>[^"]+?)', r'(?P<b>[^"]+?)'
"""Names of lines or fields, which are set as code."""

_TOOLCHAIN = r"(?:python|rust|\d)(?: \S+)?"

_MESSAGES = (
    (rf"{_A} comes before the first {_B}", "{a} 줄이 첫 {b} 줄보다 먼저 나온다"),
    (rf"{_A} comes before {_B}", "{a} 줄이 {b} 줄보다 먼저 나온다"),
    (rf"one {_A} line too many", "{a} 줄이 하나 더 많다"),
    (rf"too few {_A} lines", "{a} 줄이 모자란다"),
    (rf"{_A} is (?P<v>.+) where it cannot be", "{a}의 값으로 나올 수 없는 값이다: {v}"),
    (rf"{_A} stops short", "{a}의 값이 다 나오기 전에 끊긴다"),
    ("it ends, and does not hang", "멈추지 않고 끝난다"),
    ("it does not end, but is still at work", "끝나지 않지만 멈춘 것도 아니고 계속 일하고 있다"),
    (rf"it hangs without a {_A} line", "{a} 줄이 나오지 않은 채 멈춘다"),
    (r"it printed too few lines in (?P<v>[\d.]+) s", "{v}초 동안 출력한 줄이 모자란다"),
    (r"it does not go on: no thread can", "더 나아가지 못한다: 움직일 수 있는 스레드가 없다"),
    (r"it ends", "끝나 버린다"),
    (r"it does not end with (?P<v>.+)", "선언한 대로 끝나지 않는다: {v}"),
    ("stderr reports one thing more", "stderr에 보고가 하나 더 있다"),
    ("stderr does not report all that it should", "stderr에 있어야 할 보고가 빠져 있다"),
    ("stderr reports something else", "stderr의 보고가 다르다"),
    (
        "it compiles, though the compiler should refuse it",
        "컴파일러가 거부해야 하는데 컴파일된다",
    ),
    (
        "the compiler gives an error that is not expected",
        "컴파일러가 선언하지 않은 오류를 낸다",
    ),
    (
        "the compiler does not give every error that is expected",
        "컴파일러가 선언한 오류를 모두 내지는 않는다",
    ),
    ("the compiler gives another error", "컴파일러가 다른 오류를 낸다"),
    (r"the outcome (?P<v>.+) is not listed", "선언에 없는 결과이다: {v}"),
    (r"the outcome (?P<v>.+?) is forbidden(?:: .+)?", "금지된 결과이다: {v}"),
    (
        r"no run came to (?P<v>.+), which is required",
        "반드시 나타나야 하는 결과가 한 번도 나타나지 않았다: {v}",
    ),
    (rf"{_A} is printed twice, so it is no outcome", "{a}가 두 번 출력되어 결과로 볼 수 없다"),
    (rf"{_A} is never printed, so there is no outcome", "{a}가 출력되지 않아 결과가 없다"),
    (rf"{_A} and {_B} do not overlap", "{a} 줄과 {b} 줄이 서로 섞이지 않는다"),
    ("the relation does not hold", "관계가 성립하지 않는다"),
    (r"the relation cannot be told: (?P<v>.*)", "관계를 따질 수 없다: {v}"),
    (rf"{_A} is never printed(?:, not once)?", "{a}의 값이 한 번도 출력되지 않았다"),
    (
        rf"{_A} is printed (?P<n>\d+) times, not once",
        "{a}의 값이 한 번이 아니라 {n}번 출력되었다",
    ),
    (r"never (?P<n>\d+) inside at the same time", "{n}개가 함께 안에 있는 순간이 없다"),
    (r"(?P<v>\S+) enters while inside", "{v}: 안에 있으면서 또 들어간다"),
    ("one too many inside", "안에 하나 더 많이 있다"),
    (rf"{_A} while the other kind is inside", "다른 종류가 안에 있는데 {a} 줄이 나온다"),
    (r"(?P<v>\S+) leaves without being inside", "{v}: 안에 있지 않은데 나간다"),
    ("not all leave", "들어간 것이 모두 나가지는 않는다"),
    ("the ratio is too small", "비율이 너무 작다"),
    ("the ratio is too large", "비율이 너무 크다"),
    ("there is no ratio to nothing", "0에 대한 비율은 없다"),
    (
        r"the runs of (?P<v>\w+(?: \S+)?) do not agree(?: from \w+ (?P<n>\d+) on)?",
        "{v} 쪽 실행들의 출력이 서로 다르다",
    ),
    (
        r"python and rust do not agree(?: from \w+ (?P<n>\d+) on)?",
        "파이썬과 러스트의 출력이 서로 다르다",
    ),
    (
        rf"(?P<u>{_TOOLCHAIN}) and (?P<w>{_TOOLCHAIN}) do not agree(?: from \w+ (?P<n>\d+) on)?",
        "출력이 서로 다르다: {u}, {w}",
    ),
    ("the sides have not shown the same outcomes", "두 쪽에서 나타난 결과가 같지 않다"),
    ("the program left processes behind", "프로그램이 끝난 뒤에도 프로세스가 남아 있다"),
    (
        rf"no property of this program speaks of {_A}",
        "이 프로그램의 어떤 성질도 {a} 줄을 말하지 않는다",
    ),
    ("a line break is missing at the end", "마지막에 줄바꿈이 없다"),
    ("the program printed nothing", "프로그램이 아무것도 출력하지 않았다"),
    ("a line that is no event", "선언된 어떤 이벤트도 아닌 줄이다"),
    ("text on stderr that the spec does not speak of", "명세에 없는 내용이 stderr에 나왔다"),
    ("an unexpected panic", "뜻밖의 패닉이 일어났다"),
    ("an unexpected exception", "뜻밖의 예외가 일어났다"),
    (r"the program exited with code (?P<n>\d+)", "프로그램이 종료 코드 {n}로 끝났다"),
    (r"(?P<v>SIG\w+) ended the program", "시그널 {v}이 프로그램을 끝냈다"),
    (
        r"the program had not ended after (?P<n>[\d.e+-]+) s",
        "{n}초가 지나도 프로그램이 끝나지 않았다",
    ),
    ("no thread can go on", "어떤 스레드도 더 나아갈 수 없다"),
    ("some threads can never go on", "몇몇 스레드는 영영 나아갈 수 없다"),
    (r"the program went over (?P<v>.+)", "프로그램이 한도를 넘었다: {v}"),
    ("the program could not be started", "프로그램을 시작할 수 없었다"),
    (r"not seen in (?P<n>[\d,]+) runs?", "실행 {n}번에서 한 번도 나타나지 않았다"),
    (
        r"not seen in (?P<n>[\d,]+) plain and (?P<m>[\d,]+) steered runs?",
        "시스템 스케줄 실행 {n}번과 제어한 실행 {m}번에서 한 번도 나타나지 않았다",
    ),
    (
        r"not seen in (?P<n>[\d,]+) steered runs?",
        "제어한 실행 {n}번에서 한 번도 나타나지 않았다",
    ),
    (r"it does not compile: (?P<v>.+)", "컴파일되지 않는다: {v}"),
    ("cargo said nothing of it", "cargo가 아무 말도 하지 않았다"),
    (
        "it loads a library in Rust, and there is no compiler",
        "러스트 라이브러리를 불러오는데 컴파일러가 없다",
    ),
)

_COMPARED = (
    (r"(?P<n>\d+) lines, and no end", "{n}줄, 그리고 끝이 없음"),
    (r"(?P<n>\d+) lines", "{n}줄"),
    (r"exactly (?P<n>\d+) (?P<a>\D.*)", "{a} 줄 정확히 {n}개"),
    (r"at least one (?P<a>.+) line before the hang", "멈추기 전에 {a} 줄 하나 이상"),
    (r"at least (?P<n>\d+) (?P<a>\D.*)", "{a} 줄 {n}개 이상"),
    (r"at most (?P<n>\d+) inside", "안에는 많아야 {n}개"),
    (r"at most (?P<n>\d+) (?P<a>\D.*)", "{a} 줄 {n}개 이하"),
    (r"at most (?P<n>\d+)", "많아야 {n}개"),
    (r"(?P<n>\d+) to (?P<m>\d+) (?P<a>\D.*)", "{a} 줄 {n}개 이상 {m}개 이하"),
    (r"(?P<n>\d+) inside from line (?P<m>\d+) on", "{m}번째 줄부터 안에 {n}개"),
    (r"(?P<n>\d+) inside at some moment", "{n}개가 함께 안에 있는 순간"),
    (r"(?P<n>\d+) still inside at the end", "끝에도 안에 {n}개"),
    (r"(?P<n>\d+) still running, ended by the harness", "아직 도는 {n}개를 하네스가 끝냈다"),
    (r"a further one at line (?P<n>\d+)", "{n}번째 줄에 하나 더"),
    (rf"a second {_A} at line (?P<n>\d+)", "{n}번째 줄에 두 번째 {a}"),
    (r"one at line (?P<n>\d+)", "{n}번째 줄에 하나"),
    ("a second one", "두 번째 것"),
    (rf"the first {_A} before the first {_B}", "첫 {a} 다음에 첫 {b}"),
    (rf"{_A} before the next {_B} of (?P<k>\S+) (?P<v>\S+)", "{k} {v}의 다음 {b} 전에 {a}"),
    (rf"{_A} at line (?P<n>\d+), no {_B} before it", "{n}번째 줄에 {a}, 그 전에 {b} 없음"),
    (
        rf"{_A} at line (?P<n>\d+), with no {_B} that belongs to it",
        "{n}번째 줄에 {a}, 짝이 되는 {b} 없음",
    ),
    (
        rf"{_A} at line (?P<n>\d+), with (?P<m>\d+) of the other kind inside",
        "{n}번째 줄에 {a}, 안에는 다른 종류 {m}개",
    ),
    (
        rf"{_A} at line (?P<n>\d+), {_B} at line (?P<m>\d+)",
        "{n}번째 줄에 {a}, {m}번째 줄에 {b}",
    ),
    (rf"a {_A} line before each {_B} line", "{b} 줄마다 그 전에 {a} 줄"),
    (rf"a {_A} line for each {_B} line", "{b} 줄마다 {a} 줄 하나"),
    (rf"every {_A} line before every {_B} line", "모든 {a} 줄 다음에 모든 {b} 줄"),
    (r"the end, without (?P<v>.+) and what follows", "{v}부터 없이 끝남"),
    (r"the end, without (?P<v>.+)", "{v} 없이 끝남"),
    (r"no further value after the (?P<n>\d+) of (?P<v>.+)", "{v}의 {n}개 다음에는 값이 더 없음"),
    (r"each of (?P<v>.+) once", "{v}에서 각각 한 번씩"),
    (r"one of (?P<v>.+)", "{v} 가운데 하나"),
    (r"more than (?P<v>\S+)", "{v}보다 큰 값"),
    ("a value not seen before", "아직 나오지 않은 값"),
    ("only one kind inside at a time", "한 번에 한 종류만 안에"),
    ("lines of each between lines of the other", "서로의 줄 사이에 섞인 줄"),
    (rf"no {_A} line at all", "{a} 줄이 하나도 없음"),
    (rf"no {_A} line from (?P<v>\S+)", "{v}의 출력에 {a} 줄 없음"),
    (r"none of (?P<n>\d+) runs", "실행 {n}번 가운데 없음"),
    (
        r"none of (?P<n>\d+) runs, (?P<m>\d+) of them steered",
        "실행 {n}번(제어한 실행 {m}번) 가운데 없음",
    ),
    (r"(?P<v>.+) in some run", "어떤 실행에서 {v}"),
    (rf"one {_A} line", "{a} 줄 하나"),
    ("any other outcome", "다른 어떤 결과든"),
    ("every child process ended and waited for", "모든 자식 프로세스가 끝나고 회수됨"),
    ("a line of a declared event", "선언된 이벤트의 줄"),
    ("a line break for each line", "줄마다 줄바꿈"),
    ("fewer", "더 적음"),
    ("more", "더 많음"),
    ("some output", "출력"),
    ("an empty run", "빈 출력"),
    ("nothing on stderr", "stderr에는 아무것도 없음"),
    ("no panic and no exception", "패닉도 예외도 없음"),
    ("no further (?:error|report)", "더 없음"),
    ("no error", "오류 없음"),
    ("an end", "끝남"),
    ("silent and idle", "출력도 계산도 없음"),
    ("still busy", "아직 계산 중"),
    ("a running program", "실행되는 프로그램"),
    ("every thread waits", "모든 스레드가 기다림"),
    (r"python: (?P<v>.+)", "파이썬: {v}"),
    (r"rust: (?P<v>.+)", "러스트: {v}"),
    (r"panic in (?P<v>.+)", "패닉: {v}"),
    (r"exception in (?P<v>.+)", "예외: {v}"),
    (r"and (?P<n>\d+) more", "그리고 {n}개 더"),
    (r"no more than (?P<v>.+)", "{v} 이하"),
    (r"main waits: (?P<v>.+)", "main 대기: {v}"),
    (r"thread (?P<n>\d+) waits: (?P<v>.+)", "스레드 {n} 대기: {v}"),
    (
        r"(?P<v>.+) wait for each other(?: in a ring)?; the others went on",
        "{v}: 서로 기다림. 나머지는 계속 나아감",
    ),
    (r"(?P<v>.+) wait for each other(?: in a ring)?", "{v}: 서로 기다림"),
    (
        r"(?P<v>.+) waits for itself; the others went on",
        "{v}: 자기 자신을 기다림. 나머지는 계속 나아감",
    ),
    (r"(?P<v>.+) waits for itself", "{v}: 자기 자신을 기다림"),
    (
        r"(?P<v>main|thread \d+) waits for the lock that it holds itself: (?P<w>.+)",
        "{v}: 자기가 쥔 락을 기다림: {w}",
    ),
    (
        r"(?P<v>main|thread \d+) waits for the lock that (?P<u>main|thread \d+) holds: (?P<w>.+)",
        "{v}: {u}이 쥔 락을 기다림: {w}",
    ),
    (
        r"(?P<v>main|thread \d+) waits for the end of (?P<u>main|thread \d+): (?P<w>.+)",
        "{v}: {u}이 끝나기를 기다림: {w}",
    ),
    (
        r"(?P<v>main|thread \d+) waits for (?P<u>main|thread \d+): (?P<w>.+)",
        "{v}: {u}을 기다림: {w}",
    ),
    ("none|nothing", "없음"),
    (rf"no {_A}", "{a} 없음"),
    (rf"{_A} before {_B}", "{a} 다음에 {b}"),
)

_NOTES = (
    (rf"{_A}: must come after every {_B}", "{a}: 모든 {b} 다음에 나와야 한다"),
    (rf"{_A}: comes too late", "{a}: 너무 늦게 나온다"),
    (rf"{_A}: no {_B} yet", "{a}: 아직 {b} 없음"),
    (rf"{_A}: not expected here", "{a}: 여기서는 나올 수 없다"),
    (r"number (?P<n>\d+)", "{n}번째"),
    (r"(?P<v>\S+) enters again", "{v}: 다시 들어간다"),
    (r"(?P<v>\S+) enters", "{v}: 들어간다"),
    ("one is inside", "하나가 안에 있다"),
    (r"(?P<v>\S+) is inside", "{v}: 안에 있다"),
    ("one more enters", "하나 더 들어간다"),
    ("enters all the same", "그런데도 들어간다"),
    ("not inside", "안에 있지 않다"),
    ("no event", "이벤트가 아니다"),
    ("the last line", "마지막 줄"),
    (r"(?P<v>\S+) first", "{v}: 처음"),
    (r"(?P<v>\S+) again", "{v}: 다시"),
)

_CONDITIONS = (
    (
        r"needs (?P<v>\w+) (?P<n>\S+); this is (?P<m>\S+)",
        "{v} {n} 이상이 필요하다. 여기는 {m}",
    ),
    (
        r"holds for (?P<v>.+); this is (?P<m>\S+)",
        "{v}에서 성립한다. 여기는 {m}",
    ),
    (
        r"holds with a global interpreter lock; (?P<v>.+) has none",
        "GIL이 있을 때 성립한다. {v}에는 없다",
    ),
    (
        r"holds without a global interpreter lock; (?P<v>.+) has one",
        "GIL이 없을 때 성립한다. {v}에는 있다",
    ),
    (r"needs (?P<n>\d+) cores; there are (?P<m>\d+)", "코어 {n}개가 필요하다. 여기는 {m}개"),
    (r"holds on (?P<v>\S+); this is (?P<m>\S+)", "{v}에서 성립한다. 여기는 {m}"),
)

_ENDINGS = (
    (r"exit (?P<n>\d+)", "종료 코드 {n}"),
    (r"signal (?P<v>\w+)", "시그널 {v}"),
    ("hang", "멈춤"),
    ("timed out", "시간 초과"),
    (r"over the limit of (?P<v>.+)", "한도 초과: {v}"),
    ("not started", "시작되지 않음"),
)

_KEYED = re.compile(r"(?P<text>.+) for (?P<key>(?!each )[\w.`]+) (?P<value>\S+)")
"""A phrase about one value of a field that a property is asked for each value of."""

_Phrases = Sequence[tuple[re.Pattern[str], str]]
_ALL: _Phrases = tuple(
    (re.compile(pattern), korean)
    for pattern, korean in (*_ENDINGS, *_CONDITIONS, *_MESSAGES, *_NOTES, *_COMPARED)
)


def phrase_in_korean(text: str) -> str | None:
    """The phrase in Korean, names of lines between backticks; ``None`` if it is not known."""
    lines = [_line_in_korean(line) for line in text.split("\n")]
    known = [line for line in lines if line is not None]
    return "\n".join(known) if len(known) == len(lines) else None


def _line_in_korean(line: str) -> str | None:
    if keyed := _KEYED.fullmatch(line):
        inner = _unkeyed(keyed["text"])
        return inner and f"{keyed['key'].strip('`')} {keyed['value']}: {inner}"
    return _unkeyed(line)


def _unkeyed(text: str) -> str | None:
    for pattern, korean in _ALL:
        if found := pattern.fullmatch(text):
            return korean.format(**{name: _put(name, v) for name, v in found.groupdict("").items()})
    return None


def alternatives_in_korean(text: str) -> str:
    """``exit 0 or hang``: each outcome that is a phrase in Korean, the others as they are."""
    return " 또는 ".join(phrase_in_korean(each) or each for each in text.split(" or "))


def _put(name: str, text: str) -> str:
    """What stands in a phrase: names of lines as code, a phrase within it in Korean, too."""
    match name:
        case "a" | "b":
            return " 또는 ".join(f"`{each}`" for each in text.split(" or "))
        case "v":
            return _unkeyed(text) or text
        case _:
            return text
