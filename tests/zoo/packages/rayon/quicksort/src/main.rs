fn quicksort(items: &mut [i32]) {
    if items.len() < 2 {
        return;
    }
    let pivot = items.len() - 1;
    let mut middle = 0;
    for i in 0..pivot {
        if items[i] < items[pivot] {
            items.swap(i, middle);
            middle += 1;
        }
    }
    items.swap(middle, pivot);
    let (left, right) = items.split_at_mut(middle);
    rayon::join(|| quicksort(left), || quicksort(&mut right[1..]));
}

fn main() {
    let mut items = [5, -1, 9, 3, 7, 3, 0, 8, -6];
    quicksort(&mut items);
    println!("sorted {items:?}");
}
