//! Two values own each other, and nobody else owns either.
//!
//! An `Arc` counts its owners and frees the value when there is none. In a
//! cycle there always is one: it is leaked.

use std::ptr;
use std::sync::{Arc, Mutex, Weak};
use std::thread;

#[derive(Default)]
struct Parent {
    child: Mutex<Option<Child>>,
}

struct Child {
    parent: Arc<Parent>,
}

fn visit(parent: &Parent) {
    let child = parent.child.lock().unwrap();
    if matches!(&*child, Some(child) if ptr::eq(&*child.parent, parent)) {
        println!("a thread finds the child, and the way back");
    }
}

// 1. Share them with a thread, let go of them, and keep a weak reference: it
//    sees whether the parent is there, and keeps nothing
fn share(parent: Arc<Parent>) -> Weak<Parent> {
    let watch = Arc::downgrade(&parent);
    thread::spawn(move || visit(&parent)).join().unwrap();
    watch
}

fn state(watch: &Weak<Parent>) -> &'static str {
    match watch.upgrade() {
        Some(_) => "there",
        None => "gone",
    }
}

fn main() {
    // 2. Two that own each other
    let parent = Arc::new(Parent::default());
    let child = Child {
        parent: Arc::clone(&parent),
    };
    *parent.child.lock().unwrap() = Some(child);
    let watch = share(parent);
    println!("let go, the parent is {}", state(&watch));

    // 3. Nobody looks for those who are owned only by themselves
    println!("in the end, the parent is {}", state(&watch));
}
