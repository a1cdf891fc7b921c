//! A read transaction, as [`Read`].

use rusqlite::{Connection, Transaction};
use sparkq_core::wire::{Bucket, Claimed, Event, List, Overview, Purged, Session, Stream, Task};
use sparkq_core::{PluginRecord, Script, SessionId, StreamId, TaskId, Time};

use super::{
    catalogue, claim, expire, lookup, overview, project, purge, requests, search, session, stats,
    stream, tasks,
};
use crate::error::{Error, Fault};
use crate::read::{Lane, Page, Project, Read, StatsQuery, TaskFilter, TaskQuery, TaskRecord};
use crate::request::{Queued, RequestKey};

/// Ends with the value, so that the WAL never has to keep what it looked at for longer.
pub(super) struct Snapshot<'a>(Transaction<'a>);

impl<'a> Snapshot<'a> {
    pub(super) fn begin(conn: &'a Connection) -> Result<Self, Fault> {
        Ok(Self(conn.unchecked_transaction()?))
    }
}

impl Read for Snapshot<'_> {
    fn last_seq(&self) -> Result<i64, Fault> {
        overview::last_seq(&self.0)
    }

    fn project(&self) -> Result<Option<Project>, Fault> {
        project::read(&self.0)
    }

    fn sessions(&self, page: Page) -> Result<List<Session>, Fault> {
        session::list(&self.0, page)
    }

    fn session(&self, given: &str) -> Result<Session, Error> {
        lookup::session(&self.0, given)
    }

    fn streams(&self, session: Option<&str>, page: Page) -> Result<List<Stream>, Error> {
        stream::list(&self.0, session, page)
    }

    fn stream(&self, given: &str) -> Result<Stream, Error> {
        stream::get(&self.0, given)
    }

    fn active_streams(&self, session: &SessionId) -> Result<Vec<StreamId>, Fault> {
        stream::active(&self.0, session)
    }

    fn lane(&self, stream: &StreamId) -> Result<Option<Lane>, Fault> {
        stream::lane(&self.0, stream)
    }

    fn streams_with_work(&self) -> Result<Vec<(String, u64)>, Fault> {
        stream::with_work(&self.0)
    }

    fn peek(&self, stream: &str) -> Result<Option<Claimed>, Error> {
        claim::peek(&self.0, stream)
    }

    fn tasks(&self, query: &TaskQuery) -> Result<List<Task>, Error> {
        tasks::list(&self.0, query)
    }

    fn queued_by(&self, key: &RequestKey) -> Result<Option<Queued>, Error> {
        requests::queued(&self.0, key)
    }

    fn answered(&self, key: &RequestKey) -> Result<Option<Vec<TaskId>>, Error> {
        requests::answered(&self.0, key)
    }

    fn count_finished(&self, filter: &TaskFilter) -> Result<u64, Error> {
        purge::count(&self.0, filter)
    }

    fn count_leftovers(&self, ended_before: Time) -> Result<Purged, Fault> {
        purge::count_leftovers(&self.0, ended_before)
    }

    fn requeueable(&self, filter: &TaskFilter, limit: u32) -> Result<Vec<TaskId>, Error> {
        tasks::requeueable(&self.0, filter, limit)
    }

    fn is_overdue(&self, now: Time) -> Result<bool, Fault> {
        expire::is_overdue(&self.0, now)
    }

    fn stats(&self, query: &StatsQuery) -> Result<Vec<Bucket>, Error> {
        stats::stats(&self.0, query)
    }

    fn unsearched(&self) -> Result<i64, Fault> {
        search::unsearched(&self.0)
    }

    fn first_seq(&self) -> Result<Option<i64>, Fault> {
        tasks::first_seq(&self.0)
    }

    fn task(&self, given: &str) -> Result<TaskRecord, Error> {
        tasks::record(&self.0, given)
    }

    fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Fault> {
        tasks::events_after(&self.0, after, limit)
    }

    fn overview(&self, now: Time) -> Result<Overview, Fault> {
        overview::overview(&self.0, now)
    }

    fn plugins(&self) -> Result<Vec<PluginRecord>, Fault> {
        catalogue::plugins(&self.0)
    }

    fn scripts(&self) -> Result<Vec<Script>, Fault> {
        catalogue::scripts(&self.0)
    }
}
