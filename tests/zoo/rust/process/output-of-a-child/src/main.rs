use std::process::Command;

fn main() {
    let output = Command::new("sh")
        .args(["-c", "echo out; echo err >&2; exit 4"])
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    println!("stdout {}", out.trim_end());
    println!("stderr {}", err.trim_end());
    println!("code {:?}", output.status.code());
}
