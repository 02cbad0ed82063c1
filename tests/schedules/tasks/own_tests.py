"""CPython's own tests of asyncio: a module of them, and how many parts it is run in, and which."""

import sys
import unittest


def cases(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from cases(each)
        else:
            yield each


def main():
    name, parts, part = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    loaded = unittest.defaultTestLoader.loadTestsFromName("test.test_asyncio." + name)
    chosen = list(cases(loaded))[part::parts]
    result = unittest.TestResult()
    unittest.TestSuite(chosen).run(result)
    failed = [test.id() for test, _ in result.failures + result.errors]
    print("ran", result.testsRun)
    print("\n".join(["failed", *failed]))


if __name__ == "__main__":
    main()
