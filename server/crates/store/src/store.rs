//! The store itself: which database, and how to read and write.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::connection::{Counters, Counts, Reader, Tx};
use crate::postgres_pool::Postgres;
use crate::sqlite::Sqlite;
use crate::{Result, StoreError, migrations};

/// Where the data lies.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file, made when missing; its folder must be there.
    Sqlite(PathBuf),
    /// SQLite in memory, gone with the store: for tests.
    Memory,
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with libpq's parameters (`sslmode`, `sslrootcert`, …). Of
    /// several hosts the first is used that can be reached and takes writes.
    Postgres(String),
}

/// The URL may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => f.debug_tuple("Sqlite").field(file).finish(),
            Self::Memory => f.write_str("Memory"),
            Self::Postgres(_) => f.write_str("Postgres(***)"),
        }
    }
}

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    counters: Arc<Counters>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

type Boxed<On, T, E> = Box<dyn FnOnce(&mut On) -> Result<T, E> + Send>;

type Repeatable<T, E> = Box<dyn Fn(&mut Tx) -> Result<T, E> + Send>;

/// A transaction, boxed as its engine takes it. What closures capture (pools, users) would swell every future that
/// waits for them.
enum Transaction<T, E> {
    /// SQLite's writer is alone, so nothing makes it run one twice.
    Once(Boxed<Tx, T, E>),
    Repeatable(Repeatable<T, E>),
}

impl Store {
    /// Opens the database and brings its schema up to date. Blocks for as long as that takes; may be
    /// called inside or outside of an async runtime.
    ///
    /// # Errors
    /// [`StoreError::Newer`] where a newer release wrote the database; the database's own errors.
    pub fn open(database: &Database) -> Result<Self> {
        Self::open_with(database, migrations::ALL)
    }

    pub(crate) fn open_with(database: &Database, migrations: &[migrations::Migration]) -> Result<Self> {
        let counters = Arc::new(Counters::default());
        let prepare = |tx: &mut Tx| migrations::migrate(tx, migrations);
        let engine = match database {
            Database::Sqlite(file) => Engine::Sqlite(Sqlite::open(Some(file), &counters, prepare)?),
            Database::Memory => Engine::Sqlite(Sqlite::open(None, &counters, prepare)?),
            Database::Postgres(url) => Engine::Postgres(Postgres::open(url, &counters, prepare)?),
        };
        Ok(Self { engine: Arc::new(engine), counters })
    }

    /// Reads what is committed.
    ///
    /// # Errors
    /// The closure's; else the database's.
    pub fn read<T, E>(
        &self,
        f: impl FnOnce(&mut Reader) -> Result<T, E> + Send + 'static,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        // Boxed: what closures capture (pools, users) would swell every future that waits for them.
        let f: Boxed<Reader, T, E> = Box::new(f);
        async move {
            match &*self.engine {
                Engine::Sqlite(sqlite) => sqlite.read(f).await,
                Engine::Postgres(postgres) => postgres.read(f).await,
            }
        }
    }

    /// Runs a transaction. An answer means that it is on the disk; an `Err` that nothing of it is
    /// (but for a connection that broke in the middle of PostgreSQL's COMMIT: nobody knows then).
    /// A statement of the database's that failed fails the transaction, whatever the closure makes of
    /// it; [`StoreError::Conflict`] is no such failure and may be handled within.
    ///
    /// Where PostgreSQL ends a transaction so that others can go on (a deadlock, a serialization failure), a clone of
    /// the closure is run again, a few times; so it must do nothing but ask and change the database.
    ///
    /// # Errors
    /// The closure's; else the database's.
    pub fn write<T, E>(
        &self,
        f: impl FnOnce(&mut Tx) -> Result<T, E> + Clone + Send + 'static,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let transaction: Transaction<T, E> = match &*self.engine {
            Engine::Sqlite(_) => Transaction::Once(Box::new(f)),
            Engine::Postgres(_) => Transaction::Repeatable(Box::new(move |tx| f.clone()(tx))),
        };
        async move {
            match (&*self.engine, transaction) {
                (Engine::Sqlite(sqlite), Transaction::Once(f)) => sqlite.write(f).await,
                (Engine::Sqlite(sqlite), Transaction::Repeatable(f)) => sqlite.write(f).await,
                (Engine::Postgres(postgres), Transaction::Repeatable(f)) => postgres.write(f).await,
                (Engine::Postgres(_), Transaction::Once(_)) => Err(E::from(StoreError::Closed)),
            }
        }
    }

    /// Makes the database's file hold everything, where it is a file: what is copied of it alone then is whole. To be
    /// asked for when nothing else will be.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process holds a part back; the database's.
    pub async fn checkpoint(&self) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.checkpoint().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Gives back to the system what sweeping has freed of the database's file, a bounded part of it at a time.
    ///
    /// # Errors
    /// The database's.
    pub async fn shrink(&self) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(Tx::shrink).await,
            // It reuses what its own vacuum frees.
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Statements and commits so far.
    pub fn counts(&self) -> Counts {
        self.counters.now()
    }
}
