use std::io::{self, Write};
use std::thread;

fn print_bill(who: &str, items: &[(&str, u32)]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{who} begins")?;
    for (item, price) in items {
        writeln!(out, "  {item} {price}")?;
    }
    writeln!(out, "{who} ends")
}

fn main() {
    thread::scope(|s| {
        s.spawn(|| print_bill("ann", &[("tea", 3), ("cake", 5)]));
        s.spawn(|| print_bill("bob", &[("soup", 7)]));
    });
}
