use std::thread;

fn merge(left: &[i32], right: &[i32]) -> Vec<i32> {
    let (mut l, mut r) = (left.iter().peekable(), right.iter().peekable());
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let (Some(a), Some(b)) = (l.peek(), r.peek()) {
        let smaller = if a <= b { l.next() } else { r.next() };
        merged.extend(smaller);
    }
    merged.extend(l);
    merged.extend(r);
    merged
}

fn sort(items: &mut [i32]) {
    if items.len() < 4 {
        items.sort_unstable();
        return;
    }
    let (left, right) = items.split_at_mut(items.len() / 2);
    thread::scope(|s| {
        s.spawn(|| sort(left));
        s.spawn(|| sort(right));
    });
    let merged = merge(left, right);
    items.copy_from_slice(&merged);
}

fn main() {
    let mut items = [9, -3, 7, 0, 12, 5, 5, 1, 8, 2];
    sort(&mut items);
    println!("sorted {items:?}");
}
