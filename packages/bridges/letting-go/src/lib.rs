//! A module of Python with two functions that wait until two callers are
//! there: one lets go of the GIL meanwhile, and one keeps it.

use std::sync::Barrier;

static COMPANY: Barrier = Barrier::new(2);

#[pyo3::pymodule]
mod meeting {
    use super::COMPANY;
    use pyo3::prelude::*;

    /// Others run Python code while this waits.
    #[pyfunction]
    fn wait(py: Python<'_>) {
        py.detach(|| COMPANY.wait());
    }

    /// Nobody runs Python code while this waits.
    #[pyfunction]
    fn wait_attached() {
        COMPANY.wait();
    }
}
