//! A module of Python that says of itself that it needs no GIL: what its
//! callers share is an atomic, whoever calls and at whatever time.

use std::sync::atomic::{AtomicU32, Ordering};

static TALLY: AtomicU32 = AtomicU32::new(0);

#[pyo3::pymodule(gil_used = false)]
mod tally {
    use super::{Ordering, TALLY};
    use pyo3::prelude::*;

    #[pyfunction]
    fn add() {
        TALLY.fetch_add(1, Ordering::Relaxed);
    }

    #[pyfunction]
    fn total() -> u32 {
        TALLY.load(Ordering::Relaxed)
    }
}
