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

/// Adds up the primes among `first`, `first + 3`, `first + 6` … that are
/// below `limit`.
#[no_mangle]
pub extern "C" fn sum_primes(first: u32, limit: u32) -> u64 {
    let numbers = (first..limit).step_by(3);
    numbers.filter(|&n| is_prime(n)).map(u64::from).sum()
}
