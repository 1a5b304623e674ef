//! One connection to either database, and the few ways statements run on it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::dialect::Dialect;
use crate::postgres_pool::Link;
use crate::value::{Row, Value, check};
use crate::{Result, StoreError};

/// How many statements and commits a store has run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Statements that only read.
    pub reads: u64,
    /// Statements that write.
    pub writes: u64,
    /// Transactions committed; with SQLite one holds many callers' writes.
    pub commits: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) reads: AtomicU64,
    pub(crate) writes: AtomicU64,
    pub(crate) commits: AtomicU64,
}

impl Counters {
    pub(crate) fn now(&self) -> Counts {
        Counts {
            reads: self.reads.load(Ordering::Relaxed),
            writes: self.writes.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
        }
    }
}

/// The engine behind a connection.
pub(crate) enum Engine {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Link>),
}

/// Reads what is committed. Each statement sees the database as it is at that moment.
pub struct Reader {
    pub(crate) engine: Engine,
    counters: Arc<Counters>,
    /// The error that failed the open transaction. PostgreSQL answers COMMIT after a failed statement
    /// with a silent ROLLBACK; such a transaction must not be acknowledged, whatever its closure says.
    failure: Option<StoreError>,
    in_transaction: bool,
    /// Whether a statement failed since a rate limit was last committed: nothing is known of the next one then.
    limits_may_fail: bool,
    /// Whether the open transaction has written a rate limit, and nothing has failed after that.
    wrote_limit: bool,
}

/// A transaction: reads its own writes, and keeps all of them or none.
pub struct Tx {
    reader: Reader,
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Reader {
    pub(crate) fn new(engine: Engine, counters: Arc<Counters>) -> Self {
        Self { engine, counters, failure: None, in_transaction: false, limits_may_fail: true, wrote_limit: false }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// All rows of a SELECT.
    pub(crate) fn rows<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.counters.reads.fetch_add(1, Ordering::Relaxed);
        self.query(sql, values, read)
    }

    /// The first row of a SELECT.
    pub(crate) fn row<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, values, read)?.into_iter().next())
    }

    fn query<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        check(values)?;
        let answer = match &mut self.engine {
            Engine::Sqlite(connection) => query_sqlite(connection, sql, values, read),
            Engine::Postgres(link) => link
                .query(sql, values, !self.in_transaction)
                .and_then(|rows| rows.iter().map(|row| read(&Row::Postgres(row))).collect()),
        };
        self.note(answer)
    }

    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        check(values)?;
        self.counters.writes.fetch_add(1, Ordering::Relaxed);
        let answer = match &mut self.engine {
            Engine::Sqlite(connection) => execute_sqlite(connection, sql, values),
            Engine::Postgres(link) => link.execute(sql, values),
        };
        self.note(answer)
    }

    /// Runs statements without parameters, uncounted.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        let answer = match &mut self.engine {
            Engine::Sqlite(connection) => connection.execute_batch(sql).map_err(StoreError::from),
            Engine::Postgres(link) => link.batch(sql, !self.in_transaction),
        };
        self.note(answer)
    }

    fn note<T>(&mut self, answer: Result<T>) -> Result<T> {
        if answer.is_err() {
            self.limits_may_fail = true;
            self.wrote_limit = false;
        }
        if let (Err(error), true, None) = (&answer, self.in_transaction, &self.failure) {
            self.failure = Some(error.clone());
        }
        answer
    }
}

impl Tx {
    pub(crate) fn new(reader: Reader) -> Self {
        Self { reader }
    }

    pub(crate) fn into_reader(self) -> Reader {
        self.reader
    }

    /// Runs a writing statement; answers how many rows it touched.
    pub(crate) fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        self.reader.execute(sql, values)
    }

    /// Runs a writing statement with RETURNING; answers its first row.
    pub(crate) fn returning<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.counters.writes.fetch_add(1, Ordering::Relaxed);
        Ok(self.query(sql, values, read)?.into_iter().next())
    }

    /// The row a SELECT finds, kept from others until the transaction ends.
    pub(crate) fn row_to_update<T>(
        &mut self,
        select: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let select = self.dialect().locking(select);
        self.row(&select, values, read)
    }

    /// Runs an INSERT that ends in `ON CONFLICT DO NOTHING`.
    pub(crate) fn insert(&mut self, what: &'static str, sql: &str, values: &[Value<'_>]) -> Result<()> {
        match self.run(sql, values)? {
            0 => Err(StoreError::conflict(what)),
            _ => Ok(()),
        }
    }

    /// Several statements that hold together or leave nothing, within the transaction.
    pub(crate) fn atomic<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.batch("SAVEPOINT part")?;
        let outcome = work(self);
        match &outcome {
            Ok(_) => self.batch("RELEASE SAVEPOINT part")?,
            Err(_) => self.batch("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")?,
        }
        outcome
    }

    pub(crate) fn begin(&mut self) -> Result<()> {
        self.failure = None;
        self.in_transaction = false;
        self.wrote_limit = false;
        let begin = self.dialect().begin();
        self.batch(begin)?;
        self.in_transaction = true;
        Ok(())
    }

    pub(crate) fn commit(&mut self) -> Result<()> {
        if let Some(error) = self.failure.take() {
            self.rollback();
            return Err(error);
        }
        let answer = self.batch("COMMIT");
        match &answer {
            Ok(()) => {
                self.counters.commits.fetch_add(1, Ordering::Relaxed);
                self.in_transaction = false;
                self.limits_may_fail &= !self.wrote_limit;
            }
            Err(_) => self.rollback(),
        }
        answer
    }

    /// Gives up the open transaction. Where even that fails, the connection is closed or the
    /// transaction was over already.
    pub(crate) fn rollback(&mut self) {
        if let Err(error) = self.batch("ROLLBACK") {
            tracing::debug!(%error, "nothing to roll back");
        }
        self.in_transaction = false;
        self.failure = None;
    }

    /// Says that a rate limit was written.
    pub(crate) fn note_limit(&mut self) {
        self.reader.wrote_limit = true;
    }

    /// Whether a rate limit written since was taken back, or stands.
    pub(crate) fn settle_limit(&mut self, before: bool, stands: bool) {
        self.reader.wrote_limit &= before || stands;
    }

    /// Whether the open transaction has written a rate limit.
    pub(crate) fn wrote_limit(&self) -> bool {
        self.reader.wrote_limit
    }

    /// Whether nobody else can be in the middle of writing a rate limit, and the last one written was kept.
    pub(crate) fn limits_are_settled(&self) -> bool {
        self.dialect() == Dialect::Sqlite && !self.limits_may_fail
    }

    /// Whether the database gave the transaction up so that others could go on.
    pub(crate) fn is_aborted(&self) -> bool {
        matches!(self.failure, Some(StoreError::Aborted(_)))
    }

    /// Why the work since the last call must not be kept, if so.
    pub(crate) fn take_failure(&mut self) -> Option<StoreError> {
        self.failure.take()
    }
}

fn query_sqlite<T>(
    connection: &rusqlite::Connection,
    sql: &str,
    values: &[Value<'_>],
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(read(&Row::Sqlite(row))?);
    }
    Ok(out)
}

fn execute_sqlite(connection: &rusqlite::Connection, sql: &str, values: &[Value<'_>]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    let changed = statement.execute(rusqlite::params_from_iter(values))?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}
