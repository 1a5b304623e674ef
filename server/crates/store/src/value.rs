//! Parameters and rows, the same over both databases.

use std::fmt;

use domain::{ClientId, DeviceKey, GroupName, PoolId, Sealed, Sub, Username};
use jiff::Timestamp;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::unknown::{self, Original};
use crate::{Result, StoreError};

/// One parameter of a statement.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// Parameters may be secret: none is ever printed.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The parameters `?1`, `?2`, … of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::value::Value::from($value)),*] };
}
pub(crate) use params;

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.as_millisecond())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a> From<&'a Sealed> for Value<'a> {
    fn from(value: &'a Sealed) -> Self {
        Self::Bytes(&value.0)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ty),*) => { $(
        impl<'a> From<&'a $id> for Value<'a> {
            fn from(value: &'a $id) -> Self {
                Self::Text(value.as_str())
            }
        }
    )* };
}
ids!(PoolId, ClientId, Sub, Username, GroupName, DeviceKey);

/// Refuses what one of the databases would refuse, in both.
pub(crate) fn check(values: &[Value<'_>]) -> Result<()> {
    let has_nul = |value: &Value<'_>| matches!(value, Value::Text(text) if text.contains('\0'));
    if values.iter().any(has_nul) { Err(StoreError::Nul) } else { Ok(()) }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {
            Self::Null => Ok(IsNull::Yes),
            // A parameter that meets no column but a literal is an INT4 to PostgreSQL.
            Self::Int(value) if *kind == Type::INT4 => i32::try_from(value)?.to_sql(kind, out),
            Self::Int(value) => value.to_sql(kind, out),
            Self::Text(value) => value.to_sql(kind, out),
            Self::Bytes(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Every integer column is BIGINT, every text TEXT, every byte string BYTEA: `crate::dialect`.
        true
    }

    postgres::types::to_sql_checked!();
}

/// One row of an answer; columns count from 0.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    pub(crate) fn int(&self, column: usize) -> Result<i64> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(unreadable),
            Self::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    pub(crate) fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(unreadable),
            Self::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    pub(crate) fn str(&self, column: usize) -> Result<&str> {
        match self {
            Self::Sqlite(row) => {
                row.get_ref(column).map_err(unreadable).and_then(|value| value.as_str().map_err(unreadable))
            }
            Self::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Result<String> {
        self.str(column).map(str::to_owned)
    }

    pub(crate) fn opt_text(&self, column: usize) -> Result<Option<String>> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(unreadable),
            Self::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    pub(crate) fn opt_bytes(&self, column: usize) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(unreadable),
            Self::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(unreadable),
            Self::Postgres(row) => row.try_get(column).map_err(unreadable),
        }
    }

    pub(crate) fn time(&self, column: usize) -> Result<Timestamp> {
        Timestamp::from_millisecond(self.int(column)?).map_err(unreadable)
    }

    pub(crate) fn opt_time(&self, column: usize) -> Result<Option<Timestamp>> {
        self.opt_int(column)?.map(Timestamp::from_millisecond).transpose().map_err(unreadable)
    }

    /// A JSON document, as far as this version knows it.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: usize) -> Result<T> {
        unknown::read(self.str(column)?)
    }

    /// A JSON document that is to be changed.
    pub(crate) fn json_to_update<T: Serialize + DeserializeOwned>(&self, column: usize) -> Result<(T, Original)> {
        Original::read(self.str(column)?)
    }
}

fn unreadable(error: impl fmt::Display) -> StoreError {
    StoreError::Unreadable(error.to_string())
}
