//! A read transaction, as [`Read`].

use rusqlite::Connection;
use sparkq_core::wire::{
    Claimed, Event, List, Overview, PluginFaults, PluginLine, Purged, Session, Stats, Stream, Task,
};
use sparkq_core::{PluginRecord, Script, SessionId, Status, StreamId, TaskId, Time};

use super::{
    Open, catalogue, claim, expire, lookup, overview, plugin_faults, plugin_log, project, purge,
    requests, search, session, stats, stream, tasks,
};
use crate::error::{Error, Fault};
use crate::read::{
    Lane, Page, PluginLog, Project, Read, StatsQuery, TaskFilter, TaskQuery, TaskRecord,
};
use crate::request::{PurgeState, Queued, RequestKey};

/// Ends with the value, so that the WAL never has to keep what it looked at for longer.
pub(super) struct Snapshot<'a> {
    conn: &'a Connection,
    _open: Open<'a>,
}

impl<'a> Snapshot<'a> {
    pub(super) fn begin(conn: &'a Connection) -> Result<Self, Fault> {
        Ok(Self {
            conn,
            _open: Open::begin(conn, "BEGIN")?,
        })
    }
}

impl Read for Snapshot<'_> {
    fn last_seq(&self) -> Result<i64, Fault> {
        overview::last_seq(self.conn)
    }

    fn project(&self) -> Result<Option<Project>, Fault> {
        project::read(self.conn)
    }

    fn sessions(&self, page: Page) -> Result<List<Session>, Fault> {
        session::list(self.conn, page)
    }

    fn session(&self, given: &str) -> Result<Session, Error> {
        lookup::session(self.conn, given)
    }

    fn streams(&self, session: Option<&str>, page: Page) -> Result<List<Stream>, Error> {
        stream::list(self.conn, session, page)
    }

    fn stream(&self, given: &str) -> Result<Stream, Error> {
        stream::get(self.conn, given)
    }

    fn stream_id(&self, given: &str) -> Result<StreamId, Error> {
        Ok(lookup::stream(self.conn, given)?.id)
    }

    fn active_streams(&self, session: &SessionId) -> Result<Vec<StreamId>, Fault> {
        stream::active(self.conn, session)
    }

    fn lane(&self, stream: &StreamId) -> Result<Option<Lane>, Fault> {
        stream::lane(self.conn, stream)
    }

    fn streams_with_work(&self) -> Result<Vec<(String, u64)>, Fault> {
        stream::with_work(self.conn)
    }

    fn peek(&self, stream: &str) -> Result<Option<Claimed>, Error> {
        claim::peek(self.conn, stream)
    }

    fn tasks(&self, query: &TaskQuery) -> Result<List<Task>, Error> {
        tasks::list(self.conn, query)
    }

    fn queued_by(&self, key: &RequestKey) -> Result<Option<Queued>, Error> {
        requests::queued(self.conn, key)
    }

    fn answered(&self, key: &RequestKey) -> Result<Option<Vec<TaskId>>, Error> {
        requests::answered(self.conn, key)
    }

    fn purged_by(&self, key: &RequestKey) -> Result<Option<PurgeState>, Error> {
        requests::purged(self.conn, key)
    }

    fn noted(&self, key: &RequestKey) -> Result<Option<String>, Error> {
        requests::noted(self.conn, key)
    }

    fn count_finished(&self, filter: &TaskFilter) -> Result<u64, Error> {
        purge::count(self.conn, filter)
    }

    fn count_leftovers(&self, ended_before: Time) -> Result<Purged, Fault> {
        purge::count_leftovers(self.conn, ended_before)
    }

    fn requeueable(&self, filter: &TaskFilter, limit: u32) -> Result<Vec<TaskId>, Error> {
        tasks::requeueable(self.conn, filter, limit)
    }

    fn is_overdue(&self, now: Time) -> Result<bool, Fault> {
        expire::is_overdue(self.conn, now)
    }

    fn stats(&self, query: &StatsQuery) -> Result<Stats, Error> {
        stats::stats(self.conn, query)
    }

    fn unsearched(&self) -> Result<i64, Fault> {
        search::unsearched(self.conn)
    }

    fn first_seq(&self) -> Result<Option<i64>, Fault> {
        tasks::first_seq(self.conn)
    }

    fn running(&self, given: &str) -> Result<Option<Task>, Error> {
        let task = lookup::task(self.conn, given)?;
        Ok((task.status == Status::Running).then_some(task))
    }

    fn task(&self, given: &str) -> Result<TaskRecord, Error> {
        tasks::record(self.conn, given)
    }

    fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Fault> {
        tasks::events_after(self.conn, after, limit)
    }

    fn overview(&self, now: Time) -> Result<Overview, Fault> {
        overview::overview(self.conn, now)
    }

    fn plugin_faults(&self) -> Result<Vec<PluginFaults>, Fault> {
        plugin_faults::all(self.conn)
    }

    fn plugin_log(&self, query: &PluginLog) -> Result<List<PluginLine>, Fault> {
        plugin_log::read(self.conn, query)
    }

    fn plugins(&self) -> Result<Vec<PluginRecord>, Fault> {
        catalogue::plugins(self.conn)
    }

    fn scripts(&self) -> Result<Vec<Script>, Fault> {
        catalogue::scripts(self.conn)
    }
}
