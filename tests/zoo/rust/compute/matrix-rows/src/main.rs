use std::sync::Arc;
use std::thread;

type Matrix = [[i64; 3]; 3];

fn row(a: &Matrix, b: &Matrix, i: usize) -> [i64; 3] {
    let mut row = [0; 3];
    for (j, cell) in row.iter_mut().enumerate() {
        *cell = (0..3).map(|k| a[i][k] * b[k][j]).sum();
    }
    row
}

fn main() {
    let a = Arc::new([[1, 2, 3], [0, 1, 4], [5, 6, 0]]);
    let b = Arc::new([[-24, 18, 5], [20, -15, -4], [-5, 4, 1]]);
    let rows = [0, 1, 2].map(|i| {
        let (a, b) = (Arc::clone(&a), Arc::clone(&b));
        thread::spawn(move || row(&a, &b, i))
    });
    for row in rows {
        let [x, y, z] = row.join().unwrap();
        println!("{x} {y} {z}");
    }
}
