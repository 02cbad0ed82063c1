"""The sample site, written once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.language.declarations import Spec
from harness.site.data import gather
from harness.site.library import make_library
from harness.site.writing import write_site
from tests.site.sample import sample_corpus, sample_state
from tests.site.whole import whole_corpus, whole_state


@pytest.fixture(scope="session")
def specs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Spec, ...]:
    """The sample's specs."""
    return sample_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, specs: tuple[Spec, ...]) -> Path:
    """The sample site's directory."""
    state = tmp_path_factory.mktemp("state")
    sample_state(state, specs)
    target = tmp_path_factory.mktemp("build") / "site"
    write_site(make_library(gather(specs, state)), target)
    return target


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a site of the whole corpus, with a made-up record."""
    specs = whole_corpus(tmp_path_factory.mktemp("corpus"))
    state = tmp_path_factory.mktemp("state")
    whole_state(state, specs)
    target = tmp_path_factory.mktemp("build") / "whole"
    write_site(make_library(gather(specs, state)), target)
    return target
