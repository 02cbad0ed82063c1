use std::any::Any;
use std::panic;
use std::thread;

fn words(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        return format!("str {text}");
    }
    match payload.downcast_ref::<String>() {
        Some(text) => format!("string {text}"),
        None => "something else".into(),
    }
}

fn main() {
    panic::set_hook(Box::new(|_| {}));
    let jobs: [fn() -> u32; 4] = [
        || 7,
        || panic!("plain"),
        || panic!("code {}", 40 + 2),
        || panic::panic_any(5_u8),
    ];
    for handle in jobs.map(thread::spawn) {
        match handle.join() {
            Ok(value) => println!("value {value}"),
            Err(payload) => println!("{}", words(&*payload)),
        }
    }
}
