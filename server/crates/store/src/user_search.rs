//! Lists of users: ListUsers' filters, and pages.

use domain::{Comparison, Pool, User, UserFilter};

use crate::connection::Reader;
use crate::page::{Page, beyond, parse_position, position};
use crate::value::{Value, params};
use crate::{Result, StoreError};

/// A condition on a column: its SQL, and the parameters `?5` and `?6`.
struct Condition {
    sql: String,
    values: Vec<String>,
}

impl Reader {
    /// Users of a pool, oldest first. `cognito:user_status` ignores case, and so does `username` where the
    /// pool does; all else is compared as it is.
    ///
    /// # Errors
    /// [`StoreError::Position`]; the database's.
    pub fn users(
        &mut self,
        pool: &Pool,
        filter: Option<&UserFilter>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<User>> {
        let (time, username) = parse_position(after)?;
        let condition = match filter {
            Some(filter) => condition(pool, filter)?,
            None => Condition { sql: "1 = 1".to_owned(), values: Vec::new() },
        };
        let sql = format!(
            "SELECT doc FROM users WHERE pool = ?1 AND (created_at, username) > (?2, ?3) AND {}
             ORDER BY created_at, username LIMIT ?4",
            condition.sql
        );
        let mut values = params![&pool.id, time, username, beyond(limit)].to_vec();
        values.extend(condition.values.iter().map(Value::from));
        let rows = self.rows(&sql, &values, |row| {
            let user: User = row.json(0)?;
            Ok((position(user.created_at, user.username.as_str()), user))
        })?;
        Ok(Page::cut(rows, limit))
    }
}

fn condition(pool: &Pool, filter: &UserFilter) -> Result<Condition> {
    let (column, value) = match filter.attribute {
        "status" => return Ok(enabled(filter)),
        "cognito:user_status" => ("status", filter.value.to_uppercase()),
        "username" => ("username", pool.fold_case(&filter.value)),
        "sub" | "email" | "phone_number" | "name" | "given_name" | "family_name" | "preferred_username" => {
            (filter.attribute, filter.value.clone())
        }
        other => {
            return Err(StoreError::Database(format!("no search column for {other}")));
        }
    };
    let (sql, values) = match filter.comparison {
        Comparison::Equals => (format!("{column} = ?5"), vec![value]),
        // A range instead of LIKE: nothing to escape, and an index serves it.
        Comparison::StartsWith if value.is_empty() => (format!("{column} IS NOT NULL"), Vec::new()),
        Comparison::StartsWith => match successor(&value) {
            Some(end) => (format!("{column} >= ?5 AND {column} < ?6"), vec![value, end]),
            None => (format!("{column} >= ?5"), vec![value]),
        },
    };
    Ok(Condition { sql, values })
}

/// `status` is spoken `Enabled` or `Disabled`.
fn enabled(filter: &UserFilter) -> Condition {
    let fits = |word: &str| match filter.comparison {
        Comparison::Equals => word == filter.value,
        Comparison::StartsWith => word.starts_with(&filter.value),
    };
    let sql = match (fits("Enabled"), fits("Disabled")) {
        (true, true) => "1 = 1",
        (true, false) => "enabled = 1",
        (false, true) => "enabled = 0",
        (false, false) => "1 = 0",
    };
    Condition { sql: sql.to_owned(), values: Vec::new() }
}

/// The least text that is greater than every text with this prefix, in order of code points; None
/// where there is no greater one.
fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successors_skip_what_is_no_character() {
        assert_eq!(successor("ab").as_deref(), Some("ac"));
        assert_eq!(successor("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(successor("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10ffff}"), None);
    }
}
