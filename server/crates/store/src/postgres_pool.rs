//! PostgreSQL: a pool of connections, used from blocking threads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, Statement};
use tokio::sync::Semaphore;

use crate::connection::{Counters, Engine, Reader, Tx};
use crate::dialect::Dialect;
use crate::postgres_tls::Connector;
use crate::postgres_url::PostgresUrl;
use crate::value::Value;
use crate::{Result, StoreError};

/// Connections at once; more callers wait.
const CONNECTIONS: usize = 32;
/// How often a transaction is run at most that PostgreSQL keeps giving up for the sake of others.
const MOST_RUNS: u32 = 5;
/// Prepared statements kept per connection; texts are few, this only bounds a mistake.
const STATEMENTS: usize = 512;

/// Where to connect, and how.
pub(crate) struct Target {
    url: PostgresUrl,
    tls: Connector,
}

impl Target {
    fn new(url: &str) -> Result<Self> {
        let url = PostgresUrl::parse(url).map_err(StoreError::Url)?;
        let tls = Connector::new(&url.tls).map_err(StoreError::Url)?;
        Ok(Self { url, tls })
    }

    fn connect(&self) -> Result<Client> {
        let mut client = self.url.connect(&self.tls)?;
        client.batch_execute(Dialect::Postgres.session_setup_sql())?;
        Ok(client)
    }
}

/// One connection, remade when the server has dropped it.
pub(crate) struct Link {
    target: Arc<Target>,
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Link {
    fn connect(target: Arc<Target>) -> Result<Self> {
        let client = target.connect()?;
        Ok(Self { target, client, statements: HashMap::new() })
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&Dialect::Postgres.statement(sql))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Whether the connection is of no more use. The server's farewell may arrive before its hanging up.
    fn is_lost(&self, error: &postgres::Error) -> bool {
        let farewells = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW];
        self.client.is_closed() || error.code().is_some_and(|code| farewells.contains(code))
    }

    /// Runs `work`; where the connection turns out to be dead and nothing is lost by it (`alone`:
    /// outside a transaction), once more on a new one.
    fn attempt<T>(&mut self, alone: bool, mut work: impl FnMut(&mut Self) -> Result<T, postgres::Error>) -> Result<T> {
        match work(self) {
            Err(error) if alone && self.is_lost(&error) => {
                tracing::debug!(%error, "connecting to PostgreSQL anew");
                self.client = self.target.connect()?;
                self.statements.clear();
                Ok(work(self)?)
            }
            answer => Ok(answer?),
        }
    }

    pub(crate) fn query(&mut self, sql: &str, values: &[Value<'_>], alone: bool) -> Result<Vec<postgres::Row>> {
        let values = borrowed(values);
        self.attempt(alone, |link| {
            let statement = link.statement(sql)?;
            link.client.query(&statement, &values)
        })
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let values = borrowed(values);
        self.attempt(false, |link| {
            let statement = link.statement(sql)?;
            link.client.execute(&statement, &values)
        })
    }

    pub(crate) fn batch(&mut self, sql: &str, alone: bool) -> Result<()> {
        self.attempt(alone, |link| link.client.batch_execute(sql))
    }
}

fn borrowed<'a>(values: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

pub(crate) struct Postgres {
    pool: Arc<Pool>,
}

struct Pool {
    target: Arc<Target>,
    idle: Mutex<Vec<Reader>>,
    permits: Arc<Semaphore>,
    counters: Arc<Counters>,
}

impl Postgres {
    /// Connects once and prepares the schema. Blocks; may be called from anywhere.
    pub(crate) fn open(
        url: &str,
        counters: &Arc<Counters>,
        prepare: impl FnOnce(&mut Tx) -> Result<()> + Send,
    ) -> Result<Self> {
        let pool = Pool {
            target: Arc::new(Target::new(url)?),
            idle: Mutex::new(Vec::new()),
            permits: Arc::new(Semaphore::new(CONNECTIONS)),
            counters: Arc::clone(counters),
        };
        // The driver runs a small executor of its own and would refuse to within another.
        std::thread::scope(|scope| {
            let first = scope.spawn(|| {
                let mut tx = Tx::new(pool.take()?);
                prepare(&mut tx)?;
                pool.give_back(tx.into_reader());
                Ok(())
            });
            first.join().unwrap_or_else(|_| Err(StoreError::Database("the start panicked".to_owned())))
        })?;
        Ok(Self { pool: Arc::new(pool) })
    }

    pub(crate) async fn read<T, E>(&self, f: impl FnOnce(&mut Reader) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.on_a_connection(|mut reader| {
            let outcome = f(&mut reader);
            (reader, outcome)
        })
        .await
    }

    pub(crate) async fn write<T, E>(&self, f: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.on_a_connection(move |reader| {
            let mut tx = Tx::new(reader);
            let outcome = transact(&mut tx, &f);
            (tx.into_reader(), outcome)
        })
        .await
    }

    async fn on_a_connection<T, E>(
        &self,
        work: impl FnOnce(Reader) -> (Reader, Result<T, E>) + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.pool.permits).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let pool = Arc::clone(&self.pool);
        tokio::task::spawn_blocking(move || {
            let reader = pool.take()?;
            // The connection of a closure that panicked goes down with it, and its transaction with the connection.
            let (reader, outcome) = panics::catch(|| work(reader)).map_err(StoreError::from)?;
            pool.give_back(reader);
            drop(permit);
            outcome
        })
        .await
        .unwrap_or_else(|_| Err(E::from(StoreError::Closed)))
    }
}

/// Runs a transaction, and again where PostgreSQL gave it up for the sake of others. At once: one of those that were in
/// each other's way has gone on, and its locks make the others wait for it.
fn transact<T, E: From<StoreError>>(tx: &mut Tx, f: &impl Fn(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    let mut runs = 1;
    loop {
        match transact_once(tx, f) {
            Ok(value) => return Ok(value),
            Err((_, true)) if runs < MOST_RUNS => runs += 1,
            Err((error, _)) => return Err(error),
        }
    }
}

/// The same once; an error comes with whether running again may help.
fn transact_once<T, E: From<StoreError>>(tx: &mut Tx, f: &impl Fn(&mut Tx) -> Result<T, E>) -> Result<T, (E, bool)> {
    let with_advice = |error: StoreError| {
        let again = matches!(error, StoreError::Aborted(_));
        (E::from(error), again)
    };
    tx.begin().map_err(with_advice)?;
    match f(tx) {
        Ok(value) => tx.commit().map(|()| value).map_err(with_advice),
        Err(error) => {
            let again = tx.is_aborted();
            tx.rollback();
            Err((error, again))
        }
    }
}

impl Pool {
    fn take(&self) -> Result<Reader> {
        if let Some(reader) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(reader);
        }
        let link = Link::connect(Arc::clone(&self.target))?;
        Ok(Reader::new(Engine::Postgres(Box::new(link)), Arc::clone(&self.counters)))
    }

    fn give_back(&self, reader: Reader) {
        if let Engine::Postgres(link) = &reader.engine
            && !link.client.is_closed()
        {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let idle = std::mem::take(self.idle.get_mut().unwrap_or_else(PoisonError::into_inner));
        // Closing runs the driver's executor, which must not happen on an async thread.
        std::thread::spawn(move || drop(idle));
    }
}
