//! The child refers to its parent weakly: that keeps nobody alive.
//!
//! When the last owner goes, both go.

use std::ptr;
use std::sync::{Arc, Weak};
use std::thread;

struct Parent {
    child: Child,
}

struct Child {
    parent: Weak<Parent>,
}

fn visit(parent: &Parent) {
    if ptr::eq(parent.child.parent.as_ptr(), parent) {
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
    // 2. One that owns the other, which knows it weakly
    let watch = share(Arc::new_cyclic(|parent| Parent {
        child: Child {
            parent: Weak::clone(parent),
        },
    }));
    println!("let go, the parent is {}", state(&watch));
}
