use once_cell::sync::OnceCell;
static N: OnceCell<u32> = OnceCell::new();
fn main() {
    let hs: Vec<_> = (0..2)
        .map(|i| {
            std::thread::spawn(move || {
                N.get_or_init(|| i);
            })
        })
        .collect();
    for h in hs {
        h.join().unwrap();
    }
    println!("end");
}
