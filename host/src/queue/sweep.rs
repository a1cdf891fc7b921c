use sparkq_store::{ExpireTasks, IndexTasks};

use super::{Error, Queue};

/// The most tasks that one transaction fails.
const AT_ONCE: u32 = 500;

/// How many events one transaction brings into the search: about a millisecond's work.
const EVENTS_AT_ONCE: u32 = 200;

impl Queue {
    /// Fails the running tasks that are past twice their timeout; tells how many. Looks before it writes.
    pub(crate) async fn sweep(&self) -> Result<u32, Error> {
        let mut expired = 0;
        loop {
            let now = self.now();
            let overdue = self.access.read(move |store| Ok(store.is_overdue(now)?));
            if !overdue.await?.value {
                return Ok(expired);
            }
            let limit = AT_ONCE;
            expired += self.access.write(ExpireTasks { limit, now }).await?.value;
        }
    }

    /// Brings the search up to date with what was written since, a part at a time.
    pub(crate) async fn bring_search_up_to_date(&self) -> Result<(), Error> {
        let behind = self.access.read(|store| Ok(store.unsearched()?)).await?;
        let mut behind = behind.value;
        while behind > 0 {
            let limit = EVENTS_AT_ONCE;
            let left = self.access.write(IndexTasks { limit }).await?.value;
            if left >= behind {
                // What is left is of no task, or was purged.
                return Ok(());
            }
            behind = left;
        }
        Ok(())
    }
}
