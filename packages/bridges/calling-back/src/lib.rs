//! A balance that tells of each change by a callback in Python. A mutex of
//! Rust's guards it: whoever holds that must not wait for the GIL.

use std::sync::Mutex;

static BALANCE: Mutex<u32> = Mutex::new(0);

fn add_one() -> u32 {
    let mut balance = BALANCE.lock().unwrap();
    *balance += 1;
    *balance
}

#[pyo3::pymodule]
mod balance {
    use super::{add_one, BALANCE};
    use pyo3::prelude::*;

    /// Takes the GIL again, for the callback, when the mutex is free.
    #[pyfunction]
    fn add(py: Python<'_>, report: Py<PyAny>) -> PyResult<()> {
        py.detach(|| {
            let balance = add_one();
            Python::attach(|py| report.call1(py, (balance,)))
        })?;
        Ok(())
    }

    /// Takes the GIL again, for the callback, while it holds the mutex.
    #[pyfunction]
    fn add_locked(py: Python<'_>, report: Py<PyAny>) -> PyResult<()> {
        py.detach(|| {
            let mut balance = BALANCE.lock().unwrap();
            *balance += 1;
            Python::attach(|py| report.call1(py, (*balance,)))
        })?;
        Ok(())
    }

    /// Waits for the mutex without the GIL.
    #[pyfunction]
    fn read(py: Python<'_>) -> u32 {
        py.detach(|| *BALANCE.lock().unwrap())
    }

    /// Waits for the mutex with the GIL.
    #[pyfunction]
    fn read_attached() -> u32 {
        *BALANCE.lock().unwrap()
    }
}
