// The operations of litmus tests, as litmus.rs explains them, for whoever has `AtomicU32`, `fence` and
// `Ordering` in scope: those of the standard library, or those of a model checker.

#[derive(Clone, Copy)]
struct Op {
    kind: u8,
    word: usize,
    first: u32,
    second: u32,
    order: Ordering,
}

fn order(text: &str) -> Ordering {
    match text {
        "rlx" => Ordering::Relaxed,
        "acq" => Ordering::Acquire,
        "rel" => Ordering::Release,
        "ar" => Ordering::AcqRel,
        "sc" => Ordering::SeqCst,
        _ => panic!("no such order: {text}"),
    }
}

fn on_failure(order: Ordering) -> Ordering {
    match order {
        Ordering::SeqCst => Ordering::SeqCst,
        Ordering::AcqRel | Ordering::Acquire => Ordering::Acquire,
        _ => Ordering::Relaxed,
    }
}

fn parse(text: &str) -> Op {
    let bytes = text.as_bytes();
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let named = usize::from(bytes[0] != b'F');
    Op {
        kind: bytes[0],
        word: if named == 1 { (bytes[1] - b'w') as usize } else { 0 },
        first: digits.first().copied().unwrap_or(0),
        second: digits.get(1).copied().unwrap_or(0),
        order: order(&text[1 + named + digits.len()..]),
    }
}

fn perform(words: &[AtomicU32], ops: &[Op]) -> String {
    let mut read = String::new();
    for op in ops {
        let word = &words[op.word];
        let value = match op.kind {
            b'W' => {
                word.store(op.first, op.order);
                continue;
            }
            b'F' => {
                fence(op.order);
                continue;
            }
            b'R' => word.load(op.order),
            b'U' => word.fetch_add(op.first, op.order),
            b'X' => word.swap(op.first, op.order),
            _ => word
                .compare_exchange(op.first, op.second, op.order, on_failure(op.order))
                .unwrap_or_else(|other| other),
        };
        read += &value.to_string();
    }
    read
}

fn threads_of(text: &str) -> Vec<Vec<Op>> {
    text.split('|').map(|ops| ops.split(',').map(parse).collect()).collect()
}

fn words_of(threads: &[Vec<Op>]) -> Vec<usize> {
    let mut words: Vec<usize> =
        threads.iter().flatten().filter(|op| op.kind != b'F').map(|op| op.word).collect();
    words.sort_unstable();
    words.dedup();
    words
}
