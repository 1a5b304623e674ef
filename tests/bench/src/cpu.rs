//! What the kernel says a process or a thread has used. CPU time, not wall time: on a machine with
//! neighbours it is the one that repeats itself.

use std::fs;
use std::time::Duration;

/// Ticks of `/proc/PID/stat` a second: 100 on every Linux that Rust's std runs on (`getconf CLK_TCK`).
const TICKS: u32 = 100;

/// User and system time of a process so far, in steps of 10 ms.
pub(crate) fn of_process(pid: u32) -> Result<Duration, String> {
    let name = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&name).map_err(|error| format!("{name}: {error}"))?;
    // The second field is the program's name in parentheses and may hold anything.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = |at: usize| fields.split_whitespace().nth(at).and_then(|field| field.parse::<u32>().ok());
    // Fields 14 and 15 (utime, stime); the first after the name is field 3.
    match (ticks(11), ticks(12)) {
        (Some(user), Some(system)) => Ok(Duration::from_secs(1) / TICKS * (user + system)),
        _ => Err(format!("{name} is not as expected")),
    }
}

/// Time this thread has run so far, to the nanosecond.
pub(crate) fn of_this_thread() -> Result<Duration, String> {
    let name = "/proc/thread-self/schedstat";
    let stat = fs::read_to_string(name).map_err(|error| format!("{name}: {error}"))?;
    let nanoseconds = stat.split_whitespace().next().and_then(|field| field.parse().ok());
    nanoseconds.map(Duration::from_nanos).ok_or_else(|| format!("{name} is not as expected"))
}

/// A process's resident memory, in bytes.
pub(crate) fn resident(pid: u32) -> Result<u64, String> {
    let name = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&name).map_err(|error| format!("{name}: {error}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.map(|kilobytes| kilobytes * 1024).ok_or_else(|| format!("{name} has no VmRSS"))
}
