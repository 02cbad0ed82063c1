use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

#[derive(Default)]
struct Server {
    state: Mutex<(VecDeque<u32>, bool)>,
    changed: Condvar,
}

impl Server {
    fn submit(&self, job: u32) -> bool {
        let mut state = self.state.lock().unwrap();
        if !state.1 {
            state.0.push_back(job);
            self.changed.notify_one();
        }
        !state.1
    }

    fn serve(&self) -> u32 {
        let mut done = 0;
        loop {
            let state = self.state.lock().unwrap();
            let idle = |s: &mut (VecDeque<u32>, bool)| s.0.is_empty() && !s.1;
            let mut state = self.changed.wait_while(state, idle).unwrap();
            let Some(job) = state.0.pop_front() else {
                return done;
            };
            drop(state);
            thread::sleep(Duration::from_micros(50));
            done += job;
        }
    }

    fn shut_down(&self) {
        self.state.lock().unwrap().1 = true;
        self.changed.notify_all();
    }
}

fn main() {
    let server = Server::default();
    let (done, taken) = thread::scope(|s| {
        let workers = [(); 2].map(|()| s.spawn(|| server.serve()));
        let mut taken: u32 = (1..=5).filter(|&n| server.submit(n)).sum();
        server.shut_down();
        taken += u32::from(server.submit(100));
        (
            workers.map(|w| w.join().unwrap()).iter().sum::<u32>(),
            taken,
        )
    });
    println!("taken {taken}, done {done}");
}
