use std::env;
use std::io::{stdin, BufRead, Write};
use std::process::{exit, Command, Stdio};
use std::thread;

fn add_lines() -> ! {
    let sum: i32 = stdin()
        .lock()
        .lines()
        .map(|line| line.unwrap().parse::<i32>().unwrap())
        .sum();
    println!("{sum}");
    exit(i32::from(sum > 5));
}

fn ask(numbers: Vec<i32>) -> (String, i32) {
    let mut child = Command::new(env::current_exe().unwrap())
        .arg("child")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = child.stdin.take().unwrap();
    for number in numbers {
        writeln!(lines, "{number}").unwrap();
    }
    drop(lines);
    let output = child.wait_with_output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        output.status.code().unwrap(),
    )
}

fn main() {
    if env::args().nth(1).as_deref() == Some("child") {
        add_lines();
    }
    let asked = [vec![1, 2], vec![3, 4, 5]].map(|numbers| thread::spawn(move || ask(numbers)));
    for (n, thread) in asked.into_iter().enumerate() {
        let (sum, code) = thread.join().unwrap();
        println!("child {n}: {}, code {code}", sum.trim());
    }
}
