//! One suite for every database: a SQLite file, SQLite in memory, PostgreSQL.
//!
//! Each case gets an empty database of its own. PostgreSQL's cases share one cluster and so one test.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

extern crate latchkey_store as store;

mod brands;
mod concurrency;
mod directory;
mod documents;
mod hostile;
mod migrations;
mod outbox;
mod postgres_only;
mod postgres_tls;
mod proofs;
mod search;
mod things;
mod unknown;
mod users;

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use store::{Database, Store};
use test_postgres::Cluster;

/// A database of one case's own.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) database: Database,
}

impl Fixture {
    fn new(database: Database) -> Self {
        Self { store: Store::open(&database).unwrap(), database }
    }

    /// Runs SQL beside the store, over a connection of its own. Not for databases in memory.
    pub(crate) fn raw(&self, sql: &str) {
        match &self.database {
            Database::Sqlite(file) => rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap(),
            Database::Memory => panic!("a database in memory has one connection"),
            Database::Postgres(url) => {
                let (url, sql) = (url.clone(), sql.to_owned());
                let run =
                    move || postgres::Client::connect(&url, postgres::NoTls).unwrap().batch_execute(&sql).unwrap();
                std::thread::spawn(run).join().unwrap();
            }
        }
    }
}

impl Fixture {
    /// The first column of the first row of a SELECT, as [`Fixture::raw`] runs it.
    pub(crate) fn raw_text(&self, sql: &str) -> String {
        match &self.database {
            Database::Sqlite(file) => {
                rusqlite::Connection::open(file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
            }
            Database::Memory => panic!("a database in memory has one connection"),
            Database::Postgres(url) => {
                let (url, sql) = (url.clone(), sql.to_owned());
                let query = move || {
                    postgres::Client::connect(&url, postgres::NoTls).unwrap().query_one(&sql, &[]).unwrap().get(0)
                };
                std::thread::spawn(query).join().unwrap()
            }
        }
    }
}

type Case = fn(Fixture) -> Pin<Box<dyn Future<Output = ()>>>;

fn run(database: Database, case: Case) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(case(Fixture::new(database)));
}

fn run_on_file(case: Case) {
    let folder = tempfile::tempdir().unwrap();
    run(Database::Sqlite(folder.path().join("store.db")), case);
}

/// Runs all cases, each in a schema of its own, and names those that failed.
fn run_on_postgres(cases: &[(&str, Case)]) {
    let cluster = Cluster::given_or_started().unwrap();
    let mut admin = postgres::Client::connect(cluster.url(), postgres::NoTls).unwrap();
    let mut failed = Vec::new();
    for (number, (name, case)) in cases.iter().enumerate() {
        let schema = format!("conformance_{}_{number}", std::process::id());
        admin.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
        let separator = if cluster.url().contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}application_name={schema}&options=-c%20search_path%3D{schema}", cluster.url());
        if catch_unwind(AssertUnwindSafe(|| run(Database::Postgres(url), *case))).is_err() {
            failed.push(*name);
        }
        admin.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).unwrap();
    }
    assert!(failed.is_empty(), "on PostgreSQL: {failed:?}");
}

macro_rules! conformance {
    (all: $($module:ident::$case:ident)*; durable: $($durable_module:ident::$durable:ident)*;) => {
        const CASES: &[(&str, Case)] = &[
            $((stringify!($case), |fixture| Box::pin($module::$case(fixture))),)*
            $((stringify!($durable), |fixture| Box::pin($durable_module::$durable(fixture))),)*
            ("reconnects_when_the_server_hangs_up", |fixture| Box::pin(postgres_only::reconnects(fixture))),
            ("gives_up_after_a_few_runs", |fixture| Box::pin(postgres_only::gives_up_after_a_few_runs(fixture))),
            ("runs_again_after_a_deadlock", |fixture| Box::pin(postgres_only::runs_again_after_a_deadlock(fixture))),
        ];

        #[test]
        fn on_postgres() {
            run_on_postgres(CASES);
        }

        mod memory {
            $(#[test] fn $case() {
                super::run(store::Database::Memory, |fixture| Box::pin(super::$module::$case(fixture)));
            })*
        }

        mod file {
            $(#[test] fn $case() {
                super::run_on_file(|fixture| Box::pin(super::$module::$case(fixture)));
            })*
            $(#[test] fn $durable() {
                super::run_on_file(|fixture| Box::pin(super::$durable_module::$durable(fixture)));
            })*
        }
    };
}

conformance! {
    all:
        directory::pools_round_trip
        directory::pools_page_in_order_of_creation
        directory::a_kept_app_is_given_back_until_it_changes
        directory::clients_are_unique_over_all_pools
        directory::signing_keys_retire
        directory::data_keys_are_replaced_together
        directory::access_keys_round_trip
        directory::groups_and_members
        directory::devices_round_trip
        directory::deleting_a_pool_leaves_nothing
        brands::brands_round_trip
        brands::a_client_has_one_brand_of_a_kind
        brands::pictures_live_as_long_as_a_brand_names_them
        brands::pictures_are_found_by_their_hash
        users::users_are_found_by_every_name
        users::names_belong_to_one_user
        users::names_taken_at_once_belong_to_one_user
        users::a_refused_user_leaves_nothing
        users::updates_keep_names_and_columns_in_step
        users::a_name_moves
        users::deleting_a_user_takes_what_is_its_own
        users::unknown_names_cost_as_much
        search::filters
        search::pages_without_gaps_or_repeats
        proofs::codes_are_taken_once
        proofs::rate_limits_work_for_anyone
        proofs::ids_are_consumed_once
        proofs::revocations_and_families
        proofs::grants_notice_reuse
        proofs::federation_states_are_consumed_once
        proofs::sessions_expire
        proofs::sweep_forgets_what_expired_and_nothing_else
        outbox::messages_leave_once
        outbox::a_lease_that_ended_is_taken_over
        outbox::failures_are_tried_again_and_end_as_dead_letters
        outbox::what_is_of_no_more_use_is_not_sent
        outbox::one_of_many_leases_each_message
        documents::documents_round_trip
        documents::domains_are_unique
        documents::meta_round_trips
        hostile::strings_come_back_as_they_went
        hostile::nul_is_refused_cleanly
        hostile::malformed_positions_are_refused
        concurrency::errors_roll_back_only_themselves
        concurrency::swallowed_failures_are_not_committed
        concurrency::panics_harm_nobody_else
        concurrency::panics_roll_back
        concurrency::no_update_is_lost
        concurrency::first_updates_are_not_lost_either
        concurrency::one_of_many_takes
        concurrency::one_of_many_inserts
        concurrency::counts_add_up;
    durable:
        concurrency::acknowledged_writes_are_seen_from_outside
        migrations::opening_again_keeps_everything
        migrations::an_older_database_is_brought_up_to_date
        migrations::a_newer_database_is_refused
        unknown::newer_settings_survive_an_update
        unknown::lists_keep_what_they_did_not_show_until_shortened
        unknown::words_that_protect_are_not_read_around
        unknown::every_document_keeps_newer_members;
}
