use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::thread;

struct Node {
    weight: Cell<u32>,
    children: RefCell<Vec<Rc<Node>>>,
}

fn leaf(weight: u32) -> Rc<Node> {
    Rc::new(Node {
        weight: Cell::new(weight),
        children: RefCell::default(),
    })
}

fn total(node: &Node) -> u32 {
    node.weight.get() + node.children.borrow().iter().map(|c| total(c)).sum::<u32>()
}

fn build(n: u32) -> (u32, usize, bool) {
    let (root, child) = (leaf(n), leaf(10));
    root.children.borrow_mut().push(Rc::clone(&child));
    root.children.borrow_mut().push(Rc::clone(&child));
    child.weight.set(child.weight.get() + n);
    let held = root.children.borrow();
    (
        total(&root),
        Rc::strong_count(&child),
        root.children.try_borrow_mut().is_err() && held.len() == 2,
    )
}

fn main() {
    for tree in [1, 2].map(|n| thread::spawn(move || build(n))) {
        println!("{:?}", tree.join().unwrap());
    }
}
