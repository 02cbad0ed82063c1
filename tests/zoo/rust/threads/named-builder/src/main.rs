use std::thread;

fn depth(n: u32) -> u32 {
    let pad = [n as u8; 256];
    if n == 0 {
        return u32::from(pad[0]);
    }
    1 + depth(n - 1)
}

fn main() {
    for (name, kib, deep) in [("shallow", 256, 10), ("deep", 16 * 1024, 4000)] {
        let handle = thread::Builder::new()
            .name(name.to_string())
            .stack_size(kib * 1024)
            .spawn(move || {
                let me = thread::current();
                (me.name().map(str::to_owned), depth(deep))
            })
            .expect("a thread can be started");
        let (name, reached) = handle.join().unwrap();
        let name = name.unwrap_or_else(|| "nobody".into());
        println!("{name} went down to {reached}");
    }
}
