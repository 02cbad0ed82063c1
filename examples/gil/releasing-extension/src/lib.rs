//! A function for both sides: Rust calls it directly, Python by `ctypes`.

fn is_prime(n: u32) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= n {
        if n % divisor == 0 {
            return false;
        }
        divisor += 1;
    }
    n > 1
}

/// Counts the primes among `first`, `first + 4`, `first + 8` … that are below
/// `limit`.
#[no_mangle]
pub extern "C" fn count_primes(first: u32, limit: u32) -> u32 {
    let numbers = (first..limit).step_by(4);
    numbers.map(|n| u32::from(is_prime(n))).sum()
}
