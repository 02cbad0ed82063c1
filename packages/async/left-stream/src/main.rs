//! A stream makes a number when it is asked for the next one, and no sooner.
//! Whoever leaves it early drops it, and what it holds.

use futures::stream::{unfold, Stream, StreamExt};
use std::pin::pin;
use tokio::task::yield_now;

struct Source(u32);

impl Source {
    fn open() -> Self {
        println!("the source opens");
        Self(0)
    }

    async fn make(&mut self) -> u32 {
        self.0 += 1;
        yield_now().await;
        println!("made {}", self.0);
        self.0
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        println!("the source closes");
    }
}

fn numbers() -> impl Stream<Item = u32> {
    unfold(None, |source: Option<Source>| async {
        let mut source = source.unwrap_or_else(Source::open);
        let number = source.make().await;
        Some((number, Some(source)))
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. To call it is only to make a stream
    let source = numbers();
    println!("nothing has begun");

    // 2. Each number is made when it is asked for
    {
        let mut source = pin!(source);
        while let Some(number) = source.next().await {
            println!("used {number}");
            if number == 3 {
                break;
            }
        }
    }

    // 3. At the end of the block it is dropped
    println!("main goes on");
}
