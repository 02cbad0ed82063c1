//! A report takes a read lock, and so does a function that it calls.
//!
//! Readers do not exclude each other. But once a writer waits, this lock lets
//! no more readers in, or it might wait for ever. Stop it with Ctrl-C.

// 1. A readers–writer lock that lets no reader pass a waiting writer
use std::sync::RwLock;
use std::thread;

type Grades = RwLock<Vec<u32>>;

// 2. The inner read lock is one too many
fn count(grades: &Grades) -> usize {
    grades.read().unwrap().len()
}

fn sum(grades: &[u32]) -> u32 {
    grades.iter().sum()
}

fn report(grades: &Grades) {
    let held = grades.read().unwrap();
    println!("report begins");
    println!("report: {} grades, sum {}", count(grades), sum(&held));
}

// 3. A writer that comes between the two waits for the outer one to go, and
//    the inner one waits for the writer
fn add(grades: &Grades, grade: u32) {
    grades.write().unwrap().push(grade);
}

fn main() {
    let grades = RwLock::new(vec![1, 2]);
    thread::scope(|s| {
        s.spawn(|| report(&grades));
        s.spawn(|| add(&grades, 3));
    });
    println!("in the end: {} grades", count(&grades));
}
