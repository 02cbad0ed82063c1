//! Two want the same page at the same time. Whoever is first fetches it, and
//! the other one waits for that; who wants another page waits for neither.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

fn fetch(name: &str) -> String {
    println!("fetching {name}");
    println!("{name} is here");
    format!("{name} of today")
}

#[derive(Default)]
struct Pages {
    pages: Mutex<HashMap<String, Arc<OnceLock<String>>>>,
}

impl Pages {
    fn get(&self, name: &str) -> String {
        // 1. The place of that page: for a moment all wait for each other
        let page = {
            let mut pages = self.pages.lock().unwrap();
            Arc::clone(pages.entry(name.to_string()).or_default())
        };

        // 2. The page itself: only those wait who want the same one
        page.get_or_init(|| fetch(name)).clone()
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
