//! Two want the same page at the same time. Neither finds it there, and both
//! fetch it: the lock is let go between the look and the answer.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

fn fetch(name: &str) -> String {
    println!("fetching {name}");
    println!("{name} is here");
    format!("{name} of today")
}

#[derive(Default)]
struct Pages {
    texts: Mutex<HashMap<String, String>>,
}

impl Pages {
    fn get(&self, name: &str) -> String {
        // 1. Is it here? Nobody changes anything meanwhile
        let text = self.texts.lock().unwrap().get(name).cloned();

        // 2. If not, fetch it without the lock, and keep it for others
        text.unwrap_or_else(|| {
            let text = fetch(name);
            let mut texts = self.texts.lock().unwrap();
            texts.insert(name.to_string(), text.clone());
            text
        })
    }
}

fn read(who: &str, name: &str, pages: &Pages) {
    println!("{who} reads {}", pages.get(name));
}

fn main() {
    // 3. Two want the news, one wants the sport
    let pages = &Pages::default();
    let wanted = [("ann", "news"), ("bob", "news"), ("cho", "sport")];
    thread::scope(|s| {
        for (who, name) in wanted {
            s.spawn(move || read(who, name, pages));
        }
    });
}
