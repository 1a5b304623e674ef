//! SQLite: one writer thread with group commit, readers without a lock.

use std::collections::VecDeque;
use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{mpsc, oneshot};

use crate::connection::{Counters, Engine, Reader, Tx};
use crate::dialect::Dialect;
use crate::{Result, StoreError};

/// Most transactions in one commit.
const GROUP: usize = 64;
/// Transactions that may wait before callers do.
const QUEUE: usize = 1024;
/// Idle read connections that are kept.
const IDLE_READERS: usize = 16;
/// Prepared statements kept per connection.
const STATEMENTS: usize = 128;
/// How long another process may hold the database: SQLite itself tries again, ever more slowly, until then.
const BUSY: Duration = Duration::from_secs(10);

/// A caller's transaction. Run with the open transaction, it says whether its work stands and how to
/// answer once the fate of the commit is known; given an error instead, it answers with that.
type Job = Box<dyn FnOnce(Result<&mut Tx>) -> (bool, Answer) + Send>;
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// What the writer is asked to do.
enum Work {
    Run(Job),
    /// Write everything into the database's own file.
    Checkpoint(oneshot::Sender<Result<()>>),
}

pub(crate) struct Sqlite {
    work: mpsc::Sender<Work>,
    /// None in memory, where the one connection does everything.
    readers: Option<Readers>,
}

struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Reader>>,
    counters: Arc<Counters>,
}

impl Sqlite {
    /// Opens the file (made when missing) or a database in memory, and starts its writer.
    pub(crate) fn open(
        file: Option<&Path>,
        counters: &Arc<Counters>,
        prepare: impl FnOnce(&mut Tx) -> Result<()>,
    ) -> Result<Self> {
        let connection = match file {
            Some(file) => {
                keep_to_owner(file)?;
                Connection::open(file)?
            }
            None => Connection::open_in_memory()?,
        };
        configure(&connection)?;
        connection.execute_batch(Dialect::Sqlite.session_setup_sql())?;
        let mut tx = Tx::new(Reader::new(Engine::Sqlite(connection), Arc::clone(counters)));
        prepare(&mut tx)?;
        let (work, queue) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(&mut tx, queue))
            .map_err(|error| StoreError::Database(format!("writer thread: {error}")))?;
        let readers = file.map(|file| Readers {
            file: file.to_owned(),
            idle: Mutex::new(Vec::new()),
            counters: Arc::clone(counters),
        });
        Ok(Self { work, readers })
    }

    /// Writes what lies in the log beside the database's file into the file, so that it is the whole database.
    pub(crate) async fn checkpoint(&self) -> Result<()> {
        let Some(readers) = &self.readers else { return Ok(()) };
        readers.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let (reply, answered) = oneshot::channel();
        self.work.send(Work::Checkpoint(reply)).await.map_err(|_| StoreError::Closed)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    pub(crate) async fn read<T, E>(&self, f: impl FnOnce(&mut Reader) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(readers) = &self.readers else {
            return self.write(|tx: &mut Tx| f(tx)).await;
        };
        // A point read takes microseconds: less than handing it to another thread.
        let mut reader = readers.take()?;
        // The connection of a closure that panicked is closed.
        let outcome = panics::catch(|| f(&mut reader)).map_err(StoreError::from)?;
        readers.give_back(reader);
        outcome
    }

    pub(crate) async fn write<T, E>(&self, f: impl FnOnce(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answered) = oneshot::channel::<Result<T, E>>();
        let job: Job = Box::new(move |tx| {
            let outcome = match tx {
                Ok(tx) => match panics::catch(|| f(tx)) {
                    // What a swallowed error left half done must not be kept.
                    Ok(Ok(value)) => tx.take_failure().map_or(Ok(value), |error| Err(E::from(error))),
                    Ok(Err(error)) => Err(error),
                    Err(panicked) => Err(E::from(panicked.into())),
                },
                Err(error) => Err(E::from(error)),
            };
            let stands = outcome.is_ok();
            let answer: Answer = Box::new(move |committed| {
                let answer = match committed {
                    Err(error) if stands => Err(E::from(error)),
                    _ => outcome,
                };
                // A caller that went away needs no answer.
                let _ = reply.send(answer);
            });
            (stands, answer)
        });
        self.work.send(Work::Run(job)).await.map_err(|_| E::from(StoreError::Closed))?;
        answered.await.unwrap_or_else(|_| Err(E::from(StoreError::Closed)))
    }
}

impl Readers {
    fn take(&self) -> Result<Reader> {
        if let Some(reader) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(reader);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        configure(&connection)?;
        connection.execute_batch(Dialect::Sqlite.reader_session_setup_sql())?;
        Ok(Reader::new(Engine::Sqlite(connection), Arc::clone(&self.counters)))
    }

    fn give_back(&self, reader: Reader) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(reader);
        }
    }
}

/// Makes the file where there is none, and takes from everybody but its owner what the system's defaults or an earlier
/// release gave them. What SQLite puts beside it has the mode of the file itself.
fn keep_to_owner(file: &Path) -> Result<()> {
    let failed = |error: std::io::Error| StoreError::Database(format!("{}: {error}", file.display()));
    OpenOptions::new().append(true).create(true).mode(0o600).open(file).map_err(failed)?;
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        let Ok(found) = std::fs::metadata(&name) else { continue };
        let mode = found.permissions().mode();
        if mode & 0o077 != 0 {
            std::fs::set_permissions(&name, Permissions::from_mode(mode & 0o700)).map_err(failed)?;
        }
    }
    Ok(())
}

/// Sets what holds for every connection, whether it reads or writes.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan must not depend on the values bound to it, or SQLite makes it anew for every value: dearer than
    // what most of our statements do.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// The writer: whatever is waiting goes into one commit; nobody is answered before it is on the disk.
fn serve(tx: &mut Tx, mut queue: mpsc::Receiver<Work>) {
    while let Some(first) = queue.blocking_recv() {
        let (mut group, mut checkpoint) = (VecDeque::new(), None);
        let mut next = Some(first);
        while let Some(work) = next {
            match work {
                Work::Run(job) => group.push_back(job),
                // After what was asked for before it.
                Work::Checkpoint(reply) => {
                    checkpoint = Some(reply);
                    break;
                }
            }
            next = if group.len() < GROUP { queue.try_recv().ok() } else { None };
        }
        while !group.is_empty() {
            // Those it had begun with learn that nobody answers them; the writer goes on with the others.
            if let Err(panicked) = panics::catch(|| commit_group(tx, &mut group)) {
                tracing::error!(%panicked, "a commit failed");
                tx.rollback();
            }
        }
        if let Some(reply) = checkpoint {
            // A caller that went away needs no answer.
            let _ = reply.send(checkpoint_file(tx));
        }
    }
}

/// Empties the log into the database's file. Another process that reads just then keeps a part of it back.
fn checkpoint_file(tx: &mut Tx) -> Result<()> {
    let busy = tx.row("PRAGMA wal_checkpoint(TRUNCATE)", &[], |row| row.int(0))?;
    match busy {
        Some(0) | None => Ok(()),
        Some(_) => Err(StoreError::Busy("another process reads the database".to_owned())),
    }
}

/// Runs jobs until none is left, or until the database gave up the transaction they shared.
fn commit_group(tx: &mut Tx, group: &mut VecDeque<Job>) {
    if let Err(error) = tx.begin() {
        for job in group.drain(..) {
            job(Err(error.clone())).1(Err(error.clone()));
        }
        return;
    }
    let mut answers = Vec::with_capacity(group.len());
    let mut lost = None;
    while let (Some(job), None) = (group.pop_front(), &lost) {
        if let Err(error) = tx.batch("SAVEPOINT job") {
            answers.push(job(Err(error.clone())).1);
            lost = Some(error);
            break;
        }
        let wrote_limit = tx.wrote_limit();
        let (stands, answer) = job(Ok(tx));
        tx.settle_limit(wrote_limit, stands);
        answers.push(answer);
        let end = if stands { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
        // Fails when SQLite itself rolled everything back (disk full, I/O error).
        lost = tx.batch(end).err();
        tx.take_failure();
    }
    let outcome = match lost {
        Some(error) => {
            tx.rollback();
            Err(error)
        }
        None => tx.commit(),
    };
    for answer in answers {
        // What a caller that went away is owed is dropped here, and that is its own code.
        if let Err(panicked) = panics::catch(|| answer(outcome.clone())) {
            tracing::error!(%panicked, "a transaction's value");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_writer_syncs_every_commit_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.db");
        let mut settings = Vec::new();
        let sqlite = Sqlite::open(Some(&file), &Arc::default(), |tx| {
            for name in ["journal_mode", "synchronous", "foreign_keys"] {
                let sql = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
                settings.extend(tx.row(&sql, &[], |row| row.text(0))?);
            }
            tx.batch("CREATE TABLE t (x INTEGER)")
        })
        .unwrap();
        // synchronous: 2 is FULL.
        assert_eq!(settings, ["wal", "2", "1"]);
        let mut reader = sqlite.readers.as_ref().unwrap().take().unwrap();
        assert!(reader.batch("INSERT INTO t VALUES (1)").is_err());
    }

    #[test]
    fn a_statement_is_prepared_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.db");
        let prepare = |tx: &mut Tx| {
            crate::migrations::migrate(tx, crate::migrations::ALL)?;
            tx.batch("INSERT INTO pools VALUES ('p', 1, 1, 1, ''); INSERT INTO clients VALUES ('c', 'p', 1, '')")
        };
        let sqlite = Sqlite::open(Some(&file), &Arc::default(), prepare).unwrap();
        let reader = sqlite.readers.as_ref().unwrap().take().unwrap();
        let Engine::Sqlite(connection) = &reader.engine else {
            unreachable!("the store is on SQLite");
        };
        // One that SQLite would otherwise plan anew for every client.
        for client in ["c", "d", "c"] {
            let mut statement = connection.prepare_cached(crate::apps::APP).unwrap();
            let mut rows = statement.query([client]).unwrap();
            while rows.next().unwrap().is_some() {}
            drop(rows);
            assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
        }
    }

    #[tokio::test]
    async fn what_sweeping_frees_is_given_back_and_a_checkpoint_empties_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.db");
        let sqlite = Sqlite::open(Some(&file), &Arc::default(), |tx| tx.batch("CREATE TABLE t (x TEXT)")).unwrap();
        let size = || std::fs::metadata(&file).unwrap().len();
        let fill = |tx: &mut Tx| {
            (0..200).try_for_each(|_| tx.run("INSERT INTO t VALUES (printf('%20000c', 'x'))", &[]).map(drop))
        };
        sqlite.write(fill).await.unwrap();
        sqlite.checkpoint().await.unwrap();
        let full = size();
        assert!(full > 3_000_000, "{full}");
        assert_eq!(std::fs::metadata(folder.path().join("store.db-wal")).unwrap().len(), 0);
        sqlite.write(|tx: &mut Tx| tx.run("DELETE FROM t", &[])).await.unwrap();
        sqlite.write(Tx::shrink).await.unwrap();
        sqlite.checkpoint().await.unwrap();
        assert!(size() < full / 10, "{} of {full}", size());
    }
}
