//! A build of the server that is measured.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use test_server::{Launch, Server};

use crate::cpu;
use crate::median::median;
use crate::pool::Pool;
use crate::worker::{Load, Worker};

/// Connections at once.
const CONNECTIONS: usize = 8;
/// Starts that are timed.
const STARTS: usize = 7;

/// A running server with a pool, and what its start showed.
pub(crate) struct Candidate {
    pub(crate) pool: Pool,
    binary: PathBuf,
    launch: Launch,
    server: Server,
    first_start: Duration,
    start: Duration,
    memory_at_rest: u64,
    /// Last, so that it is removed when the server is gone.
    _folder: TempDir,
}

/// What is told of a build beside its rates.
pub(crate) struct Figures {
    /// Of the file, in bytes.
    pub(crate) size: u64,
    /// The start that makes keys and seeds the demo pool.
    pub(crate) first_start: Duration,
    /// A start with data there.
    pub(crate) start: Duration,
    /// Resident, in bytes, a second after a start.
    pub(crate) memory_at_rest: u64,
    /// Resident, in bytes, now.
    pub(crate) memory: u64,
}

impl Candidate {
    /// The first start, then starts with data that is there; the last one's server stays.
    pub(crate) fn start(binary: &Path) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        // Its log goes to a file: that costs what it costs in use.
        let launch = Launch::new(binary, folder.path())?;
        let first = launch.start()?;
        let first_start = first.ready_after;
        first.kill();
        let mut times = Vec::new();
        let server = loop {
            let server = launch.start()?;
            times.push(server.ready_after.as_secs_f64());
            if times.len() >= STARTS {
                break server;
            }
            server.kill();
        };
        std::thread::sleep(Duration::from_secs(1));
        let memory_at_rest = cpu::resident(server.pid())?;
        Ok(Self {
            pool: Pool::make(&launch, &server)?,
            binary: binary.to_owned(),
            start: Duration::from_secs_f64(median(&mut times)),
            launch,
            server,
            first_start,
            memory_at_rest,
            _folder: folder,
        })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// What is told beside its rates.
    pub(crate) fn figures(&self) -> Result<Figures, String> {
        let of_file = |error: std::io::Error| format!("{}: {error}", self.binary.display());
        Ok(Figures {
            size: std::fs::metadata(&self.binary).map_err(of_file)?.len(),
            first_start: self.first_start,
            start: self.start,
            memory_at_rest: self.memory_at_rest,
            memory: cpu::resident(self.pid())?,
        })
    }

    /// Answers a second of the server's CPU time.
    pub(crate) fn drive(&self, time: Duration, load: Load) -> Result<f64, String> {
        let workers = (0..CONNECTIONS).map(|_| Worker::new(&self.pool, &self.launch));
        let mut workers = workers.collect::<Result<Vec<_>, _>>()?;
        // Whatever is made at first use is made now.
        for worker in &mut workers {
            worker.once(load)?;
        }
        let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let begun = cpu::of_process(self.pid())?;
        let work = |worker: &mut Worker<'_>| -> Result<(), String> {
            while !stop.load(Ordering::Relaxed) {
                worker.once(load)?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let hands: Vec<_> = workers.iter_mut().map(|worker| scope.spawn(|| work(worker))).collect();
            let started = Instant::now();
            while started.elapsed() < time && !hands.iter().any(std::thread::ScopedJoinHandle::is_finished) {
                std::thread::sleep(Duration::from_millis(5));
            }
            stop.store(true, Ordering::Relaxed);
            hands.into_iter().try_for_each(|hand| hand.join().unwrap_or_else(|_| Err("a worker panicked".to_owned())))
        })?;
        let used = cpu::of_process(self.pid())?.saturating_sub(begun);
        #[allow(clippy::cast_precision_loss, reason = "a count far below 2^52")]
        let done = done.load(Ordering::Relaxed) as f64;
        Ok(done / used.as_secs_f64())
    }
}
