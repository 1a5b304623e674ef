//! Reading what strace wrote.

use std::collections::HashMap;

/// The one child of a process.
pub fn child_of(pid: u32) -> u32 {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    children.split_whitespace().next().expect("strace runs the server").parse().unwrap()
}

/// What a line says of a call: where it stands among the others when it begins and when it has ended.
#[derive(Debug)]
struct Call<'t> {
    begun: usize,
    ended: usize,
    /// As strace writes it: name, arguments, and their file names.
    text: &'t str,
}

/// The calls that came to an end. A call that another thread's output interrupted stands in two lines, of
/// which the first has the file's name; a `read` tells what it read in the second.
fn calls(trace: &str) -> Vec<Call<'_>> {
    let mut open: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut calls = Vec::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((pid, text)) = line.split_once(char::is_whitespace) else {
            continue;
        };
        let text = text.trim_start();
        if text.ends_with("<unfinished ...>") {
            open.insert(pid, (number, text));
        } else if text.starts_with("<... ") {
            if let Some((begun, head)) = open.remove(pid) {
                calls.push(Call { begun, ended: number, text: head });
                calls.push(Call { begun, ended: number, text });
            }
        } else {
            calls.push(Call { begun: number, ended: number, text });
        }
    }
    calls
}

/// Of the request that has `asked` in it and the answer that has `answered` in it: between them the
/// write-ahead log was written to, and synced after the last such write.
pub fn assert_synced_before_answered(trace: &str, asked: &str, answered: &str) {
    let calls = calls(trace);
    let names = |call: &Call<'_>, names: &[&str]| {
        let text = call.text.strip_prefix("<... ").unwrap_or(call.text);
        names.iter().any(|name| text.strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', ' '])))
    };
    let request = calls
        .iter()
        .find(|call| names(call, &["read", "recvfrom"]) && call.text.contains(asked))
        .unwrap_or_else(|| panic!("nobody read the request"));
    let answer = calls
        .iter()
        .find(|call| {
            call.begun > request.ended
                && names(call, &["write", "writev", "sendto", "sendmsg"])
                && call.text.contains("HTTP/1.1 200")
                && call.text.contains(answered)
        })
        .unwrap_or_else(|| panic!("nobody wrote the answer"));
    let to_log = |call: &&Call<'_>| call.text.contains("-wal>");
    let written = calls
        .iter()
        .filter(|call| call.begun > request.ended && call.ended < answer.begun)
        .filter(|call| names(call, &["write", "writev", "pwrite64", "pwritev"]))
        .filter(to_log)
        .map(|call| call.ended)
        .max()
        .unwrap_or_else(|| panic!("the write-ahead log was not written to between request and answer"));
    let synced = calls
        .iter()
        .filter(|call| names(call, &["fsync", "fdatasync"]))
        .filter(to_log)
        .any(|call| call.begun > written && call.ended < answer.begun);
    assert!(synced, "the answer was written before the write-ahead log was synced");
}

const TRACE: &str = "\
1 recvfrom(9<socket:[1]>, \"POST / X-Amz-Target: Door.SignUp\", 8192, 0, NULL, NULL) = 40
2 pwrite64(7</data/store.db-wal>, \"...\", 4096, 32) = 4096
2 fdatasync(7</data/store.db-wal> <unfinished ...>
1 read(3<socket:[2]>, \"\", 8) = 0
2 <... fdatasync resumed>) = 0
1 writev(9<socket:[1]>, [{iov_base=\"HTTP/1.1 200 OK\", iov_len=15}, {iov_base=\"{UserSub}\", iov_len=9}], 2) = 24
";

#[test]
fn a_trace_in_order_passes() {
    assert_synced_before_answered(TRACE, "Door.SignUp", "UserSub");
}

#[test]
#[should_panic(expected = "before the write-ahead log was synced")]
fn an_answer_during_the_sync_is_caught() {
    let mut lines: Vec<&str> = TRACE.lines().collect();
    lines.swap(4, 5);
    assert_synced_before_answered(&lines.join("\n"), "Door.SignUp", "UserSub");
}

#[test]
#[should_panic(expected = "was not written to")]
fn an_answer_without_a_write_is_caught() {
    let lines: Vec<&str> = TRACE.lines().filter(|line| !line.contains("-wal")).collect();
    assert_synced_before_answered(&lines.join("\n"), "Door.SignUp", "UserSub");
}
